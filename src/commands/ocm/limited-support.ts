import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { oneActionFlags, runOneAction, textOf } from '../../cli/plan-run/one-action.ts';
import { remedyFlags, remedySubject } from '../../cli/plan-run/subject-flags.ts';

export default class OcmLimitedSupport extends RemedyCommand {
  static override description =
    'Put a cluster into limited support: a plan of one action, with its journal. A reason that the cluster has already is not added again, unless --allow-duplicates says so.';

  static override examples = [
    "<%= config.bin %> ocm limited-support --cluster-id 1a2b3c --summary 'Cluster is in Limited Support' --details 'The instances were stopped.' --metric-context StoppedInstances",
    "<%= config.bin %> ocm limited-support --cluster-id 1a2b3c --summary 'Cluster is in Limited Support' --details-file details.txt --metric-context EgressBlocked --dry-run",
  ];

  static override ownFormats = ['markdown'];

  static override flags = {
    ...oneActionFlags,
    ...remedyFlags,
    summary: string({ required: true, helpValue: 'TEXT', summary: 'The headline.' }),
    details: string({ helpValue: 'TEXT', summary: 'What is wrong and what to do.' }),
    'details-file': string({ helpValue: 'FILE', summary: 'A file that holds the details; - is stdin.' }),
    'metric-context': string({
      required: true,
      helpValue: 'NAME',
      summary: 'The label ls_summary of the metric, such as EgressBlocked.',
    }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(OcmLimitedSupport);
    const session = await this.openSession(flags);
    const given = { ...flags, text: flags.details, file: flags['details-file'] };
    const fields = {
      summary: flags.summary,
      details: await textOf(session, 'details', given),
      context: flags['metric-context'],
      allowDuplicates: flags['allow-duplicates'],
    };
    const subject = remedySubject('ocm-limited-support', flags);
    return runOneAction(session, { type: 'limited_support', fields, subject }, flags);
  }
}
