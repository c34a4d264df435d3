import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectTo } from '../../cli/composition.ts';
import { nameLine, customColumns, shownColumns, toYaml } from '../../cli/render/document.ts';
import { requestColumns, requestName } from '../../cli/render/request-columns.ts';
import { BlockTable } from '../../cli/render/table.ts';
import { watchRequests, type RequestChange } from '../../cli/request-watch.ts';
import type { Session } from '../../cli/session.ts';

export default class RequestWatch extends RemedyCommand {
  static override description =
    'Show RemediationRequests as they change, beginning with those there are, until it is stopped. json and jsonl print one {"type","object"} a line.';

  static override examples = [
    '<%= config.bin %> request watch',
    '<%= config.bin %> request watch --fingerprint 91fce8d5c4949766458bd4bd58859a4fb2e8470ef64ef438c22903744799a9b1',
    '<%= config.bin %> request watch -o jsonl',
  ];

  static override flags = {
    selector: string({ char: 'l', helpValue: 'SELECTOR', summary: 'Only those with these labels.' }),
    fingerprint: string({ helpValue: 'SHA256', summary: 'Only those of this fingerprint.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(RequestWatch);
    const session = await this.openSession(flags);
    const { runtime, config, output } = session;
    const client = await connectTo(session);
    try {
      const { resource } = await client.discovery.remediationRequests();
      const write = await lineWriter(session, resource.group);
      const scope = {
        namespace: config.values.namespace,
        labelSelector: flags.selector,
        fieldSelector:
          flags.fingerprint === undefined ? undefined : `spec.signalFingerprint=${flags.fingerprint}`,
      };
      for await (const change of watchRequests(client.objects, resource, scope, runtime.signal)) {
        await output.write(await write(change));
        if (output.closed) break;
      }
    } finally {
      await client.close();
    }
  }
}

type LineWriter = (change: RequestChange) => string | Promise<string>;

/** What one change is printed as. */
async function lineWriter({ runtime, render }: Session, group: string): Promise<LineWriter> {
  const { format, table: style } = render;
  switch (format.kind) {
    case 'json':
    case 'jsonl':
      return (change) => `${JSON.stringify(change)}\n`;
    case 'yaml':
      return async (change) => `---\n${await toYaml(change)}`;
    case 'name': {
      const name = requestName(group);
      return ({ object }) => nameLine(name(object));
    }
    case 'jsonpath': {
      const { compileTemplate } = await import('../../cli/render/jsonpath.ts');
      return compileTemplate(format.template);
    }
    case 'custom-columns': {
      const table = new BlockTable(await customColumns(format.columns), style);
      return ({ object }) => table.block([object]);
    }
    case 'table':
    case 'wide': {
      const columns = shownColumns(requestColumns(runtime.clock.now()), format);
      const table = new BlockTable<RequestChange>(
        [
          { header: 'EVENT', cell: ({ type }) => type },
          ...columns.map(({ header, cell }) => ({
            header,
            cell: ({ object }: RequestChange) => cell(object),
          })),
        ],
        style,
      );
      return (change) => table.block([change]);
    }
  }
}
