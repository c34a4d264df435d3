import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../../../src/store/merge-shape.ts';
import { KindCatalog } from '../../../../src/store/served-kind.ts';
import { applyStrategicMergePatch, BadPatch } from '../../../../src/store/strategic-merge-patch.ts';

type Json = Record<string, unknown>;

const kinds = new KindCatalog([]);

function shape(apiVersion: string, kind: string): ReturnType<typeof shapeOf> {
  const found = kinds.byKind(apiVersion, kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return shapeOf(found);
}

const deployment = shape('apps/v1', 'Deployment');

const inPod = (spec: Json): Json => ({ spec: { template: { spec } } });
const podOf = (object: Json): unknown => ((object['spec'] as Json)['template'] as Json | undefined)?.['spec'];

const containers = [
  { name: 'a', image: 'a:1', ports: [{ containerPort: 80 }], args: ['x', 'y'] },
  { name: 'b', image: 'b:1' },
  { name: 'c', image: 'c:1' },
];

function patchedPod(spec: Json, patch: Json): unknown {
  return podOf(applyStrategicMergePatch(inPod(spec), inPod(patch), deployment));
}

describe('a strategic merge patch', () => {
  it('merges a list by its key, and replaces a list that is one value', () => {
    const patch = { containers: [{ name: 'a', args: ['z'], ports: [{ containerPort: 81 }] }] };
    expect(patchedPod({ containers }, patch)).toEqual({
      containers: [
        {
          name: 'a',
          image: 'a:1',
          args: ['z'],
          ports: [{ containerPort: 81 }, { containerPort: 80 }],
        },
        containers[1],
        containers[2],
      ],
    });
  });

  it('deletes an item, and replaces a list or an object as it is told', () => {
    const deletes = { containers: [{ name: 'b', $patch: 'delete' }] };
    expect(patchedPod({ containers }, deletes)).toEqual({ containers: [containers[0], containers[2]] });
    const replaces = { containers: [{ name: 'd' }, { $patch: 'replace' }] };
    expect(patchedPod({ containers }, replaces)).toEqual({ containers: [{ name: 'd' }] });
    const whole = { $patch: 'replace', nodeName: 'n' };
    expect(patchedPod({ containers }, whole)).toEqual({ nodeName: 'n' });
    expect(patchedPod({ containers }, { $patch: 'delete' })).toEqual({});
  });

  it('puts what it names in its order, and the others where they stood', () => {
    const patch = {
      containers: [{ name: 'd', image: 'd:1' }],
      '$setElementOrder/containers': [{ name: 'd' }, { name: 'c' }, { name: 'a' }],
    };
    const { containers: sorted } = patchedPod({ containers }, patch) as { containers: Json[] };
    expect(sorted.map(({ name }) => name)).toEqual(['d', 'b', 'c', 'a']);
  });

  it('keeps of a union the keys that it retains', () => {
    const rolling = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    expect(applyStrategicMergePatch(rolling, patch, deployment)).toEqual({
      spec: { strategy: { type: 'Recreate' } },
    });
    const volumes = [{ name: 'v', emptyDir: {} }];
    const changed = { volumes: [{ $retainKeys: ['name', 'hostPath'], name: 'v', hostPath: { path: '/x' } }] };
    expect(patchedPod({ volumes }, changed)).toEqual({ volumes: [{ name: 'v', hostPath: { path: '/x' } }] });
    const torn = { volumes: [{ $retainKeys: ['name'], name: 'v', hostPath: {} }] };
    expect(() => patchedPod({ volumes }, torn)).toThrow(BadPatch);
  });

  it('adds to a set, and takes from it what it is told', () => {
    const metadata = { finalizers: ['a/b', 'a/c'], labels: { x: '1', y: '2' } };
    const patch = {
      metadata: {
        finalizers: ['a/d', 'a/b'],
        '$deleteFromPrimitiveList/finalizers': ['a/c'],
        labels: { x: null, z: '3' },
      },
    };
    expect(applyStrategicMergePatch({ metadata }, patch, deployment)).toEqual({
      metadata: { finalizers: ['a/d', 'a/b'], labels: { y: '2', z: '3' } },
    });
  });

  it('is refused with directives that mean nothing, in the words of an API server', () => {
    expect(() => patchedPod({ containers }, { $patch: 'turn' })).toThrow(
      'unknown patch type: turn in map: map[$patch:turn]',
    );
    expect(() => patchedPod({ containers }, { containers: [{ image: 'x' }] })).toThrow(
      'map: map[image:x] does not contain declared merge key: name',
    );
    expect(() => patchedPod({ containers }, { containers: ['a'] })).toThrow(BadPatch);
    expect(() => patchedPod({ containers }, { '$setElementOrder/containers': 1 })).toThrow(BadPatch);
  });
});
