import type { DeduplicationState } from '../../dedup/deduplication-state.ts';
import { matchesFilter, type StateFilter } from '../../dedup/state-filter.ts';
import { watchStates, type StateChange } from '../../dedup/state-watch.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../time/clock.ts';
import { lookingAgain } from '../looking-again.ts';
import { stateColumns, stateName } from '../render/dedup-columns.ts';
import { changeWriter } from '../render/change-lines.ts';
import type { Session } from '../session.ts';

interface WatchGround {
  session: Session;
  client: KubeClient;
  decisionClock: Pick<Clock, 'now'>;
}

/** Every change of a state that is wanted, one line each, until the run is stopped or nobody reads. */
export async function printStateChanges(ground: WatchGround, filter: StateFilter): Promise<void> {
  const { session, client, decisionClock } = ground;
  const { runtime, config, output, paint, notices } = session;
  const columns = stateColumns({ now: () => decisionClock.now(), paint });
  const write = await changeWriter<DeduplicationState>(session, { columns, name: stateName });
  const seen = new Set<string>();
  const changes = watchStates({
    objects: client.objects,
    resource: await client.discovery.requestResource(),
    namespace: config.values.namespace,
    clock: runtime.clock,
    random: runtime.random,
    decisionClock,
    signal: runtime.signal,
    onLost: lookingAgain((text) => {
      notices.warn(text);
    }),
  });
  for await (const change of changes) {
    const wanted = selected(change, filter, seen);
    if (wanted !== undefined) await output.write(await write(wanted));
    if (output.closed) break;
  }
}

/** A state that comes into the selection is ADDED to it, one that leaves it DELETED from it. */
function selected(
  { type, object }: StateChange,
  filter: StateFilter,
  seen: Set<string>,
): StateChange | undefined {
  const { fingerprint } = object;
  const wasIn = seen.has(fingerprint);
  if (type === 'DELETED' || !matchesFilter(object, filter)) {
    seen.delete(fingerprint);
    return wasIn ? { type: 'DELETED', object } : undefined;
  }
  seen.add(fingerprint);
  return { type: wasIn ? 'MODIFIED' : 'ADDED', object };
}
