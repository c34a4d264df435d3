import { boolean, option, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo, describeTarget } from '../../cli/composition.ts';
import { writeFlags } from '../../cli/global-flags.ts';
import { addToTally, emptyTally, exitCodeOfTally } from '../../cli/ingest-exit-code.ts';
import { ServerObservation } from '../../cli/server-observation.ts';
import { startIngest } from '../../cli/ingest-run.ts';
import { ingestColumns, ingestSummaryLine, withoutMaps } from '../../cli/render/ingest-columns.ts';
import { preferLittleMemory } from '../../cli/memory.ts';
import { printBatch } from '../../cli/render/print-batch.ts';
import { refuseMovedClock, signalArgs, signalFlags } from '../../cli/signal-input.ts';
import { confirmWrite, refuseReadOnly } from '../../cli/write-guard.ts';

export default class SignalIngest extends RemedyCommand {
  static override description =
    'Make the RemediationRequests that the gateway would make of alerts and events, each once: normalise, check the scope, take the lock, look for a request that is active already, create it or count on it. Every signal has one outcome; outcomes come in the order of the input.';

  static override examples = [
    '<%= config.bin %> signal ingest examples/webhook.json --target embedded',
    'kubectl get events -A -o json | <%= config.bin %> signal ingest -',
    '<%= config.bin %> signal ingest alerts/ --dry-run -o wide',
    '<%= config.bin %> signal ingest alerts.ndjson.gz -o jsonl --concurrency 32',
  ];

  static override args = signalArgs;

  static override flags = {
    ...signalFlags,
    ...writeFlags,
    concurrency: string({ helpValue: 'N', summary: 'How many signals are worked on at once (default 8).' }),
    'lock-wait': string({
      helpValue: 'DURATION',
      summary: "How long to wait for somebody else's lock (default: ten tries, about 6 s).",
    }),
    'signal-timeout': string({
      helpValue: 'DURATION',
      summary: 'How long one signal may take (default 30s).',
    }),
    bulk: boolean({ summary: 'Share one list and the watches among all signals from the first one on.' }),
    'as-gateway': boolean({
      summary: 'Label requests as managed by the gateway; who injected them still stands in an annotation.',
    }),
    'skip-scope-check': boolean({
      summary: 'Take signals of resources that are not marked as managed; it is recorded.',
    }),
    'cluster-id-scope': option({
      options: ['local', 'refuse'] as const,
      summary: 'A signal that names a cluster: check its scope on this one, or refuse it (default local).',
    })(),
    record: string({ helpValue: 'FILE', summary: 'Write a trace of every API attempt, without secrets.' }),
    'metrics-file': string({
      helpValue: 'FILE',
      summary: "Write the run's metrics as OpenMetrics text, for node_exporter's textfile collector.",
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(SignalIngest);
    const session = await this.openSession({
      ...flags,
      // A boolean flag that was not given must not hide what the configuration says.
      'skip-scope-check': flags['skip-scope-check'] ? true : undefined,
    });
    const dryRun = flags['dry-run'];
    const write = { dryRun: dryRun !== undefined, yes: flags.yes };
    refuseReadOnly(session, write);
    preferLittleMemory();
    const inputs = args.files;
    const server = new ServerObservation();
    const client = await connectTo(session, { readsStdin: inputs.includes('-'), ...server.observers });
    try {
      refuseMovedClock(flags.now, client.target, write.dryRun);
      await confirmWrite(session, { ...write, target: client.target });
      session.notices.detail(`working on the ${describeTarget(client.target)}`);
      const run = await startIngest(session, { client, inputs, flags, server });
      const tally = emptyTally();
      try {
        await printBatch(session, run.items(), {
          head: {
            apiVersion: 'remedyctl.dev/v1',
            kind: 'IngestResult',
            target: client.target,
            ...(dryRun === undefined ? {} : { dryRun }),
          },
          columns: ingestColumns(session.paint),
          name: ({ request }) => (request === undefined ? undefined : `${run.requestPrefix}${request.name}`),
          summary: () => run.summary,
          summaryLine: ingestSummaryLine,
          tableRow: (item) =>
            item.signal === undefined ? item : { ...item, signal: withoutMaps(item.signal) },
          each: (item) => {
            addToTally(tally, item);
          },
        });
      } finally {
        await run.close();
      }
      if (run.wasCut) session.notices.warn('stopped before the input was read to its end');
      return exitCodeOfTally(tally);
    } finally {
      await client.close();
    }
  }
}
