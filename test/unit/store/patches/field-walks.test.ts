import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldSet, pathText } from '../../../../src/store/field-set.ts';
import { compareFields, fieldsOf, mergeFields, removeFields } from '../../../../src/store/field-walks.ts';
import { shapeOf } from '../../../../src/store/merge-shape.ts';
import { KindCatalog } from '../../../../src/store/served-kind.ts';

type Json = Record<string, unknown>;

const definition = {
  spec: {
    group: 'example.org',
    names: { kind: 'Thing', plural: 'things' },
    versions: [
      {
        name: 'v1',
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  whole: { type: 'array', items: { type: 'string' } },
                  set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
                  ports: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['port', 'protocol'],
                    items: {
                      type: 'object',
                      properties: {
                        port: { type: 'integer' },
                        protocol: { type: 'string', default: 'TCP' },
                        name: { type: 'string' },
                      },
                    },
                  },
                  one: { type: 'object', 'x-kubernetes-map-type': 'atomic' },
                  open: { type: 'object', additionalProperties: { type: 'object', properties: { a: {} } } },
                },
              },
            },
          },
        },
      },
    ],
  },
};

const kind = new KindCatalog([definition]).byKind('example.org/v1', 'Thing');
if (kind === undefined) throw new Error('the kind is not served');
const shape = shapeOf(kind);

const inSpec = (spec: Json): Json => ({ spec });
const fields = (spec: Json): unknown => fieldsOf(inSpec(spec), shape).toJson()['f:spec'];

describe('the fields of an object', () => {
  it('are those that managedFields names', () => {
    expect(
      fields({
        whole: ['b', 'a'],
        set: ['b', 'a'],
        ports: [{ port: 1, name: 'x' }],
        one: { a: { b: 1 } },
        open: { k: { a: 1 } },
        none: null,
      }),
    ).toEqual({
      'f:whole': {},
      'f:set': { 'v:"a"': {}, 'v:"b"': {} },
      'f:ports': {
        'k:{"port":1,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:name': {} },
      },
      'f:one': {},
      'f:open': { 'f:k': { '.': {}, 'f:a': {} } },
      'f:none': {},
    });
  });

  it('are read as they were written', () => {
    const set = fieldsOf(inSpec({ ports: [{ port: 1 }], set: ['a'], one: {} }), shape);
    expect(FieldSet.readRoot(set.toJson()).toJson()).toEqual(set.toJson());
    expect([...set.paths()].map(pathText)).toEqual([
      '.spec.one',
      '.spec.ports[port=1,protocol="TCP"]',
      '.spec.ports[port=1,protocol="TCP"].port',
      '.spec.set[="a"]',
    ]);
  });

  it.each([[1], [{ 'x:a': {} }], [{ 'f:a': 1 }]])('are not read from %j', (value) => {
    expect(() => FieldSet.readRoot(value)).toThrow(TypeError);
  });
});

describe('a merge', () => {
  const merged = (live: Json, applied: Json): unknown =>
    (mergeFields(inSpec(live), inSpec(applied), shape) as { spec: unknown }).spec;

  it('replaces what is one value, and merges what has keys', () => {
    expect(
      merged(
        { whole: ['a'], one: { a: 1 }, ports: [{ port: 1, name: 'x' }], kept: 1 },
        { whole: ['b'], one: { b: 2 }, ports: [{ port: 1, protocol: 'TCP' }, { port: 2 }] },
      ),
    ).toEqual({
      whole: ['b'],
      one: { b: 2 },
      ports: [{ port: 1, name: 'x', protocol: 'TCP' }, { port: 2 }],
      kept: 1,
    });
  });

  it.each([
    [
      ['a', 'b', 'c'],
      ['c', 'a'],
      ['b', 'c', 'a'],
    ],
    [
      ['a', 'b'],
      ['c', 'a'],
      ['c', 'a', 'b'],
    ],
    [['a', 'b'], ['c'], ['a', 'b', 'c']],
    [
      ['a', 'x', 'b'],
      ['b', 'n', 'a'],
      ['x', 'b', 'n', 'a'],
    ],
    [[], ['a'], ['a']],
  ])('of %j and %j is %j', (live, applied, expected) => {
    expect(merged({ set: live }, { set: applied })).toEqual({ set: expected });
  });
});

describe('a comparison', () => {
  it('tells what came, changed and went', () => {
    const before = inSpec({ whole: ['a'], ports: [{ port: 1, name: 'x' }], old: { a: 1 } });
    const after = inSpec({ whole: ['b'], ports: [{ port: 1, name: 'y' }, { port: 2 }] });
    const { added, modified, removed } = compareFields(before, after, shape);
    const texts = (set: FieldSet): string[] => [...set.paths()].map(pathText);
    expect(texts(modified)).toEqual(['.spec.ports[port=1,protocol="TCP"].name', '.spec.whole']);
    expect(texts(added)).toEqual([
      '.spec.ports[port=2,protocol="TCP"]',
      '.spec.ports[port=2,protocol="TCP"].port',
    ]);
    expect(texts(removed)).toEqual(['.spec.old', '.spec.old.a']);
  });
});

const someSpec = fc.record(
  {
    whole: fc.array(fc.constantFrom('a', 'b', 'c')),
    set: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')),
    ports: fc.uniqueArray(fc.record({ port: fc.integer({ min: 1, max: 4 }), name: fc.string() }), {
      selector: ({ port }) => port,
    }),
    one: fc.dictionary(fc.constantFrom('x', 'y'), fc.integer()),
    open: fc.dictionary(fc.constantFrom('k', 'l'), fc.record({ a: fc.integer() })),
  },
  { requiredKeys: [] },
);

describe('what holds of any two objects', () => {
  it('a merge has all that was applied, and merging it again changes nothing', () => {
    fc.assert(
      fc.property(someSpec, someSpec, (live, applied) => {
        const once = mergeFields(inSpec(live), inSpec(applied), shape);
        const wanted = fieldsOf(inSpec(applied), shape);
        const { removed, modified } = compareFields(inSpec(applied), once as Json, shape);
        expect(removed.intersection(wanted).isEmpty).toBe(true);
        expect(modified.isEmpty).toBe(true);
        expect(mergeFields(once, inSpec(applied), shape)).toEqual(once);
      }),
    );
  });

  it('nothing of a set is left when it is removed, and the rest stays', () => {
    fc.assert(
      fc.property(someSpec, someSpec, (whole, part) => {
        const set = fieldsOf(inSpec(part), shape);
        const left = removeFields(inSpec(whole), set, shape) ?? {};
        const remaining = fieldsOf(left, shape);
        expect(remaining.intersection(set).isEmpty).toBe(true);
      }),
    );
  });
});
