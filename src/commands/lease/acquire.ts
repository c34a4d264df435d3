import { boolean, string } from '@oclif/core/flags';
import { RemedyError } from '../../errors/remedy-error.ts';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectToLocks } from '../../cli/lease/lock-ground.ts';
import { writeFlags } from '../../cli/global-flags.ts';
import { durationFlag, leaseSecondsFlag } from '../../cli/lease/duration-flag.ts';
import { lockKeyArgs, lockKeyFlags, lockKeyInput } from '../../cli/lease/lock-key-flags.ts';
import { readKey, resolveLockKey } from '../../locks/resolve-lock-key.ts';
import { printDocument } from '../../cli/render/document.ts';
import { acquiredColumns } from '../../cli/render/lock-change-columns.ts';
import { lockName } from '../../cli/render/lock-columns.ts';
import { markReported } from '../../cli/reported.ts';
import type { Session } from '../../cli/session.ts';
import { confirmWrite, refuseReadOnly } from '../../cli/write-guard.ts';
import type { TargetDescription } from '../../kube/client.ts';
import { identityOf } from '../../lease/identity.ts';
import { LockAcquisition, type AcquiredLock } from '../../locks/acquire-lock.ts';

const leastTtlSeconds = 10;

export default class LeaseAcquire extends RemedyCommand {
  static override description =
    'Acquire a lock, and print its holder and its fencing token. It outlives the command by --ttl; with --hold it is renewed until the command is stopped, and released then. Exit code 5 when somebody else holds it. What was acquired is renewed or released later with --if-holder HOLDER.';

  static override examples = [
    '<%= config.bin %> lease acquire 91fce8d5c4949766458bd4bd58859a4fb2e8470ef64ef438c22903744799a9b1 --ttl 2m',
    '<%= config.bin %> lease acquire gw-lock-91fce8d5c4949766 --wait 1m --hold',
    '<%= config.bin %> lease acquire --resource Deployment/checkout --resource-namespace prod -o jsonpath={.token}',
  ];

  static override args = lockKeyArgs;

  static override flags = {
    ...lockKeyFlags,
    ...writeFlags,
    ttl: string({
      helpValue: 'DURATION',
      summary: 'How long the lock lasts without a renewal: whole seconds, 10s or more (default 30s).',
    }),
    wait: string({
      helpValue: 'DURATION',
      summary: "How long to wait for somebody else's lock (default: not at all).",
    }),
    hold: boolean({ summary: 'Renew the lock until the command is stopped, then release it.' }),
    holder: string({
      hidden: true,
      helpValue: 'ID',
      summary: 'Our identity, in place of one made for this acquisition.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(LeaseAcquire);
    const session = await this.openSession(flags);
    const dryRun = flags['dry-run'];
    const input = lockKeyInput(args.key, flags);
    readKey(input);
    const durationSeconds =
      leaseSecondsFlag('ttl', flags.ttl, leastTtlSeconds) ?? session.config.values['lock.durationSeconds'];
    const waitMs = durationFlag('wait', flags.wait) ?? 0;
    if (flags.holder === '') throw new RemedyError('USAGE', '--holder is empty');
    refuseReadOnly(session, { dryRun: dryRun !== undefined });
    const ground = await connectToLocks(session);
    const { client } = ground;
    try {
      const write = { target: client.target, dryRun: dryRun !== undefined, yes: flags.yes };
      await confirmWrite(session, write);
      const lock = await resolveLockKey(ground, input);
      const order = { lock, durationSeconds, waitMs, holder: flags.holder };
      const run = new LockAcquisition({ ...ground, identity: identityOf(session.runtime) }, order);
      const attempted = dryRun === undefined ? await run.acquire() : await run.preview(dryRun);
      if (attempted.held === undefined) {
        await printMissed(session, client.target, attempted.shown);
        if (attempted.shown.wouldAcquire === true) return;
        markReported(attempted.failure);
        throw attempted.failure;
      }
      await printAcquired(session, client.target, attempted.shown).catch(async (thrown: unknown) => {
        await run.release();
        throw thrown;
      });
      const { closed, failures } = session.output;
      // Nobody has learned the holder: nobody could let it go.
      if (closed || failures.length > 0) await run.release();
      else if (flags.hold) {
        session.notices.say('the lock is renewed until this command is stopped');
        await run.hold(attempted.held);
      }
    } finally {
      await client.close();
    }
  }
}

/** A table of what is not had would be no answer; the error says it. */
async function printMissed(session: Session, target: TargetDescription, shown: AcquiredLock): Promise<void> {
  const { kind } = session.render.format;
  const isTable = kind === 'table' || kind === 'wide' || kind === 'name';
  if (!isTable || shown.wouldAcquire === true) await printAcquired(session, target, shown);
}

function printAcquired(
  { output, render }: Session,
  target: TargetDescription,
  shown: AcquiredLock,
): Promise<void> {
  const document = { apiVersion: 'remedyctl.dev/v1', kind: 'Lock', target, ...shown };
  return printDocument(
    output,
    {
      document,
      rows: [document],
      columns: acquiredColumns,
      name: lockName,
    },
    render,
  );
}
