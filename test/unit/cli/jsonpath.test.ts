import { describe, expect, it } from 'vitest';
import { compilePath, compileTemplate } from '../../../src/jsonpath/jsonpath.ts';

const pods = {
  kind: 'List',
  items: [
    {
      kind: 'None',
      metadata: { name: '127.0.0.1', labels: { 'kubernetes.io/hostname': '127.0.0.1' } },
      status: {
        capacity: { cpu: '4' },
        addresses: [{ type: 'LegacyHostIP', address: '127.0.0.1' }],
      },
    },
    {
      kind: 'None',
      metadata: { name: '127.0.0.2' },
      status: {
        capacity: { cpu: '8' },
        addresses: [
          { type: 'LegacyHostIP', address: '127.0.0.2' },
          { type: 'another', address: '127.0.0.3' },
        ],
      },
    },
  ],
  users: [
    { name: 'myself', user: {} },
    { name: 'e2e', age: 7, user: { username: 'admin', password: 'secret' } },
  ],
};

describe('jsonpath templates', () => {
  it.each([
    ['text', 'kind is {.kind}', 'kind is List'],
    ['a range without end', '{range .users[*]}{.name} ', 'myself e2e  '],
    ['nothing as the current object', '{range .users[:1]}{}{end}', '{"name":"myself","user":{}}'],
    ['escapes of Go', String.raw`{"\u00e9\x41\101\U0001F600\t|"}{'it\'s'}`, "éAA😀\t|it's"],
    ['the current object', '{@.kind}|{$.kind}', 'List|List'],
    ['a field', '{.kind}', 'List'],
    ['a child in brackets', "{['kind']}", 'List'],
    ['recursive descent', '{..name}', '127.0.0.1 127.0.0.2 myself e2e'],
    ['a wildcard', '{.items[*].metadata.name}', '127.0.0.1 127.0.0.2'],
    ['an index', '{.users[0].name}', 'myself'],
    ['a negative index', '{.users[-1].name}', 'e2e'],
    ['a slice', '{.users[0:1].name}', 'myself'],
    ['a slice with a step', '{.users[0:2:2].name}', 'myself'],
    [
      'a union',
      "{.items[*]['metadata.name', 'status.capacity']}",
      '127.0.0.1 127.0.0.2 {"cpu":"4"} {"cpu":"8"}',
    ],
    ['a union of fields', "{.users[1].user['username','password']}", 'admin secret'],
    ['a union of indices', '{.users[0,1].name}', 'myself e2e'],
    ['a filter', '{.users[?(@.name=="e2e")].user.password}', 'secret'],
    ['a filter by number', '{.users[?(@.age>6)].name}', 'e2e'],
    ['a filter for presence', '{.users[?(@.age)].name}', 'e2e'],
    ['a filter that excludes', "{.users[?(@.name!='e2e')].name}", 'myself'],
    ['a filter with a nested path', "{.items[?(@.status.capacity.cpu=='8')].metadata.name}", '127.0.0.2'],
    [
      'a range',
      '{range .items[*]}[{.metadata.name}, {.status.capacity.cpu}] {end}',
      '[127.0.0.1, 4] [127.0.0.2, 8] ',
    ],
    ['quoted text with escapes', '{.kind}{"\\t"}{\'\\n\'}', 'List\t\n'],
    ['an escaped dot', '{.items[0].metadata.labels.kubernetes\\.io/hostname}', '127.0.0.1'],
    [
      'a quoted name with an escaped dot',
      "{.items[0].metadata.labels['kubernetes\\.io/hostname']}",
      '127.0.0.1',
    ],
    ['an object as JSON', '{.items[0].status.capacity}', '{"cpu":"4"}'],
    ['a missing field as nothing', '<{.missing.deeper}>', '<>'],
    ['an inherited property as nothing', '<{.constructor}{.items.length}>', '<>'],
    [
      'a range within a range',
      '{range .items[*]}{.metadata.name}:{range .status.addresses[*]}{.type},{end};{end}',
      '127.0.0.1:LegacyHostIP,;127.0.0.2:LegacyHostIP,another,;',
    ],
  ])('print %s', (_name, template, printed) => {
    expect(compileTemplate(template)(pods)).toBe(printed);
  });

  it.each([
    ['an unclosed action', '{.kind', /unclosed "\{"/],
    ['an end without range', '{.kind}{end}', /without a range/],
    ['an unclosed bracket', '{.items[0}', /expected "\]"/],
    ['an escape that is none', String.raw`{"\q"}`, /an escape that is none/],
    ['half an escape', String.raw`{"\u00"}`, /an escape that is none/],
    ['an unclosed quote', '{"abc}', /unclosed quote/],
    ['an unclosed filter', '{.users[?(@.name=="e2e"]}', /expected "\)\]"/],
  ])('refuse %s, saying where', (_name, template, problem) => {
    expect(() => compileTemplate(template)).toThrow(problem);
  });

  it('refuse an index outside of the array, as kubectl does', () => {
    expect(() => compileTemplate('{.users[7].name}')(pods)).toThrow('index 7, length 2');
  });
});

describe('custom column paths', () => {
  it.each([
    ['with a dot', '.kind'],
    ['without', 'kind'],
    ['in braces', '{.kind}'],
  ])('are taken %s', (_name, path) => {
    expect(compilePath(path)(pods)).toEqual(['List']);
  });
});
