import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { readRequestFilter, requestListFlags } from '../../cli/request-filter-flags.ts';
import { showRequestWatch } from '../../cli/show-request-watch.ts';

export default class RequestWatch extends RemedyCommand {
  static override description =
    'Show RemediationRequests as they change, beginning with those there are, until it is stopped: a table that is redrawn on a terminal, what changed last first; one line a change elsewhere. json and jsonl print one {"type","object"} a line. request list --watch is the same.';

  static override examples = [
    '<%= config.bin %> request watch',
    '<%= config.bin %> request watch --fingerprint 91fce8d5c494',
    '<%= config.bin %> request watch --phase Failed --phase TimedOut -o jsonl',
  ];

  static override flags = requestListFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(RequestWatch);
    const session = await this.openSession(flags);
    const filter = readRequestFilter(flags, session.runtime.clock.now());
    const client = await connectTo(session);
    try {
      await showRequestWatch(session, client, {
        namespace: flags['all-namespaces'] ? undefined : session.config.values.namespace,
        labelSelector: flags.selector,
        fieldSelector: flags['field-selector'],
        filter,
      });
    } finally {
      await client.close();
    }
  }
}
