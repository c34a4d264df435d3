import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { chosenRequests } from '../../request/chosen-requests.ts';
import { connectTo } from '../../cli/composition.ts';
import { createBatchSink } from '../../cli/render/batch.ts';
import { requestColumns, requestName } from '../../cli/render/request-columns.ts';
import { readRequestFilter, requestFilterFlags } from '../../cli/request-filter-flags.ts';
import { hasRequestFilter } from '../../request/request-filter.ts';
import { apiVersionOf } from '../../api/objects.ts';
import { askForRequests } from '../../kube/located-requests.ts';

export default class RequestList extends RemedyCommand {
  static override description =
    'List RemediationRequests with phase, outcome, target, occurrences and age. json and yaml print a RemediationRequestList as the API server has it.';

  static override examples = [
    '<%= config.bin %> request list',
    '<%= config.bin %> request list --phase Executing -o wide',
    '<%= config.bin %> request list --resource Deployment/checkout --resource-namespace shop --since 24h',
    "<%= config.bin %> request list -o jsonpath='{.items[*].metadata.name}'",
  ];

  static override flags = {
    selector: string({ char: 'l', helpValue: 'SELECTOR', summary: 'Only those with these labels.' }),
    'field-selector': string({
      helpValue: 'SELECTOR',
      summary: 'Only those with these fields, such as spec.severity=critical.',
    }),
    ...requestFilterFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(RequestList);
    const session = await this.openSession(flags);
    const { runtime, config, output, render, notices, paint } = session;
    const now = (): number => runtime.clock.now();
    const filter = readRequestFilter(flags, now());
    const client = await connectTo(session);
    try {
      const where = {
        namespace: config.values.namespace,
        labelSelector: flags.selector,
        fieldSelector: flags['field-selector'],
        filter,
      };
      const { resource, answer } = await askForRequests(client.discovery, async (at) => {
        const rest = chosenRequests(client.objects, at, where, runtime.signal);
        return { first: await rest.next(), rest };
      });
      const { first, rest: pages } = answer;
      const metadata = first.done === true ? {} : { resourceVersion: first.value.metadata.resourceVersion };
      const sink = await createBatchSink(
        output,
        {
          head: { apiVersion: apiVersionOf(resource), kind: `${resource.kind}List`, metadata },
          columns: requestColumns({ now, paint }),
          name: requestName(resource.group),
          summaryLine: () => '',
        },
        render,
      );
      let shown = 0;
      for (let page = first; page.done !== true; page = await pages.next()) {
        shown += page.value.items.length;
        for (const item of page.value.items) await sink.item(item);
        if (output.closed) break;
      }
      await sink.finish();
      const chosen = hasRequestFilter(filter) || flags.selector !== undefined ? ' that match' : '';
      if (shown === 0) notices.say(`no RemediationRequests${chosen} in namespace ${config.values.namespace}`);
    } finally {
      await client.close();
    }
  }
}
