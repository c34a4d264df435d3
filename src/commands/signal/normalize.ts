import { boolean } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { addToTally, emptyTally, exitCodeOfTally } from '../../cli/ingest-exit-code.ts';
import { normalizeSignals } from '../../signal/normalize-run.ts';
import { preferLittleMemory } from '../../cli/memory.ts';
import { printBatch } from '../../cli/render/print-batch.ts';
import { foldingOf, withoutMaps } from '../../cli/render/ingest-columns.ts';
import { normalizeColumns } from '../../cli/render/signal-columns.ts';
import type { SignalItem } from '../../signal/signal.ts';
import { targetOptionsOf } from '../../config/target-settings.ts';
import { openInputs } from '../../cli/input-source.ts';
import { decisionClock, readOptions, settingFlags, signalArgs, signalFlags } from '../../cli/signal-input.ts';
import { counted } from '../../text/count.ts';

export default class SignalNormalize extends RemedyCommand {
  static override description =
    'Show each alert and event as the gateway would see it: its target, the owner it is resolved to, and its fingerprint. Nothing is written.';

  static override examples = [
    '<%= config.bin %> signal normalize examples/webhook.json',
    'kubectl get events -A -o json | <%= config.bin %> signal normalize - -o jsonl',
    '<%= config.bin %> signal normalize alerts/ --no-owners --target embedded',
  ];

  static override args = signalArgs;

  static override flags = {
    ...signalFlags,
    'show-skipped': boolean({ summary: 'A row for each Normal event too, in a table.' }),
    'no-owners': boolean({
      summary: 'Look no owner up: the fingerprint is that of the resource the signal names.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(SignalNormalize);
    const session = await this.openSession(settingFlags(flags));
    const { runtime } = session;
    preferLittleMemory();
    const decision = decisionClock(runtime.clock, flags.now);
    const files = args.files ?? [];
    const client = await connectTo(session, { readsStdin: files.includes('-') });
    try {
      const { inputs, ...repeat } = await openInputs(session, files, { flags, client });
      const items = normalizeSignals({
        ...repeat,
        inputs,
        read: readOptions(session, flags),
        client,
        clock: runtime.clock,
        decisionClock: decision,
        enforceFreshness: flags['enforce-freshness'],
        includeSuppressed: flags['include-suppressed'],
        includePending: flags['include-pending'],
        resolveOwners: !flags['no-owners'],
        targets: targetOptionsOf(session.config.values),
        signal: runtime.signal,
      });
      const tally = emptyTally();
      const summary = { total: 0, normalized: 0, skipped: 0, rejected: 0, failed: 0 };
      await printBatch(session, items, {
        head: { apiVersion: 'remedyctl.dev/v1', kind: 'SignalList', target: client.target },
        columns: normalizeColumns(session.paint),
        name: (item) =>
          item.outcome === 'normalized' ? `fingerprint/${item.signal.fingerprint}` : undefined,
        summary: () => summary,
        summaryLine: () =>
          `${counted(summary.total, 'signal')}: ${summary.normalized} normalized, ${summary.skipped} skipped, ${summary.rejected} rejected, ${summary.failed} failed`,
        each: (item) => {
          summary.total += 1;
          summary[item.outcome] += 1;
          addToTally(tally, item);
        },
        tableRow: (item) =>
          item.outcome === 'normalized' ? { ...item, signal: withoutMaps(item.signal) } : item,
        shape,
        ...foldingOf(flags['show-skipped']),
      });
      return exitCodeOfTally(tally);
    } finally {
      await client.close();
    }
  }
}

/** The item as documents have it: without what is there to be computed. */
function shape({ warnings, ...item }: SignalItem): object {
  const shown: Record<string, unknown> = { ...item };
  delete shown['originalPayload'];
  return warnings.length > 0 ? { ...shown, warnings } : shown;
}
