import { exitCodes } from '../exit-codes.ts';
import { createBatchSink } from '../render/batch.ts';
import { signalStateColumns, signalStatesSentence } from '../render/dedup-signal-columns.ts';
import { stateText } from '../render/dedup-text.ts';
import { readOptions } from '../signal-input.ts';
import type { ConnectedStates } from './dedup-ground.ts';
import { SignalStates, type SignalState } from '../../dedup/signal-states.ts';
import { StateReader, type ShownState } from '../../dedup/state-reader.ts';

/**
 * What would happen to each signal of a file: for a reader the answer first, in full where it is one signal.
 *
 * @returns the exit code where some could not be looked up.
 */
export async function printSignalStates(ground: ConnectedStates, file: string): Promise<number | undefined> {
  const { session, client, decisionClock } = ground;
  const { config, output, render, paint } = session;
  const items: SignalState[] = [];
  const reading = readOptions(session, {});
  const reader = new StateReader(ground);
  const states = new SignalStates({ ...ground, settings: config.values, reading, reader });
  for await (const item of states.of(file)) items.push(item);
  const isTable = render.format.kind === 'table' || render.format.kind === 'wide';
  const nowMs = decisionClock.now();
  const [only, ...others] = items;
  if (isTable && only !== undefined && others.length === 0 && isDecided(only)) {
    await output.write(stateText(only, { nowMs, paint, render, scope: session.scope }));
  } else {
    if (isTable) await output.write(`${signalStatesSentence(items)}\n\n`);
    const sink = await createBatchSink<SignalState>(
      output,
      {
        head: { apiVersion: 'remedyctl.dev/v1', kind: 'DeduplicationStateList', target: client.target },
        columns: signalStateColumns({ nowMs, paint }),
        name: ({ fingerprint }) => (fingerprint === undefined ? undefined : `fingerprint/${fingerprint}`),
        summaryLine: () => '',
      },
      render,
    );
    for (const item of items) await sink.item(item);
    await sink.finish();
  }
  return exitCodeOf(items);
}

function isDecided(item: SignalState): item is SignalState & ShownState {
  return item.state !== undefined && item.outcome !== 'rejected';
}

/** As `signal ingest` would have it, but that an answer about a signal that would be rejected is an answer. */
function exitCodeOf(items: readonly SignalState[]): number | undefined {
  const failed = items.filter(({ outcome }) => outcome === 'failed').length;
  if (failed > 0) return failed === items.length ? exitCodes.error : exitCodes.partial;
  const isAllRejected = items.length > 0 && items.every(({ outcome }) => outcome === 'rejected');
  return isAllRejected ? exitCodes.usage : undefined;
}
