import { boolean, option, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { gatewayFlags, openGateway, timestampFlag } from '../../cli/gateway-session.ts';
import { writeFlags } from '../../cli/global-flags.ts';
import { addToTally, emptyTally, exitCodeOfTally } from '../../cli/ingest-exit-code.ts';
import { confirmRepeat, openInputs } from '../../cli/input-source.ts';
import { preferLittleMemory } from '../../cli/memory.ts';
import { foldingOf, withoutMaps } from '../../cli/render/ingest-columns.ts';
import { printBatch } from '../../cli/render/print-batch.ts';
import { sendColumns, sendSummaryLine } from '../../cli/render/send-columns.ts';
import {
  checkGroup,
  readOptions,
  runGroup,
  settingFlags,
  signalArgs,
  signalFlags,
} from '../../cli/signal-input.ts';
import { confirmWrite, refuseReadOnly } from '../../cli/write-guard.ts';
import { ServerObservation } from '../../kube/server-observation.ts';
import { startSend } from '../../send/send-run.ts';
import { targetOptionsOf } from '../../config/target-settings.ts';
import { normalizeSignals } from '../../signal/normalize-run.ts';

const inputFlags = inputFlagsOf(signalFlags);

/** A gateway has a clock of its own, which no `--now` moves. */
function inputFlagsOf({ ...flags }: typeof signalFlags): Omit<typeof signalFlags, 'now'> {
  Reflect.deleteProperty(flags, 'now');
  return flags;
}

export default class SignalSend extends RemedyCommand {
  static override description =
    'Send alerts and events through a living gateway, one at a time, and say what became of each. The gateway decides; what speaks against a signal from here stands beside an answer that hides its reason, and the count is read from the request. An answer that was lost is looked up in the cluster, and nothing is sent twice of which anything may have been taken.';

  static override examples = [
    '<%= config.bin %> signal send alert.json --gateway https://gateway.example.com --service-account alertmanager',
    '<%= config.bin %> signal send alerts/ --gateway https://gateway.example.com --token-file token --compare -o wide',
    '<%= config.bin %> signal send webhook.json --gateway http://localhost:8080 --token-from kubeconfig --batch',
    'kubectl get events -A -o json | <%= config.bin %> signal send - --gateway https://gateway.example.com --token-file token --dry-run -o yaml',
  ];

  static override args = signalArgs;

  static override flags = {
    gateway: string({ helpValue: 'URL', summary: 'The gateway, in front of /api/v1/signals.' }),
    ...gatewayFlags,
    ...timestampFlag,
    ...inputFlags,
    'dry-run': option({
      options: ['client'] as const,
      summary: 'Send nothing, and show what would be sent.',
    })(),
    yes: writeFlags.yes,
    batch: boolean({
      helpGroup: runGroup,
      summary: 'Send each webhook as it is; its answer may leave open which alert became what.',
    }),
    compare: boolean({
      helpGroup: runGroup,
      summary: 'Walk the way of signal ingest beside it without writing, and say what differs.',
    }),
    concurrency: string({
      helpGroup: runGroup,
      helpValue: 'N',
      summary: 'How many signals are under way at once (default 8).',
    }),
    'skip-scope-check': boolean({
      helpGroup: checkGroup,
      summary: 'Do not look from here whether resources are marked as managed; the gateway does.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(SignalSend);
    const session = await this.openSession({
      ...settingFlags(flags),
      'skip-scope-check': flags['skip-scope-check'] ? true : undefined,
    });
    const { runtime, config, notices } = session;
    const { yes, compare } = flags;
    const write = { dryRun: flags['dry-run'] !== undefined, yes };
    refuseReadOnly(session, write);
    preferLittleMemory();
    const files = args.files ?? [];
    const server = new ServerObservation();
    const client = await connectTo(session, { readsStdin: files.includes('-'), ...server.observers });
    try {
      const opened = await openGateway(session, flags, () => Promise.resolve(client));
      try {
        const { inputs, request, ...repeat } = await openInputs(session, files, { flags, client });
        const read = readOptions(session, flags);
        const shared = { client, inputs, read, clock: runtime.clock, signal: runtime.signal, ...repeat };
        if (request !== undefined && !write.dryRun) {
          const targets = targetOptionsOf(config.values);
          await confirmRepeat(session, { request, items: normalizeSignals({ ...shared, targets }), yes });
        }
        await confirmWrite(session, { ...write, target: client.target });
        const run = await startSend({
          ...shared,
          gateway: opened.gateway,
          settings: config.values,
          random: runtime.random,
          server,
          batch: flags.batch,
          compare,
          dryRun: write.dryRun,
          enforceFreshness: flags['enforce-freshness'],
          includeSuppressed: flags['include-suppressed'],
          includePending: flags['include-pending'],
        });
        const tally = emptyTally();
        await printBatch(session, run.items(), {
          head: {
            apiVersion: 'remedyctl.dev/v1',
            kind: 'SendResult',
            target: client.target,
            gateway: { url: opened.base },
            ...(write.dryRun ? { dryRun: 'client' } : {}),
          },
          columns: sendColumns(session.paint, { compare }),
          name: ({ request: made }) => (made === undefined ? undefined : `remediationrequest/${made.name}`),
          summary: () => run.summary,
          works: !write.dryRun,
          summaryLine: sendSummaryLine,
          ...foldingOf(false),
          tableRow: (item) =>
            item.signal === undefined ? item : { ...item, signal: withoutMaps(item.signal) },
          each: (item) => {
            addToTally(tally, item);
          },
        });
        if (write.dryRun && session.render.format.kind === 'table') notices.say('-o yaml shows each body');
        if (run.wasCut) notices.warn('stopped before the input was read to its end');
        return exitCodeOfTally(tally);
      } finally {
        await opened.close();
      }
    } finally {
      await client.close();
    }
  }
}
