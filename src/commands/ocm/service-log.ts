import { boolean, option, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { oneActionFlags, runOneAction } from '../../cli/plan-run/one-action.ts';
import { severities } from '../../plan/plan.ts';

export default class OcmServiceLog extends RemedyCommand {
  static override description =
    'Send a service log to the owner of a cluster: a plan of one action, with its journal. One with the same summary and description is not sent twice, unless --allow-duplicates says so.';

  static override examples = [
    "<%= config.bin %> ocm service-log --cluster-id 1a2b3c --external-id 6e7f4c10-0000-4000-8000-000000000001 --severity Major --summary 'Action required: review the network' --description 'Egress to nosnch.in is blocked.'",
  ];

  static override ownFormats = ['markdown'];

  static override flags = {
    ...oneActionFlags,
    'cluster-id': string({ required: true, helpValue: 'ID', summary: "OCM's internal id of the cluster." }),
    'external-id': string({
      required: true,
      helpValue: 'UUID',
      summary: 'The external id of the cluster, by which its service logs are searched.',
    }),
    severity: option({ options: severities, required: true, summary: 'How severe it is.' })(),
    summary: string({ required: true, helpValue: 'TEXT', summary: 'The headline.' }),
    description: string({ helpValue: 'TEXT', summary: 'The text.' }),
    'service-name': string({ helpValue: 'NAME', summary: 'Who sends it (default SREManualAction).' }),
    'internal-only': boolean({ summary: 'Hide it from the customer.' }),
    product: string({
      helpValue: 'NAME',
      summary: 'rosa or osd: links to the documentation of the other one are refused.',
    }),
    'alert-type': string({ helpValue: 'NAME', summary: 'The label alert_type of the metric.' }),
    'allow-duplicates': boolean({ summary: 'Send it even where the cluster has one that says the same.' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(OcmServiceLog);
    const session = await this.openSession(flags);
    const { product, severity, summary, description } = flags;
    const cluster = {
      id: flags['cluster-id'],
      externalId: flags['external-id'],
      ...(product === undefined ? {} : { product }),
    };
    const subject = { name: 'ocm-service-log', alertType: flags['alert-type'], cluster };
    const fields = {
      severity,
      summary,
      description,
      serviceName: flags['service-name'],
      internalOnly: flags['internal-only'],
      allowDuplicates: flags['allow-duplicates'],
    };
    return runOneAction(session, { type: 'service_log', fields, subject }, flags);
  }
}
