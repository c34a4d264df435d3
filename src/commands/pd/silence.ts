import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { oneActionFlags, runOneAction } from '../../cli/plan-run/one-action.ts';
import { incidentFlag } from '../../cli/plan-run/subject-flags.ts';

export default class PdSilence extends RemedyCommand {
  static override description =
    'Silence a PagerDuty incident: move it to the silent escalation policy. A plan of one action, with its journal; nothing tells the customer, so that is up to whoever calls it.';

  static override examples = [
    "<%= config.bin %> pd silence --incident-id Q2I4AV3ZURABC --reason 'customer stopped the instances'",
    '<%= config.bin %> pd silence --incident-id Q2I4AV3ZURABC --silent-policy PSILENT --dry-run',
  ];

  static override ownFormats = ['markdown'];

  static override flags = {
    ...oneActionFlags,
    ...incidentFlag,
    reason: string({ helpValue: 'TEXT', summary: 'Why; kept in the journal.' }),
    'silent-policy': string({
      helpValue: 'ID',
      summary: 'The escalation policy in place of the configured one (pagerduty.silentPolicy).',
    }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(PdSilence);
    const session = await this.openSession(flags);
    const silentPolicy = flags['silent-policy'];
    const incident = { id: flags['incident-id'], ...(silentPolicy === undefined ? {} : { silentPolicy }) };
    const fields = { reason: flags.reason, withoutRemedy: true };
    const subject = { name: 'pd-silence', incident };
    return runOneAction(session, { type: 'silence_incident', fields, subject }, flags);
  }
}
