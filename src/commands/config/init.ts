import { boolean } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { defaultConfigFile, writeNewFile } from '../../cli/new-file.ts';
import { printDocument } from '../../cli/render/document.ts';
import { Output } from '../../cli/render/output.ts';
import { parseOutputFormat } from '../../cli/render/output-format.ts';
import { starterConfig } from '../../config/starter-config.ts';

export default class ConfigInit extends RemedyCommand {
  static override description =
    'Write a configuration file in which every setting stands with its meaning, commented out. A file that exists is kept unless --force is given.';

  static override examples = [
    '<%= config.bin %> config init',
    '<%= config.bin %> config init --config ./remedyctl.yaml',
    '<%= config.bin %> config init --stdout',
  ];

  static override flags = {
    stdout: boolean({ summary: 'Print it and write no file.' }),
    force: boolean({ summary: 'Replace a file that exists.' }),
  };

  /** Reads no configuration: the file that it replaces may be broken. */
  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigInit);
    const output = new Output(this.runtime.stdout);
    if (flags.stdout) return output.write(starterConfig());
    const path = defaultConfigFile(this.runtime, flags.config);
    await writeNewFile(path, starterConfig(), { replace: flags.force });
    await printDocument(
      output,
      {
        document: { apiVersion: 'remedyctl.dev/v1', kind: 'ConfigurationWritten', file: path },
        rows: [path],
        columns: [{ header: 'WROTE', cell: (row) => row }],
        name: (row) => row,
      },
      {
        format: parseOutputFormat(flags.output ?? 'table'),
        table: { header: !flags['no-headers'], maxWidth: undefined, paintHeader: (text) => text },
      },
    );
  }
}
