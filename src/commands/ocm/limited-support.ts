import { boolean, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { oneActionFlags, runOneAction } from '../../cli/plan-run/one-action.ts';

export default class OcmLimitedSupport extends RemedyCommand {
  static override description =
    'Put a cluster into limited support: a plan of one action, with its journal. A reason that the cluster has already is not added again, unless --allow-duplicates says so.';

  static override examples = [
    "<%= config.bin %> ocm limited-support --cluster-id 1a2b3c --summary 'Cluster is in Limited Support' --details 'The instances were stopped.' --metric-context StoppedInstances",
  ];

  static override ownFormats = ['markdown'];

  static override flags = {
    ...oneActionFlags,
    'cluster-id': string({ required: true, helpValue: 'ID', summary: "OCM's internal id of the cluster." }),
    summary: string({ required: true, helpValue: 'TEXT', summary: 'The headline.' }),
    details: string({ required: true, helpValue: 'TEXT', summary: 'What is wrong and what to do.' }),
    'metric-context': string({
      required: true,
      helpValue: 'NAME',
      summary: 'The label ls_summary of the metric, such as EgressBlocked.',
    }),
    product: string({
      helpValue: 'NAME',
      summary: 'rosa or osd: links to the documentation of the other one are refused.',
    }),
    'alert-type': string({ helpValue: 'NAME', summary: 'The label alert_type of the metric.' }),
    'allow-duplicates': boolean({ summary: 'Send it even where the cluster has one that says the same.' }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(OcmLimitedSupport);
    const session = await this.openSession(flags);
    const { product, summary, details } = flags;
    const cluster = { id: flags['cluster-id'], ...(product === undefined ? {} : { product }) };
    const subject = { name: 'ocm-limited-support', alertType: flags['alert-type'], cluster };
    const fields = {
      summary,
      details,
      context: flags['metric-context'],
      allowDuplicates: flags['allow-duplicates'],
    };
    return runOneAction(session, { type: 'limited_support', fields, subject }, flags);
  }
}
