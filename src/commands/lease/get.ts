import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectToLocks } from '../../cli/lease/lock-ground.ts';
import { durationFlag } from '../../cli/lease/duration-flag.ts';
import { lockKeyArgs, lockKeyFlags, lockKeyInput } from '../../cli/lease/lock-key-flags.ts';
import { examineLock } from '../../locks/lock-examination.ts';
import { readKey, resolveLockToRead } from '../../locks/resolve-lock-key.ts';
import { printDocument } from '../../cli/render/document.ts';
import { lockColumns, lockName } from '../../cli/render/lock-columns.ts';
import { lockDetails } from '../../cli/render/lock-details.ts';

export default class LeaseGet extends RemedyCommand {
  static override description =
    "Show one lock: its holder, both readings of its end (by renewTime and by acquireTime), how far the server's clock is from ours, and the request of its fingerprint. With --observe the lock is watched for a while: a lease that stays unchanged for its whole duration is the only proof that its holder is gone, whatever the clocks say.";

  static override examples = [
    '<%= config.bin %> lease get 91fce8d5c494',
    '<%= config.bin %> lease get gw-lock-91fce8d5c4949766 --observe 30s',
    '<%= config.bin %> lease get --resource Deployment/checkout --resource-namespace prod -o json',
  ];

  static override args = lockKeyArgs;

  static override flags = {
    ...lockKeyFlags,
    observe: string({ helpValue: 'DURATION', summary: 'Watch the lock for so long before it is shown.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(LeaseGet);
    const session = await this.openSession(flags);
    const input = lockKeyInput(args.key, flags);
    readKey(input);
    const observeMs = durationFlag('observe', flags.observe);
    const { runtime, output, paint, render } = session;
    const ground = await connectToLocks(session);
    const { client } = ground;
    try {
      const lock = await resolveLockToRead(ground, input);
      const record = await examineLock(ground, lock, observeMs);
      const nowMs = runtime.clock.now();
      const { format, table: style } = render;
      if (format.kind === 'table' || format.kind === 'wide') {
        await output.write(await lockDetails(record, { nowMs, paint, style }));
        return;
      }
      const document = { apiVersion: 'remedyctl.dev/v1', kind: 'Lock', target: client.target, ...record };
      const columns = lockColumns({ now: () => nowMs, paint, withNamespace: true });
      await printDocument(output, { document, rows: [document], columns, name: lockName }, render);
    } finally {
      await client.close();
    }
  }
}
