import type { StateFilter } from '../../dedup/state-filter.ts';
import { orderedFingerprints, type StateOrder } from '../../dedup/state-order.ts';
import { StateReader } from '../../dedup/state-reader.ts';
import { createBatchSink } from '../render/batch.ts';
import { stateColumns, stateName } from '../render/dedup-columns.ts';
import type { ConnectedStates } from './dedup-ground.ts';
import { counted } from '../../text/count.ts';

/**
 * Every state that is wanted, in order. What is held in memory is the summaries and one sort key for each
 * fingerprint; states are made again when they are printed.
 */
export async function printStateList(
  ground: ConnectedStates,
  choice: { filter: StateFilter; order: StateOrder },
): Promise<void> {
  const { session, client, decisionClock } = ground;
  const { output, render, paint, notices, progress, config } = session;
  const nowMs = decisionClock.now();
  progress.start('reading requests');
  let requests = 0;
  const index = await new StateReader(ground)
    .index((count) => {
      requests = count;
      progress.update(() => counted(count, 'request'));
    })
    .finally(() => {
      progress.stop();
    });
  const fingerprints = orderedFingerprints(index, choice, nowMs);
  const sink = await createBatchSink(
    output,
    {
      head: { apiVersion: 'remedyctl.dev/v1', kind: 'DeduplicationStateList', target: client.target },
      columns: stateColumns({ now: () => nowMs, paint }),
      name: stateName,
      summaryLine: () => '',
    },
    render,
  );
  for (const fingerprint of fingerprints) {
    await sink.item(index.state(fingerprint, nowMs));
    if (output.closed) return;
  }
  await sink.finish();
  if (fingerprints.length > 0) return;
  const shown =
    requests === 0 ? 'no RemediationRequests' : `none of ${counted(index.size, 'fingerprint')} matches`;
  notices.say(`${shown} in namespace ${config.values.namespace}`);
}
