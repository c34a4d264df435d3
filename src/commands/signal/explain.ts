import { boolean, option } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { ingestCommand } from '../../cli/ingest-command.ts';
import { describeTarget } from '../../kube/client.ts';
import { explainArguments } from '../../explain/explain-arguments.ts';
import { addToTally, emptyTally, exitCodeOfTally } from '../../cli/ingest-exit-code.ts';
import { preferLittleMemory } from '../../cli/memory.ts';
import { printExplanations } from '../../cli/render/explanation-print.ts';
import { ServerObservation } from '../../kube/server-observation.ts';
import { openInputs } from '../../cli/input-source.ts';
import {
  checkGroup,
  decisionClock,
  readOptions,
  lockWaitFlag,
  settingFlags,
  signalFlags,
} from '../../cli/signal-input.ts';
import { string as stringArg } from '@oclif/core/args';

export default class SignalExplain extends RemedyCommand {
  static override description =
    'Walk the way of signal ingest without writing anything, and say at each stage what comes of it and why: target, owner, fingerprint, scope, lock, every request that was looked at, the decision, and what would change it. A fingerprint, or the first 8 digits of one, starts at the fingerprint.';

  static override examples = [
    '<%= config.bin %> signal explain examples/webhook.json',
    'kubectl get events -A -o json | <%= config.bin %> signal explain - -o jsonl',
    '<%= config.bin %> signal explain 91fce8d5c494',
    '<%= config.bin %> signal explain alert.json --now 2026-03-01T12:05:00Z',
  ];

  static override args = {
    inputs: stringArg({
      required: false,
      multiple: true,
      ignoreStdin: true,
      description:
        'Files, folders or globs of alerts and events, - for stdin; or one fingerprint, or 8 digits or more of one.',
    }),
  };

  static override flags = {
    ...signalFlags,
    ...lockWaitFlag,
    'skip-scope-check': boolean({
      helpGroup: checkGroup,
      summary: 'As of signal ingest: take signals of resources that are not marked as managed.',
    }),
    'cluster-id-scope': option({
      helpGroup: checkGroup,
      options: ['local', 'refuse'] as const,
      summary: 'A signal that names a cluster: check its scope on this one, or refuse it (default local).',
    })(),
    'strict-resource': boolean({
      helpGroup: checkGroup,
      summary:
        'As of signal ingest: refuse where the resource has an active request under another fingerprint.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(SignalExplain);
    const session = await this.openSession({
      ...settingFlags(flags),
      // A boolean flag that was not given must not hide what the configuration says.
      'skip-scope-check': flags['skip-scope-check'] ? true : undefined,
      'strict-resource': flags['strict-resource'] ? true : undefined,
    });
    const { runtime, config } = session;
    preferLittleMemory();
    const server = new ServerObservation();
    const files = args.inputs ?? [];
    const readsStdin = files.includes('-');
    const client = await connectTo(session, { readsStdin, ...server.observers });
    try {
      const { inputs, ...repeat } = await openInputs(session, files, { flags, client });
      session.notices.detail(`working on the ${describeTarget(client.target)}`);
      const explanations = await explainArguments({
        client,
        ...repeat,
        inputs,
        read: readOptions(session, flags),
        settings: config.values,
        clock: runtime.clock,
        random: runtime.random,
        signal: runtime.signal,
        server,
        decisionClock: decisionClock(runtime.clock, flags.now),
        enforceFreshness: flags['enforce-freshness'],
        includeSuppressed: flags['include-suppressed'],
        includePending: flags['include-pending'],
        commandOf: (file) => ingestCommand(session, file, flags),
        notes: session.notices,
      });
      const tally = emptyTally();
      await printExplanations(session, explanations, {
        target: client.target,
        each: (explanation) => {
          addToTally(tally, explanation);
        },
      });
      return exitCodeOfTally(tally);
    } finally {
      await client.close();
    }
  }
}
