import { string } from '@oclif/core/args';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { printDocument } from '../../cli/render/document.ts';
import { requestColumns, requestName } from '../../cli/render/request-columns.ts';

export default class RequestGet extends RemedyCommand {
  static override description =
    'Show one RemediationRequest. json and yaml print it as the API server has it.';

  static override examples = [
    '<%= config.bin %> request get rr-91fce8d5c494-1c2b5576',
    '<%= config.bin %> request get rr-91fce8d5c494-1c2b5576 -o yaml',
  ];

  static override args = {
    name: string({ required: true, ignoreStdin: true, description: 'The name of the RemediationRequest.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RequestGet);
    const session = await this.openSession(flags);
    const { runtime, config, output, render } = session;
    const client = await connectTo(session);
    try {
      const { resource } = await client.discovery.remediationRequests();
      const key = { namespace: config.values.namespace, name: args.name };
      const request = await client.objects.get(resource, key, { signal: runtime.signal });
      await printDocument(
        output,
        {
          document: request,
          rows: [request],
          columns: requestColumns(runtime.clock.now()),
          name: requestName(resource.group),
        },
        render,
      );
    } finally {
      await client.close();
    }
  }
}
