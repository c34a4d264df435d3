import { boolean, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { oneActionFlags, runOneAction, textOf } from '../../cli/plan-run/one-action.ts';
import { clusterFlag } from '../../cli/plan-run/subject-flags.ts';

export default class BackplaneReport extends RemedyCommand {
  static override description =
    'Create a cluster report: a plan of one action, with its journal. A report whose answer was lost is looked up by its summary and data before it is sent again.';

  static override examples = [
    '<%= config.bin %> backplane report --cluster-id 1a2b3c --summary chgm --data-file findings.md',
  ];

  static override ownFormats = ['markdown'];

  static override flags = {
    ...oneActionFlags,
    ...clusterFlag,
    summary: string({ required: true, helpValue: 'TEXT', summary: 'The headline.' }),
    data: string({ helpValue: 'TEXT', summary: 'The text of the report.' }),
    'data-file': string({
      helpValue: 'FILE',
      summary: 'A file that holds the text of the report; - is stdin.',
    }),
    timestamped: boolean({ summary: 'Put the time of sending before the summary.' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(BackplaneReport);
    const session = await this.openSession(flags);
    const data = await textOf(session, 'data', { ...flags, text: flags.data, file: flags['data-file'] });
    const fields = { summary: flags.summary, data, timestamped: flags.timestamped };
    const subject = { name: 'backplane-report', cluster: { id: flags['cluster-id'] } };
    return runOneAction(session, { type: 'backplane_report', fields, subject }, flags);
  }
}
