import { RemedyCommand } from '../../cli/base-command.ts';
import { changeFlags } from '../../cli/lease/change-flags.ts';
import { changeOneLock } from '../../cli/lease/change-command.ts';
import { lockKeyArgs, lockKeyFlags, lockKeyInput } from '../../cli/lease/lock-key-flags.ts';

export default class LeaseRelease extends RemedyCommand {
  static override description =
    "Release a lock: one that has expired, or one whose holder is named with --if-holder. A live lock of somebody else stays (exit code 5) unless --force is given with a --reason; that asks for the lock's name to be typed, and leaves an Event in its namespace.";

  static override examples = [
    '<%= config.bin %> lease release 91fce8d5c494 --if-expired',
    '<%= config.bin %> lease release gw-lock-91fce8d5c4949766 --if-holder bastion/4711/0b9c…',
    "<%= config.bin %> lease release gw-lock-91fce8d5c4949766 --force --reason 'its pod was evicted at 14:02'",
  ];

  static override args = lockKeyArgs;

  static override flags = { ...lockKeyFlags, ...changeFlags };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(LeaseRelease);
    const session = await this.openSession(flags);
    const input = lockKeyInput(args.key, flags);
    await changeOneLock(session, { verb: 'release', input, flags });
  }
}
