import { boolean, option, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectToLocks } from '../../cli/lease/lock-ground.ts';
import { lockStates } from '../../lease/lock-record.ts';
import { showLockWatch } from '../../cli/lease/show-lock-watch.ts';

export default class LeaseWatch extends RemedyCommand {
  static override description =
    'Show the locks as they change, until it is stopped: a table that is redrawn on a terminal, one line a change elsewhere. json and jsonl print one {"type","object"} a line. A lost connection and an expired watch are resumed.';

  static override examples = [
    '<%= config.bin %> lease watch',
    '<%= config.bin %> lease watch --all-namespaces',
    '<%= config.bin %> lease watch -o jsonl',
  ];

  static override flags = {
    state: option({
      options: lockStates,
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Only locks in this state; may be given several times.',
    })(),
    'all-namespaces': boolean({ char: 'A', summary: 'The locks and requests of every namespace.' }),
    selector: string({ char: 'l', helpValue: 'SELECTOR', summary: 'Only leases with these labels.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(LeaseWatch);
    const session = await this.openSession(flags);
    const { config } = session;
    const ground = await connectToLocks(session);
    const { client } = ground;
    try {
      const everywhere = flags['all-namespaces'];
      const scope = {
        leaseNamespace: everywhere ? undefined : config.values.leaseNamespace,
        requestNamespace: everywhere ? undefined : config.values.namespace,
        labelSelector: flags.selector,
      };
      await showLockWatch(ground, scope, flags.state);
    } finally {
      await client.close();
    }
  }
}
