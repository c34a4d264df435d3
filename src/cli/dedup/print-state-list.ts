import { matchesFilter, type StateFilter } from '../../dedup/state-filter.ts';
import { compareKeys, orderKey, type OrderKey, type StateOrder } from '../../dedup/state-order.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../time/clock.ts';
import { createBatchSink } from '../render/batch.ts';
import { stateColumns, stateName } from '../render/dedup-columns.ts';
import type { ServerObservation } from '../server-observation.ts';
import type { Session } from '../session.ts';
import { StateReader } from './state-reader.ts';

interface ListGround {
  session: Session;
  client: KubeClient;
  server: ServerObservation;
  decisionClock: Pick<Clock, 'now'>;
}

/**
 * Every state that is wanted, in order. What is held in memory is the summaries and one sort key for each
 * fingerprint; states are made again when they are printed.
 */
export async function printStateList(
  ground: ListGround,
  { filter, order }: { filter: StateFilter; order: StateOrder },
): Promise<void> {
  const { session, client, decisionClock } = ground;
  const { output, render, paint, notices, progress, config } = session;
  const nowMs = decisionClock.now();
  progress.start('reading requests');
  let requests = 0;
  const index = await new StateReader(ground)
    .index((count) => {
      requests = count;
      progress.update(() => `${count} requests`);
    })
    .finally(() => {
      progress.stop();
    });
  const keys: OrderKey[] = [];
  for (const fingerprint of index.fingerprints()) {
    const state = index.state(fingerprint, nowMs);
    if (matchesFilter(state, filter)) keys.push(orderKey(state, order));
  }
  keys.sort(compareKeys);
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
  for (const { fingerprint } of keys) {
    await sink.item(index.state(fingerprint, nowMs));
    if (output.closed) return;
  }
  await sink.finish();
  if (keys.length > 0) return;
  const shown = requests === 0 ? 'no RemediationRequests' : `none of ${index.size} fingerprints matches`;
  notices.say(`${shown} in namespace ${config.values.namespace}`);
}
