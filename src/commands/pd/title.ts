import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { oneActionFlags, runOneAction } from '../../cli/plan-run/one-action.ts';
import { incidentFlag } from '../../cli/plan-run/subject-flags.ts';

export default class PdTitle extends RemedyCommand {
  static override description =
    'Put a prefix before the title of a PagerDuty incident, unless the title has it already: a plan of one action, with its journal.';

  static override examples = [
    "<%= config.bin %> pd title --incident-id Q2I4AV3ZURABC --prefix '[LIMITED SUPPORT]'",
  ];

  static override ownFormats = ['markdown'];

  static override flags = {
    ...oneActionFlags,
    ...incidentFlag,
    prefix: string({ required: true, helpValue: 'TEXT', summary: 'What to put before the title.' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(PdTitle);
    const session = await this.openSession(flags);
    const subject = { name: 'pd-title', incident: { id: flags['incident-id'] } };
    const fields = { prefix: flags.prefix };
    return runOneAction(session, { type: 'pagerduty_title_update', fields, subject }, flags);
  }
}
