import { boolean } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { printDocument } from '../../cli/render/document.ts';
import { wroteColumns } from '../../cli/render/program-columns.ts';
import { outputOf } from '../../cli/render/output.ts';
import { checkPaths, parseOutputFormat } from '../../cli/render/output-format.ts';
import { configPath } from '../../config/config-path.ts';
import { homeFolder } from '../../files/home-folder.ts';
import { writeNewFile } from '../../files/new-file.ts';
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
    const { stdout, env, cwd, random } = this.runtime;
    const output = outputOf(stdout);
    if (flags.stdout) return output.write(starterConfig());
    const format = parseOutputFormat(flags.output ?? 'table');
    await checkPaths(format);
    const path = configPath({ env, cwd, home: homeFolder(env) }, flags.config);
    await writeNewFile(path, starterConfig(), { random, replace: flags.force, option: 'config' });
    await printDocument(
      output,
      {
        document: { apiVersion: 'remedyctl.dev/v1', kind: 'ConfigurationWritten', file: path },
        rows: [path],
        columns: wroteColumns,
        name: (row) => row,
      },
      {
        format,
        table: { header: !flags['no-headers'], maxWidth: undefined, paintHeader: (text) => text },
      },
    );
  }
}
