import { boolean, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { writeFlags } from '../../cli/global-flags.ts';
import { workFlags } from '../../cli/plan-run/run-flags.ts';
import { planArgs, planFlags } from '../../cli/plan/load-plans.ts';

export default class PlanRun extends RemedyCommand {
  static override description =
    'Run plans: every action once, in the order of execution, with what is about to be sent and what came back written down before and after each request. A silence whose remedy failed is replaced by an escalation. A write of unknown outcome is looked up before it is sent again. The same plan is not run twice, unless --again says so. Exit code: 0 everything, 4 some of it, 1 nothing, 3 another hash than expected.';

  static override examples = [
    '<%= config.bin %> plan run plan.yaml',
    "<%= config.bin %> plan run plan.yaml --expect-hash $(<%= config.bin %> plan show plan.yaml -o jsonpath='{.plan.hash}') --yes",
    '<%= config.bin %> plan run plan.yaml --dry-run',
  ];

  static override args = planArgs;

  static override ownFormats = ['markdown'];

  static override flags = {
    ...planFlags,
    ...workFlags,
    'dry-run': writeFlags['dry-run'],
    'expect-hash': string({
      helpValue: 'HASH',
      summary: 'Run the plan only if it has this hash (see plan show).',
    }),
    again: boolean({ summary: 'Run a plan that was run before once more, from its beginning.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(PlanRun);
    const session = await this.openSession(flags);
    if (flags['dry-run'] !== undefined) {
      const { showPlans } = await import('../../cli/plan/show-run.ts');
      await showPlans(session, args.files, flags.set);
      return 0;
    }
    const [{ loadPlans }, { runPlans }] = await Promise.all([
      import('../../cli/plan/load-plans.ts'),
      import('../../cli/plan-run/run-plans.ts'),
    ]);
    const loaded = await loadPlans(session.runtime, args.files, flags.set);
    const plans = loaded.map(({ plan }) => plan);
    return runPlans(session, plans, flags);
  }
}
