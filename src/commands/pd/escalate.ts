import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { oneActionFlags, runOneAction } from '../../cli/plan-run/one-action.ts';
import { incidentFlag } from '../../cli/plan-run/subject-flags.ts';

export default class PdEscalate extends RemedyCommand {
  static override description =
    'Escalate a PagerDuty incident to the configured level (pagerduty.escalationLevel). A plan of one action, with its journal. Where the answer was lost nobody can look it up: whoever sits at the terminal is asked, elsewhere it stays unknown (exit code 4).';

  static override examples = [
    "<%= config.bin %> pd escalate --incident-id Q2I4AV3ZURABC --reason 'a person has to look'",
  ];

  static override ownFormats = ['markdown'];

  static override flags = {
    ...oneActionFlags,
    ...incidentFlag,
    reason: string({ helpValue: 'TEXT', summary: 'Why; kept in the journal.' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(PdEscalate);
    const session = await this.openSession(flags);
    const subject = { name: 'pd-escalate', incident: { id: flags['incident-id'] } };
    const fields = { reason: flags.reason };
    return runOneAction(session, { type: 'escalate_incident', fields, subject }, flags);
  }
}
