import { RemedyCommand } from '../../cli/base-command.ts';
import { printDocument } from '../../cli/render/document.ts';
import { pathColumns } from '../../cli/render/program-columns.ts';

export default class ConfigPath extends RemedyCommand {
  static override description =
    'Show which configuration file is read, whether it exists or not, and where the embedded store is.';

  static override examples = ['<%= config.bin %> config path', '<%= config.bin %> config path -o json'];

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigPath);
    const { config, output, render } = await this.openSession(flags);
    const rows = [
      { what: 'config', path: config.file.path, state: config.file.exists ? 'read' : 'does not exist' },
      { what: 'store', path: config.values.store, state: '' },
    ];
    const document = {
      apiVersion: 'remedyctl.dev/v1',
      kind: 'ConfigurationPaths',
      config: config.file,
      store: { path: config.values.store },
    };
    await printDocument(
      output,
      {
        document,
        rows,
        columns: pathColumns,
        name: ({ path }) => path,
      },
      render,
    );
  }
}
