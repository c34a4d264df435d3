import { boolean } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { addToTally, emptyTally, exitCodeOfTally } from '../../cli/ingest-exit-code.ts';
import { normalizeSignals } from '../../cli/normalize-run.ts';
import { preferLittleMemory } from '../../cli/memory.ts';
import { printBatch } from '../../cli/render/print-batch.ts';
import { withoutMaps } from '../../cli/render/ingest-columns.ts';
import { normalizeColumns } from '../../cli/render/signal-columns.ts';
import { decisionClock, readOptions, signalArgs, signalFlags } from '../../cli/signal-input.ts';

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
    'no-owners': boolean({
      summary: 'Look no owner up: the fingerprint is that of the resource the signal names.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(SignalNormalize);
    const session = await this.openSession(flags);
    const { runtime, config } = session;
    preferLittleMemory();
    const inputs = args.files;
    const decision = decisionClock(runtime.clock, flags.now);
    const client = await connectTo(session, { readsStdin: inputs.includes('-') });
    try {
      const items = normalizeSignals({
        inputs,
        read: readOptions(runtime, config, flags),
        client,
        clock: runtime.clock,
        decisionClock: decision,
        enforceFreshness: flags['enforce-freshness'],
        resolveOwners: !flags['no-owners'],
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
          `${summary.total} signals: ${summary.normalized} normalized, ${summary.skipped} skipped, ${summary.rejected} rejected, ${summary.failed} failed`,
        each: (item) => {
          summary.total += 1;
          summary[item.outcome] += 1;
          addToTally(tally, item);
        },
        tableRow: (item) =>
          item.outcome === 'normalized'
            ? { ...item, signal: withoutMaps(item.signal), originalPayload: () => ({}) }
            : item,
        shape: ({ warnings, ...item }) => (warnings.length > 0 ? { ...item, warnings } : item),
      });
      return exitCodeOfTally(tally);
    } finally {
      await client.close();
    }
  }
}
