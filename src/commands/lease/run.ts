import { integer, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { writeFlags } from '../../cli/global-flags.ts';
import { durationFlag, leaseSecondsFlag } from '../../cli/lease/duration-flag.ts';
import { lockKeyArgs, lockKeyFlags, lockKeyInput } from '../../cli/lease/lock-key-flags.ts';
import { readKey, resolveLockKey } from '../../locks/resolve-lock-key.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { runLease } from '../../cli/lease-run/lease-run.ts';
import { markReported } from '../../cli/reported.ts';
import { ServerObservation } from '../../kube/server-observation.ts';
import { confirmWrite, refuseReadOnly } from '../../cli/write-guard.ts';
import { RemedyError } from '../../errors/remedy-error.ts';
import { runTimes } from '../../lease/run-times.ts';

const defaultSeconds = 30;
const leastSeconds = 10;

export default class LeaseRun extends RemedyCommand {
  static override description =
    "Run a command only while a lock is held. The lease is renewed every third of --ttl; when it cannot be kept, the command gets SIGTERM, after --grace SIGKILL, and is gone before the lease expires. Signals, the terminal, stdin and stdout are the command's own. It finds REMEDYCTL_LEASE_NAME, _NAMESPACE, _HOLDER, _TOKEN and _EXPIRES_AT in its environment; the token grows with every holder, and what the lock protects can refuse a lower one. Exits with the command's own code, 126 or 127 where it cannot start, 128 + the signal that ended it.";

  static override examples = [
    '<%= config.bin %> lease run 91fce8d5c4949766458bd4bd58859a4fb2e8470ef64ef438c22903744799a9b1 -- ./restart-by-hand.sh',
    '<%= config.bin %> lease run --resource Deployment/checkout --resource-namespace prod --wait 1m -- kubectl rollout restart deployment/checkout -n prod',
    '<%= config.bin %> lease run --raw-key nightly --conflict-exit-code 0 -- make nightly',
  ];

  static override usage = 'lease run [KEY] [FLAGS] -- COMMAND [ARGUMENT…]';

  static override args = lockKeyArgs;

  static override flags = {
    ...lockKeyFlags,
    ttl: string({
      helpValue: 'DURATION',
      summary: `How long the lease outlives its last renewal; whole seconds, ${leastSeconds} s or more (default ${defaultSeconds}s).`,
    }),
    wait: string({
      helpValue: 'DURATION',
      summary: "How long to wait for somebody else's lock (default: not at all).",
    }),
    grace: string({
      helpValue: 'DURATION',
      summary:
        'Between SIGTERM and SIGKILL; at most two fifths of --ttl (default 5s, or a quarter of --ttl).',
    }),
    'conflict-exit-code': integer({
      helpValue: 'CODE',
      min: 0,
      max: 255,
      default: exitCodes.locked,
      summary: 'The exit code where the lock was not had, or was lost.',
    }),
    yes: writeFlags.yes,
  };

  async run(): Promise<number> {
    const { own, command } = splitCommand(this.argv);
    const { args, flags } = await this.parse(LeaseRun, own);
    const session = await this.openSession(flags);
    const input = lockKeyInput(args.key, flags);
    readKey(input);
    const seconds = leaseSecondsFlag('ttl', flags.ttl, leastSeconds) ?? defaultSeconds;
    const times = runTimes(seconds * 1000, durationFlag('grace', flags.grace));
    const waitMs = durationFlag('wait', flags.wait) ?? 0;
    refuseReadOnly(session);
    const server = new ServerObservation();
    const client = await connectTo(session, { readsStdin: true, ...server.observers });
    try {
      await confirmWrite(session, { target: client.target, dryRun: false, yes: flags.yes });
      const { clock, signal } = session.runtime;
      const naming = { client, clock, signal, notes: session.notices, settings: session.config.values };
      const { key, leaseName } = await resolveLockKey(naming, input);
      if (key === undefined) throw keyless(leaseName);
      return await runLease(session, {
        objects: client.objects,
        skew: () => server.clockSkew(),
        order: { key, command, times, waitMs },
        conflictExitCode: flags['conflict-exit-code'],
      });
    } finally {
      await client.close();
    }
  }

  /** stdout is the command's: a failure of ours puts no document there. */
  protected override async catch(thrown: unknown): Promise<never> {
    return super.catch(thrown).catch((failure: unknown) => {
      markReported(failure);
      throw failure;
    });
  }
}

/** At the first `--`, before oclif sees what follows it. */
function splitCommand(argv: readonly string[]): { own: string[]; command: [string, ...string[]] } {
  const end = argv.indexOf('--');
  const [file, ...rest] = end === -1 ? [] : argv.slice(end + 1);
  if (file === undefined || file === '') {
    throw new RemedyError('USAGE', 'there is no command to run', {
      hint: 'put it after --, such as: lease run KEY -- ./script.sh',
    });
  }
  return { own: argv.slice(0, end), command: [file, ...rest] };
}

function keyless(leaseName: string): RemedyError {
  return new RemedyError('USAGE', `no key has the lease name ${leaseName}, so nobody can take it`, {
    hint: 'give a fingerprint, or any other key with --raw-key',
  });
}
