import type { DeduplicationState } from '../../dedup/deduplication-state.ts';
import type { StateFilter } from '../../dedup/state-filter.ts';
import { StateSelection } from '../../dedup/state-selection.ts';
import { watchStates, type StateChange } from '../../dedup/state-watch.ts';
import { lookingAgain } from '../../kube/looking-again.ts';
import { stateColumns, stateName } from '../render/dedup-columns.ts';
import { showChanges } from '../render/show-changes.ts';
import type { ConnectedStates } from './dedup-ground.ts';

/** Every change of a state that is wanted, until the run is stopped or nobody reads. */
export async function printStateChanges(ground: ConnectedStates, filter: StateFilter): Promise<void> {
  const { session, client, decisionClock } = ground;
  const { runtime, config, paint } = session;
  const { namespace } = config.values;
  const resource = await client.discovery.requestResource();
  await showChanges<DeduplicationState>(session, {
    title: `fingerprints in ${namespace}`,
    columns: stateColumns({ now: () => decisionClock.now(), paint }),
    name: stateName,
    key: ({ fingerprint }) => fingerprint,
    open: (signal, say) => {
      const changes = watchStates({
        objects: client.objects,
        resource,
        namespace,
        clock: runtime.clock,
        random: runtime.random,
        decisionClock,
        signal,
        onLost: lookingAgain(say),
      });
      return wantedOf(changes, new StateSelection(filter));
    },
  });
}

async function* wantedOf(
  changes: AsyncIterable<StateChange>,
  selection: StateSelection,
): AsyncGenerator<StateChange, void, void> {
  for await (const change of changes) {
    const wanted = selection.take(change);
    if (wanted !== undefined) yield wanted;
  }
}
