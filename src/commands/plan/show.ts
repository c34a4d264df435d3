import { RemedyCommand } from '../../cli/base-command.ts';
import { planArgs, planFlags } from '../../cli/plan/load-plans.ts';

export default class PlanShow extends RemedyCommand {
  static override description =
    'Show what a plan would send: each action in the order of execution with its system, its audience and its requests to the byte. Secrets are shown as ***, what only the run knows as <at run>. Nothing is sent.';

  static override examples = [
    '<%= config.bin %> plan show plan.yaml',
    '<%= config.bin %> plan show plan.yaml -o markdown >> ticket.md',
    "<%= config.bin %> plan show plan.yaml -o jsonpath='{.plan.hash}'",
  ];

  static override args = planArgs;
  static override flags = planFlags;
  static override ownFormats = ['markdown'];

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PlanShow);
    const session = await this.openSession(flags);
    const { showPlans } = await import('../../cli/plan/show-run.ts');
    await showPlans(session, args.files, flags.set);
  }
}
