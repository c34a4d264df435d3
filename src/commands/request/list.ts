import { boolean, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { chosenRequests, type RequestChoice } from '../../request/chosen-requests.ts';
import { connectTo } from '../../cli/composition.ts';
import { createBatchSink, type BatchSink } from '../../cli/render/batch.ts';
import { requestColumns, requestName } from '../../cli/render/request-columns.ts';
import { readRequestFilter, requestListFlags } from '../../cli/request-filter-flags.ts';
import type { Output } from '../../cli/render/output.ts';
import type { Session } from '../../cli/session.ts';
import { showRequestWatch } from '../../cli/show-request-watch.ts';
import { sayUnsorted } from '../../cli/unsorted-watch.ts';
import { sortItems, sortReader } from '../../jsonpath/sort-by.ts';
import type { KubeClient } from '../../kube/client.ts';
import { requestSortKeys } from '../../request/sort-requests.ts';
import { hasRequestFilter } from '../../request/request-filter.ts';
import { apiVersionOf, type KubeList, type KubeObject } from '../../api/objects.ts';
import { askForRequests } from '../../kube/located-requests.ts';

export default class RequestList extends RemedyCommand {
  static override description =
    'List RemediationRequests with phase, outcome, target, occurrences and age. json and yaml print a RemediationRequestList as the API server has it. --sort-by takes ' +
    `${Object.keys(requestSortKeys.fields).join(', ')}, or a path such as .spec.severity.`;

  static override examples = [
    '<%= config.bin %> request list',
    '<%= config.bin %> request list --phase Executing -o wide',
    '<%= config.bin %> request list --resource Deployment/checkout --resource-namespace shop --since 24h',
    "<%= config.bin %> request list -o jsonpath='{.items[*].metadata.name}'",
  ];

  static override flags = {
    ...requestListFlags,
    'sort-by': string({
      helpValue: 'FIELD',
      summary: 'Such as age, phase, lastSeenAt, or a path.',
    }),
    watch: boolean({ char: 'w', summary: 'Go on with every change, as request watch.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(RequestList);
    const session = await this.openSession(flags);
    const sortBy = flags['sort-by'];
    if (sortBy !== undefined) sortReader(sortBy, requestSortKeys);
    const where = {
      namespace: flags['all-namespaces'] ? undefined : session.config.values.namespace,
      labelSelector: flags.selector,
      fieldSelector: flags['field-selector'],
      filter: readRequestFilter(flags, session.runtime.clock.now()),
    };
    const client = await connectTo(session);
    try {
      if (flags.watch) {
        sayUnsorted(session, sortBy);
        await showRequestWatch(session, client, where);
      } else {
        await printRequests(session, client, { where, sortBy });
      }
    } finally {
      await client.close();
    }
  }
}

async function printRequests(
  session: Session,
  client: KubeClient,
  { where, sortBy }: { where: RequestChoice; sortBy: string | undefined },
): Promise<void> {
  const { runtime, output, render, notices, paint } = session;
  const { namespace, filter, labelSelector } = where;
  const { resource, answer } = await askForRequests(client.discovery, async (at) => {
    const rest = chosenRequests(client.objects, at, where, runtime.signal);
    return { first: await rest.next(), rest };
  });
  const { first, rest: pages } = answer;
  const metadata = first.done === true ? {} : { resourceVersion: first.value.metadata.resourceVersion };
  const now = (): number => runtime.clock.now();
  const sink = await createBatchSink(
    output,
    {
      head: { apiVersion: apiVersionOf(resource), kind: `${resource.kind}List`, metadata },
      columns: requestColumns({ now, paint, withNamespace: namespace === undefined }),
      name: requestName(resource.group),
      summaryLine: () => '',
    },
    render,
  );
  const shown = await printPages({ output, sink, sortBy }, first, pages);
  await sink.finish();
  if (shown > 0) return;
  const chosen = hasRequestFilter(filter) || labelSelector !== undefined ? ' that match' : '';
  const place = namespace === undefined ? 'any namespace' : `namespace ${namespace}`;
  notices.say(`no RemediationRequests${chosen} in ${place}`);
}

/** As they come, or, to be sorted, when they are all there. Returns how many there were. */
async function printPages(
  { output, sink, sortBy }: { output: Output; sink: BatchSink<KubeObject>; sortBy: string | undefined },
  first: IteratorResult<KubeList, void>,
  rest: AsyncGenerator<KubeList, void, void>,
): Promise<number> {
  let shown = 0;
  const held: KubeObject[] = [];
  for (let page = first; page.done !== true; page = await rest.next()) {
    const { items } = page.value;
    shown += items.length;
    if (sortBy !== undefined) held.push(...items);
    else for (const item of items) await sink.item(item);
    if (output.closed) break;
  }
  if (sortBy === undefined) return shown;
  for (const item of sortItems(held, sortBy, requestSortKeys)) await sink.item(item);
  return shown;
}
