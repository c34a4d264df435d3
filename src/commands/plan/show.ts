import { RemedyCommand } from '../../cli/base-command.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import { sayNext } from '../../cli/next-step.ts';
import { planArgs, planFlags, planReading, samePlans } from '../../cli/plan/plan-flags.ts';

export default class PlanShow extends RemedyCommand {
  static override description =
    'Show what a plan would send: each action in the order of execution with its system, its audience and its requests to the byte. Secrets are shown as ***, what only the run knows as <at run>. What is not configured is shown as <not configured>; exit code 2 where that is the silent policy or the sender. Nothing is sent.';

  static override examples = [
    '<%= config.bin %> plan show plan.yaml',
    '<%= config.bin %> plan show plan.yaml -o markdown >> ticket.md',
    "<%= config.bin %> plan show plan.yaml -o jsonpath='{.plan.hash}'",
  ];

  static override args = planArgs;
  static override flags = planFlags;
  static override ownFormats = ['markdown'];

  async run(): Promise<number> {
    const { args, flags } = await this.parse(PlanShow);
    const session = await this.openSession(flags);
    const [{ loadPlans }, { printPreviews }, { signIn }] = await Promise.all([
      import('../../plan/load-plans.ts'),
      import('../../cli/plan/print-previews.ts'),
      import('../../cli/plan/sign-in.ts'),
    ]);
    const loaded = await loadPlans(args.files, planReading(session, flags.set));
    const missing = await printPreviews(
      (await signIn(session, {})).session,
      loaded.map(({ plan }) => plan),
    );
    if (missing > 0) return exitCodes.usage;
    const same = samePlans(args.files, flags.set);
    if (same) sayNext(session, 'to send it', ['plan', 'run', ...same]);
    return exitCodes.done;
  }
}
