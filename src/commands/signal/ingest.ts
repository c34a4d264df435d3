import { boolean, option, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { writeFlags } from '../../cli/global-flags.ts';
import { addToTally, emptyTally, exitCodeOfTally } from '../../cli/ingest-exit-code.ts';
import { ServerObservation } from '../../kube/server-observation.ts';
import { targetOptionsOf } from '../../config/target-settings.ts';
import { startIngest } from '../../ingest/ingest-run.ts';
import { identityOf } from '../../lease/identity.ts';
import { foldingOf, ingestColumns, ingestSummaryLine, withoutMaps } from '../../cli/render/ingest-columns.ts';
import { preferLittleMemory } from '../../cli/memory.ts';
import { printBatch } from '../../cli/render/print-batch.ts';
import { normalizeSignals } from '../../signal/normalize-run.ts';
import { followFlags, liveLine, openInputsBeside, streamOf } from '../../cli/follow-flags.ts';
import { confirmRepeat } from '../../cli/input-source.ts';
import {
  checkGroup,
  decisionClock,
  readOptions,
  settingFlags,
  signalArgs,
  signalFlags,
  lockWaitFlag,
  runGroup,
} from '../../cli/signal-input.ts';
import { confirmWrite, refuseReadOnly } from '../../cli/write-guard.ts';

const reportGroup = 'REPORT';

export default class SignalIngest extends RemedyCommand {
  static override description =
    'Make the RemediationRequests that the gateway would make of alerts and events, each once. Of each signal in turn: normalise it, check the scope, take the lock, look for a request that is active already, create it or count on it. Every signal has one outcome; outcomes come in the order of the input.';

  static override examples = [
    '<%= config.bin %> signal ingest examples/webhook.json --target embedded',
    'kubectl get events -A -o json | <%= config.bin %> signal ingest -',
    '<%= config.bin %> signal ingest alerts/ --dry-run -o wide',
    '<%= config.bin %> signal ingest --from alertmanager=http://alertmanager.monitoring:9093 --filter namespace=shop --filter severity=~"critical|warning"',
    '<%= config.bin %> signal ingest alerts.ndjson.gz -o jsonl --concurrency 32',
    '<%= config.bin %> signal ingest --follow events --checkpoint /var/lib/remedyctl/events.json',
  ];

  static override args = signalArgs;

  static override flags = {
    ...signalFlags,
    ...followFlags,
    ...writeFlags,
    concurrency: string({
      helpGroup: runGroup,
      helpValue: 'N',
      summary: 'How many signals are worked on at once (default 8).',
    }),
    ...lockWaitFlag,
    'signal-timeout': string({
      helpGroup: runGroup,
      helpValue: 'DURATION',
      summary: 'How long one signal may take (default 30s).',
    }),
    'give-up-after': string({
      helpGroup: runGroup,
      helpValue: 'DURATION',
      summary:
        'How long to wait for an API server that stops answering in the middle of the run; 0: not at all (default 1m; with --follow for ever).',
    }),
    'show-skipped': boolean({
      helpGroup: reportGroup,
      summary: 'A row for each Normal event too, in a table.',
    }),
    bulk: boolean({
      helpGroup: runGroup,
      summary: 'Share one list and the watches among all signals from the first one on.',
    }),
    'as-gateway': boolean({
      helpGroup: runGroup,
      summary: 'Label requests as managed by the gateway; who injected them still stands in an annotation.',
    }),
    'skip-scope-check': boolean({
      helpGroup: checkGroup,
      summary: 'Take signals of resources that are not marked as managed; it is recorded.',
    }),
    'strict-resource': boolean({
      helpGroup: checkGroup,
      summary:
        'Refuse a signal whose resource, or an owner of it, has an active request under another fingerprint, instead of warning.',
    }),
    'cluster-id-scope': option({
      helpGroup: checkGroup,
      options: ['local', 'refuse'] as const,
      summary: 'A signal that names a cluster: check its scope on this one, or refuse it (default local).',
    })(),
    record: string({
      helpGroup: reportGroup,
      helpValue: 'FILE',
      summary: 'Write a trace of every API attempt, without secrets.',
    }),
    'metrics-file': string({
      helpGroup: reportGroup,
      helpValue: 'FILE',
      summary: "Write the run's metrics as OpenMetrics text, for node_exporter's textfile collector.",
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(SignalIngest);
    const session = await this.openSession({
      ...settingFlags(flags),
      // A boolean flag that was not given must not hide what the configuration says.
      'skip-scope-check': flags['skip-scope-check'] ? true : undefined,
      'strict-resource': flags['strict-resource'] ? true : undefined,
    });
    const { runtime, config, notices, progress, output } = session;
    const dryRun = flags['dry-run'];
    const write = { dryRun: dryRun !== undefined, yes: flags.yes };
    refuseReadOnly(session, write);
    preferLittleMemory();
    const files = args.files ?? [];
    const stream = streamOf(session, files, flags);
    const server = new ServerObservation();
    const client = await connectTo(session, { readsStdin: files.includes('-'), ...server.observers });
    try {
      const opened = await openInputsBeside(stream, session, files, { flags, client });
      const { inputs, request, ...repeat } = opened;
      const { record } = flags;
      if (request !== undefined && dryRun === undefined) {
        const items = normalizeSignals({
          ...repeat,
          client,
          inputs,
          read: readOptions(session, flags),
          targets: targetOptionsOf(config.values),
          clock: runtime.clock,
          signal: runtime.signal,
        });
        await confirmRepeat(session, { request, items, yes: flags.yes });
      }
      const run = await startIngest({
        client,
        ...repeat,
        inputs,
        ...stream,
        read: readOptions(session, flags),
        clock: runtime.clock,
        random: runtime.random,
        signal: runtime.signal,
        identity: identityOf(runtime),
        server,
        notes: notices,
        progress,
        decisionClock: decisionClock(runtime.clock, flags.now),
        dryRun,
        enforceFreshness: flags['enforce-freshness'],
        includeSuppressed: flags['include-suppressed'],
        includePending: flags['include-pending'],
        asGateway: flags['as-gateway'],
        bulk: flags.bulk,
        record: record === undefined ? undefined : { file: record, version: runtime.version },
        metricsFile: flags['metrics-file'],
        confirm: () => confirmWrite(session, { ...write, target: client.target }),
      });
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
          works: dryRun === undefined,
          live: liveLine(stream, run),
          summaryLine: ingestSummaryLine,
          ...foldingOf(flags['show-skipped']),
          tableRow: (item) =>
            item.signal === undefined ? item : { ...item, signal: withoutMaps(item.signal) },
          each: (item) => {
            addToTally(tally, item);
          },
        });
      } finally {
        for (const failure of await run.close()) output.fail(failure);
      }
      if (run.wasCut) notices.warn('stopped before the input was read to its end');
      return exitCodeOfTally(tally);
    } finally {
      await client.close();
    }
  }
}
