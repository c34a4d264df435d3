import { RemedyCommand } from '../../cli/base-command.ts';
import { printDocument } from '../../cli/render/document.ts';
import { settingColumns } from '../../cli/render/program-columns.ts';
import { listConfig } from '../../config/config-listing.ts';

export default class ConfigShow extends RemedyCommand {
  static override description =
    'Show the effective value of every setting and where it comes from: a flag, the environment, a line of the configuration file, or the default.';

  static override examples = [
    '<%= config.bin %> config show',
    '<%= config.bin %> config show --profile prod -o json',
    '<%= config.bin %> config show -o jsonpath=\'{.settings[?(@.key=="namespace")].value}\'',
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(ConfigShow);
    const { config, output, render } = await this.openSession(flags);
    const settings = listConfig(config);
    const document = {
      apiVersion: 'remedyctl.dev/v1',
      kind: 'Configuration',
      file: config.file,
      ...(config.profile === undefined ? {} : { profile: config.profile }),
      settings,
    };
    await printDocument(
      output,
      {
        document,
        rows: settings,
        columns: settingColumns,
        name: ({ key }) => `setting/${key}`,
        lines: settings,
        inFull: true,
      },
      render,
    );
  }
}
