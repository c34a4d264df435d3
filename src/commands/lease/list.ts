import { boolean, option, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectToLocks } from '../../cli/lease/lock-ground.ts';
import { surveyLocks } from '../../locks/lock-survey.ts';
import { lockSortKeys } from '../../locks/sort-locks.ts';
import { sortItems, sortReader } from '../../jsonpath/sort-by.ts';
import { showLockWatch } from '../../cli/lease/show-lock-watch.ts';
import { sayUnsorted } from '../../cli/unsorted-watch.ts';
import { printDocument } from '../../cli/render/document.ts';
import { lockColumns, lockName } from '../../cli/render/lock-columns.ts';
import { lockStates } from '../../lease/lock-record.ts';

export default class LeaseList extends RemedyCommand {
  static override description =
    'List the locks: who holds each, since when and until when, its state, and the request of its fingerprint. Leases that are no gw-lock-… are none of the locks and are left out.';

  static override examples = [
    '<%= config.bin %> lease list',
    '<%= config.bin %> lease list --state expired --state orphaned -o wide',
    '<%= config.bin %> lease list --all-namespaces --sort-by expiresAt',
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
    'sort-by': string({
      helpValue: 'FIELD',
      summary: 'A field of the JSON output to sort by, or a path such as .request.phase (default name).',
    }),
    watch: boolean({ char: 'w', summary: 'Go on with every change, as lease watch.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(LeaseList);
    const session = await this.openSession(flags);
    const sortBy = flags['sort-by'];
    if (sortBy !== undefined) sortReader(sortBy, lockSortKeys);
    const { runtime, config, notices, output, paint, render } = session;
    const ground = await connectToLocks(session);
    const { client } = ground;
    try {
      const everywhere = flags['all-namespaces'];
      const scope = {
        leaseNamespace: everywhere ? undefined : config.values.leaseNamespace,
        requestNamespace: everywhere ? undefined : config.values.namespace,
        labelSelector: flags.selector,
      };
      if (flags.watch) {
        sayUnsorted(session, sortBy);
        await showLockWatch(ground, scope, flags.state);
        return;
      }
      const survey = await surveyLocks(ground, scope);
      const records = survey.map(({ record }) => record);
      const wanted = records.filter(({ state }) => flags.state?.includes(state) ?? true);
      const items = sortItems(wanted, sortBy ?? 'name', lockSortKeys);
      if (items.length === 0) {
        notices.say(
          `no locks in ${everywhere ? 'any namespace' : `namespace ${config.values.leaseNamespace}`}`,
        );
      }
      const document = { apiVersion: 'remedyctl.dev/v1', kind: 'LockList', target: client.target, items };
      const columns = lockColumns({ now: () => runtime.clock.now(), paint, withNamespace: everywhere });
      await printDocument(output, { document, rows: items, columns, name: lockName, lines: items }, render);
    } finally {
      await client.close();
    }
  }
}
