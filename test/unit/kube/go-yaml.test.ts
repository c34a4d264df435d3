import { describe, expect, it } from 'vitest';
import { GoYamlError, jsonOrYaml } from '../../../src/kube/go-yaml.ts';

/** What sigs.k8s.io/yaml 1.6.0 made of the same texts: JSON, or a refusal. */
const recorded: [name: string, text: string, json: string | undefined][] = [
  [
    'booleans',
    'a: yes\nb: No\nc: on\nd: OFF\ne: y\nf: N\ng: true\nh: tRue\n',
    '{"a":true,"b":false,"c":true,"d":false,"e":true,"f":false,"g":true,"h":"tRue"}',
  ],
  [
    'numbers',
    'a: 1\nb: 010\nc: 0x1F\nd: 1_000\ne: 08\ng: -5\nh: +7\nl: 1e3\nm: .5\no: 1.\np: -0x10\nq: 0b11\nr: 0o17\n',
    '{"a":1,"b":8,"c":31,"d":1000,"e":8,"g":-5,"h":7,"l":1000,"m":0.5,"o":1,"p":-16,"q":3,"r":15}',
  ],
  [
    'neither base 60 nor times are numbers',
    'i: 1:30\nj: 190:20:30.15\nk: 2001-01-01\n',
    '{"i":"1:30","j":"190:20:30.15","k":"2001-01-01"}',
  ],
  [
    'nulls',
    'a: ~\nb:\nc: null\nd: Null\ne: ""\nf: "yes"\n',
    '{"a":null,"b":null,"c":null,"d":null,"e":"","f":"yes"}',
  ],
  ['a key twice', 'a: 1\na: 2\n', '{"a":2}'],
  [
    'merge keys, which count where they stand',
    'x: &x {a: 1, b: 2}\nv:\n  <<: *x\n  b: 3\nz:\n  b: 3\n  <<: *x\n',
    '{"x":{"a":1,"b":2},"v":{"a":1,"b":3},"z":{"b":2,"a":1}}',
  ],
  [
    'a merge key of several, of which the first wins',
    'x: &x {a: 1}\nw: &w {a: 5, c: 6}\nv:\n  <<: [*x, *w]\n  d: 1\n',
    '{"x":{"a":1},"w":{"a":5,"c":6},"v":{"a":1,"c":6,"d":1}}',
  ],
  ['a merge key without a mapping', 'v:\n  <<: 5\n', undefined],
  ['a quoted merge key', 'v:\n  "<<": {a: 1}\n', '{"v":{"<<":{"a":1}}}'],
  ['what comes after the first document', 'a: 1\n---\nb: [\n', '{"a":1}'],
  ['nothing', '', 'null'],
  ['a comment', '---\n# nothing\n', 'null'],
  [
    'tags',
    'a: !!str yes\nb: !!binary aGk=\nc: !!int "5"\nd: !foo bar\ne: ! yes\n',
    '{"a":"yes","b":"hi","c":5,"d":"bar","e":"yes"}',
  ],
  ['keys that are no texts', 'yes: 1\n5: 2\n', '{"5":2,"true":1}'],
  ['a null key', 'null: 3\n', undefined],
  ['tabs between', 'a:\tb\nc: [\t1,\t2]\n', '{"a":"b","c":[1,2]}'],
  ['tabs as indentation', 'a:\n\tb: 1\n', undefined],
  ['tabs in JSON', '{\n\t"a":\t1\n}\n', '{"a":1}'],
  ['an anchor within itself', 'a: &a [*a]\n', undefined],
  ['an anchor that is not there', 'a: *nope\n', undefined],
  ['a byte order mark', '\uFEFFa: 1\n', '{"a":1}'],
  ['a colon too many', 'a: b: c\n', undefined],
  ['a directive', '%YAML 1.1\n---\na: yes\n', '{"a":true}'],
  ['lines of Windows', 'a: 1\r\nb: yes\r\n', '{"a":1,"b":true}'],
  ['a flow mapping that is no JSON', '{a: yes, b}', '{"a":true,"b":null}'],
  [
    'texts of several lines',
    'a: "x\\ny"\nc: |\n  t\n  u\nd: >-\n  t\n  u\n',
    '{"a":"x\\ny","c":"t\\nu\\n","d":"t u"}',
  ],
  ['a key that JavaScript has its own use for', '__proto__: {a: 1}\n', '{"__proto__":{"a":1}}'],
];

describe('reads as kubectl does', () => {
  it.each(recorded)('%s', async (_name, text, json) => {
    if (json === undefined) await expect(jsonOrYaml(text)).rejects.toThrow(GoYamlError);
    else expect(JSON.stringify(await jsonOrYaml(text))).toBe(json);
  });

  it('no text that grows without an end by its aliases', async () => {
    const levels = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 8; level += 1) {
      levels.push(`a${level}: &a${level} [${`*a${level - 1},`.repeat(10)}]`);
    }
    await expect(jsonOrYaml(levels.join('\n'))).rejects.toThrow('too many YAML aliases');
  });
});
