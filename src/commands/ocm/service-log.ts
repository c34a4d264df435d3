import { boolean, option, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { oneActionFlags, optionalTextOf, runOneAction } from '../../cli/plan-run/one-action.ts';
import { duplicateFlag } from '../../cli/plan-run/run-flags.ts';
import { remedyFlags, remedySubject } from '../../cli/plan-run/subject-flags.ts';
import { severities } from '../../plan/plan.ts';

export default class OcmServiceLog extends RemedyCommand {
  static override description =
    'Send a service log to the owner of a cluster, as a plan of one action. It has a journal; one with the same summary and description is not sent twice, unless --allow-duplicates says so.';

  static override examples = [
    "<%= config.bin %> ocm service-log --cluster-id 1a2b3c --external-id 6e7f4c10-0000-4000-8000-000000000001 --severity Major --summary 'Action required: review the network' --description 'Egress to nosnch.in is blocked.'",
  ];

  static override ownFormats = ['markdown'];

  static override flags = {
    ...oneActionFlags,
    ...remedyFlags,
    ...duplicateFlag,
    'external-id': string({
      helpValue: 'UUID',
      summary: 'Its external id, where it has one.',
    }),
    severity: option({ options: severities, required: true, summary: '' })(),
    summary: string({ required: true, helpValue: 'TEXT', summary: 'The headline.' }),
    description: string({ helpValue: 'TEXT', summary: 'The text.' }),
    'description-file': string({ helpValue: 'FILE', summary: 'A file that holds the text; - is stdin.' }),
    'service-name': string({ helpValue: 'NAME', summary: 'Who sends it (default SREManualAction).' }),
    reason: string({ helpValue: 'TEXT', summary: 'Why; kept in the journal, sent nowhere.' }),
    'internal-only': boolean({ summary: 'Hide it from the customer.' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(OcmServiceLog);
    const session = await this.openSession(flags);
    const given = { ...flags, text: flags.description, file: flags['description-file'] };
    const fields = {
      severity: flags.severity,
      summary: flags.summary,
      description: await optionalTextOf(session, 'description', given),
      serviceName: flags['service-name'],
      internalOnly: flags['internal-only'],
      reason: flags.reason,
      allowDuplicates: flags['allow-duplicates'],
    };
    const subject = remedySubject('ocm-service-log', flags);
    return runOneAction(session, { type: 'service_log', fields, subject }, flags);
  }
}
