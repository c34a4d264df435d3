import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { changeFlags } from '../../cli/lease/change-flags.ts';
import { changeOneLock } from '../../cli/lease/change-command.ts';
import { leaseSecondsFlag } from '../../cli/lease/duration-flag.ts';
import { lockKeyArgs, lockKeyFlags, lockKeyInput } from '../../cli/lease/lock-key-flags.ts';
import { exitCodes } from '../../cli/exit-codes.ts';

export default class LeaseRenew extends RemedyCommand {
  static override description =
    "Renew a lock that lease acquire took, in the name of its holder (--if-holder). A live lock of somebody else stays (exit code 5) unless --force is given with a --reason; that asks for the lock's name to be typed, and leaves an Event in its namespace.";

  static override examples = [
    '<%= config.bin %> lease renew gw-lock-91fce8d5c4949766 --if-holder bastion/4711/0b9c…',
    '<%= config.bin %> lease renew 91fce8d5c494 --if-holder bastion/4711/0b9c… --ttl 5m',
  ];

  static override args = lockKeyArgs;

  static override flags = {
    ...lockKeyFlags,
    ...changeFlags,
    ttl: string({
      helpValue: 'DURATION',
      summary:
        'How long the lock lasts from now on without a renewal, in whole seconds (default: as before).',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(LeaseRenew);
    const session = await this.openSession(flags);
    const input = lockKeyInput(args.key, flags);
    const durationSeconds = leaseSecondsFlag('ttl', flags.ttl, 1);
    const { outcome } = await changeOneLock(session, { verb: 'renew', input, flags, durationSeconds });
    return outcome === 'notHeld' ? exitCodes.locked : exitCodes.done;
  }
}
