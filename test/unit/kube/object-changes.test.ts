import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/objects.ts';
import { sourceOf } from '../../../src/kube/list-and-watch.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { watchChanges, type ChangeWatchOptions } from '../../../src/kube/object-changes.ts';
import { podResource } from '../../../src/kube/well-known-resources.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { eventOf, expired, listOf, objectOf, refusal, ScriptedApi, watchOf } from './scripted-api.ts';

type Options = Partial<ChangeWatchOptions<KubeObject>>;

/** What is told until the script is through: type, name, version and phase. */
async function changesOf(
  steps: ConstructorParameters<typeof ScriptedApi>[0],
  options: Options = {},
): Promise<string[]> {
  const clock = new MockClock();
  const stop = new AbortController();
  const api = new ScriptedApi(steps, () => {
    stop.abort();
  });
  const source = sourceOf(new ObjectAccess(api.send), podResource, { namespace: 'shop' });
  const ground = { clock, random: new SeededRandom(1), signal: stop.signal };
  const told: string[] = [];
  const looking = (async () => {
    const onListed = (): number => told.push('listed');
    for await (const { type, object } of watchChanges(source, { onListed, ...ground, ...options })) {
      const phase = phaseOf(object) ?? '-';
      told.push(`${type} ${object.metadata.name} ${object.metadata.resourceVersion ?? ''} ${phase}`);
    }
  })();
  await clock.runUntil(looking);
  return told;
}

const phaseOf = ({ status }: KubeObject): string | undefined =>
  (status as { phase: string } | undefined)?.phase;

describe('changes', () => {
  it('are told once each, beginning with what there is', async () => {
    const steps = [
      listOf(5, [objectOf('a', 1)], 'more'),
      listOf(6, [objectOf('b', 6)]),
      // The second page was newer than the first: its object comes once more.
      watchOf(
        eventOf('ADDED', objectOf('b', 6)),
        eventOf('MODIFIED', objectOf('a', 7)),
        eventOf('DELETED', objectOf('a', 8)),
        eventOf('DELETED', objectOf('never seen', 9)),
      ),
    ];
    expect(await changesOf(steps)).toEqual([
      'ADDED a 1 Pending',
      'ADDED b 6 Pending',
      'listed',
      'MODIFIED a 7 Pending',
      'DELETED a 8 Pending',
    ]);
  });

  it('in a gap are what changed, what is gone in its remembered form, and what was made anew', async () => {
    const before = ['same', 'changed', 'gone', 'anew'].map((name) => objectOf(name, 1));
    const after = [objectOf('same', 1), objectOf('changed', 8), objectOf('anew', 9, { uid: 'another' })];
    const remember = ({ metadata }: KubeObject): KubeObject => ({ metadata });
    const steps = [listOf(5, before), watchOf(expired), listOf(10, after)];
    expect((await changesOf(steps, { remember })).slice(5)).toEqual([
      'MODIFIED changed 8 Pending',
      'DELETED anew 1 -',
      'ADDED anew 9 Pending',
      'DELETED gone 1 -',
      'listed',
    ]);
  });

  it('are no deletions while a listing is not complete', async () => {
    const gap = [listOf(9, [], 'more'), refusal(500, 'InternalError'), listOf(10, [objectOf('a', 1)])];
    expect(await changesOf([listOf(5, [objectOf('a', 1)]), watchOf(expired), ...gap])).toEqual([
      'ADDED a 1 Pending',
      'listed',
      'listed',
    ]);
  });

  it('out of the choice are deletions from it in their new form, and changes into it additions', async () => {
    const running = { phase: 'Running' };
    const steps = [
      listOf(5, [objectOf('a', 1, running), objectOf('b', 2), objectOf('c', 3, running)]),
      watchOf(
        eventOf('MODIFIED', objectOf('a', 6)),
        eventOf('MODIFIED', objectOf('b', 7, running)),
        eventOf('DELETED', objectOf('a', 8)),
        expired,
      ),
      listOf(10, [objectOf('b', 7, running), objectOf('c', 9)]),
    ];
    const chooses = (object: KubeObject): boolean => phaseOf(object) === 'Running';
    expect(await changesOf(steps, { chooses })).toEqual([
      'ADDED a 1 Running',
      'ADDED c 3 Running',
      'listed',
      'DELETED a 6 Pending',
      'ADDED b 7 Running',
      'DELETED c 9 Pending',
      'listed',
    ]);
  });
});
