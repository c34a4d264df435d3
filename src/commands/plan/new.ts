import { string as stringArg } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { planFlags } from '../../cli/plan/plan-flags.ts';

export default class PlanNew extends RemedyCommand {
  static override description =
    'List the outcomes of investigations that there are plans for, or print one of them as a plan to start from. Values that are not given stay as ${KEY}, to be given with --set later.';

  static override examples = [
    '<%= config.bin %> plan new',
    '<%= config.bin %> plan new egress-blocked --set cluster=1a2b3c --set incident=Q2I4AV --set product=rosa',
    '<%= config.bin %> plan new uwm-configmap-invalid --file plan.yaml',
  ];

  static override args = {
    template: stringArg({ ignoreStdin: true, description: 'The name of a template; absent: list them.' }),
  };

  static override flags = {
    set: planFlags.set,
    file: string({ helpValue: 'FILE', summary: 'Write it to this file, which must not exist.' }),
    force: boolean({ summary: 'Replace a file that exists.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PlanNew);
    const session = await this.openSession(flags);
    const { listTemplates, newPlan } = await import('../../cli/plan/print-template.ts');
    if (args.template === undefined) return listTemplates(session, flags);
    return newPlan(session, args.template, flags);
  }
}
