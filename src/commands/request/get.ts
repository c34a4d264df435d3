import { string } from '@oclif/core/args';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { printDocument } from '../../cli/render/document.ts';
import { requestColumns, requestName } from '../../cli/render/request-columns.ts';
import { readRequestFilter, requestFilterFlags } from '../../cli/request-filter-flags.ts';
import { RemedyError } from '../../errors/remedy-error.ts';
import { askForRequests } from '../../kube/located-requests.ts';
import { oneRequest } from '../../request/one-request.ts';
import { hasRequestFilter } from '../../request/request-filter.ts';

export default class RequestGet extends RemedyCommand {
  static override description =
    'Show one RemediationRequest, by its name or the beginning of it, or the only one that the filters choose. json and yaml print it as the API server has it.';

  static override examples = [
    '<%= config.bin %> request get rr-91fce8d5c494-1c2b5576',
    '<%= config.bin %> request get rr-91fce8d5c494-1c2b5576 -o yaml',
    '<%= config.bin %> request get --resource Deployment/checkout --phase Executing',
  ];

  static override args = {
    name: string({
      ignoreStdin: true,
      description:
        'The name of the RemediationRequest, or its first 4 characters or more; may be left out where the filters choose a single one.',
    }),
  };

  static override flags = requestFilterFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RequestGet);
    const session = await this.openSession(flags);
    const { runtime, config, output, render, paint } = session;
    const now = (): number => runtime.clock.now();
    const filter = readRequestFilter(flags, now());
    const { name } = args;
    if (name === undefined && !hasRequestFilter(filter)) {
      throw new RemedyError('USAGE', 'missing argument: NAME', {
        hint: 'see remedyctl request get --help; a filter such as --resource may stand in its place',
      });
    }
    const wanted = { namespace: config.values.namespace, name, filter };
    const client = await connectTo(session);
    try {
      const { resource, answer: request } = await askForRequests(client.discovery, (at) =>
        oneRequest(client.objects, at, wanted, runtime.signal),
      );
      const columns = requestColumns({ now, paint });
      const view = { document: request, rows: [request], columns, name: requestName(resource.group) };
      await printDocument(output, view, render);
    } finally {
      await client.close();
    }
  }
}
