import type { DeduplicationState } from '../../dedup/deduplication-state.ts';
import type { StateFilter } from '../../dedup/state-filter.ts';
import { StateSelection } from '../../dedup/state-selection.ts';
import { watchStates } from '../../dedup/state-watch.ts';
import { lookingAgain } from '../../kube/looking-again.ts';
import { stateColumns, stateName } from '../render/dedup-columns.ts';
import { changeWriter } from '../render/change-lines.ts';
import type { ConnectedStates } from './dedup-ground.ts';

/** Every change of a state that is wanted, one line each, until the run is stopped or nobody reads. */
export async function printStateChanges(ground: ConnectedStates, filter: StateFilter): Promise<void> {
  const { session, client, decisionClock } = ground;
  const { runtime, config, output, paint, notices } = session;
  const columns = stateColumns({ now: () => decisionClock.now(), paint });
  const write = await changeWriter<DeduplicationState>(session, { columns, name: stateName });
  const selection = new StateSelection(filter);
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
    const wanted = selection.take(change);
    if (wanted !== undefined) await output.write(await write(wanted));
    if (output.closed) break;
  }
}
