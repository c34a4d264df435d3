import { string as stringArg } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { acknowledgeAndPrint } from '../../cli/dedup/acknowledge-command.ts';
import { readAckFlags } from '../../cli/dedup/ack-flags.ts';
import { writeFlags } from '../../cli/global-flags.ts';
import { refuseReadOnly } from '../../cli/write-guard.ts';

export default class RequestAck extends RemedyCommand {
  static override description =
    'End the blocking of a request that waits for manual review: without this it holds back every further signal of its fingerprint for ever. Shows what would change and asks; then an annotation (remedyctl.dev/acknowledged-by) keeps who did it, when and why, and the outcome becomes Inconclusive. The annotation is written first: a run that is killed in between leaves a request that still blocks, and the same command completes it. A controller may write the outcome back; --settle looks again for that.';

  static override examples = [
    '<%= config.bin %> request ack rr-91fce8d5c494-1c2b5576 --reason "looked at it, disk replaced"',
    '<%= config.bin %> request ack rr-91fce8d5c494-1c2b5576 --dry-run',
    '<%= config.bin %> request ack rr-91fce8d5c494-1c2b5576 --yes --settle 30s -o json',
  ];

  static override args = {
    name: stringArg({
      required: true,
      ignoreStdin: true,
      description: 'The name of the RemediationRequest.',
    }),
  };

  static override flags = {
    ...writeFlags,
    reason: string({ helpValue: 'TEXT', summary: 'Why, for the annotation.' }),
    settle: string({
      default: '5s',
      helpValue: 'DURATION',
      summary: 'How long to wait before looking whether a controller has written it back; 0 looks not again.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RequestAck);
    const session = await this.openSession(flags);
    const wanted = { name: args.name, ...readAckFlags(flags) };
    refuseReadOnly(session, { dryRun: wanted.dryRun !== undefined });
    const client = await connectTo(session);
    try {
      await acknowledgeAndPrint(session, client, wanted);
    } finally {
      await client.close();
    }
  }
}
