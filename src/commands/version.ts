import { boolean } from '@oclif/core/flags';
import { RemedyCommand } from '../cli/base-command.ts';
import { connectTo } from '../cli/composition.ts';
import { exitCodeOf, exitCodes } from '../cli/exit-codes.ts';
import { errorFacts, errorText } from '../cli/error-report.ts';
import { printDocument } from '../cli/render/document.ts';
import { versionColumns } from '../cli/render/program-columns.ts';
import { askServerVersion, type ServerAnswer } from '../kube/server-version.ts';

export default class Version extends RemedyCommand {
  static override description = 'Show the version of remedyctl and of the server that it works with.';

  static override examples = [
    '<%= config.bin %> version',
    '<%= config.bin %> version --client',
    '<%= config.bin %> version -o json',
  ];

  static override flags = { client: boolean({ summary: 'Ask no server.' }) };

  async run(): Promise<number> {
    const { flags } = await this.parse(Version);
    const session = await this.openSession(flags);
    const { runtime, output, render } = session;
    const client = {
      version: runtime.version,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
    };
    const answer: ServerAnswer = flags.client
      ? {}
      : await askServerVersion(() => connectTo(session), runtime.signal);
    const { server, target, failure } = answer;
    const document = {
      apiVersion: 'remedyctl.dev/v1',
      kind: 'Version',
      client,
      ...(target === undefined ? {} : { target }),
      ...(server === undefined ? {} : { server }),
      ...(failure === undefined ? {} : { error: errorFacts(failure) }),
    };
    const rows = [
      { what: 'client', version: client.version, about: `node ${client.node} ${client.platform}` },
      ...(server === undefined ? [] : [{ what: 'server', version: server.version, about: server.about }]),
    ];
    await printDocument(
      output,
      {
        document,
        rows,
        columns: versionColumns,
        name: ({ what, version }) => `${what}/${version}`,
      },
      render,
    );
    if (failure === undefined) return exitCodes.done;
    runtime.stderr.write(errorText(failure, { version: runtime.version, verbose: flags.verbose }));
    return exitCodeOf(failure);
  }
}
