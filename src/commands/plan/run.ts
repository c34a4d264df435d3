import { boolean, option, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { dryRunFlag } from '../../cli/plan-run/dry-run.ts';
import { duplicateFlag, workFlags } from '../../cli/plan-run/run-flags.ts';
import { planArgs, planFlags, planReading } from '../../cli/plan/plan-flags.ts';
import { RemedyError } from '../../errors/remedy-error.ts';
import { planModes, type Plan } from '../../plan/plan.ts';

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
    ...dryRunFlag,
    ...duplicateFlag,
    'expect-hash': string({
      helpValue: 'HASH',
      summary: 'Run the plan only if it has this hash (see plan show); its first 12 digits will do.',
    }),
    mode: option({
      options: planModes,
      summary: "In place of the plan's mode; it changes the hash.",
    })(),
    'infra-cluster': boolean({
      summary:
        'It is an infrastructure cluster: limited support, service logs and silences become a note and an escalation; it changes the hash.',
    }),
    again: boolean({ summary: 'Run a plan that was run before once more, from its beginning.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(PlanRun);
    const session = await this.openSession(flags);
    refuseTogether(args.files, flags, session.ownFormat);
    const { loadPlans } = await import('../../plan/load-plans.ts');
    const reading = planReading(session, flags.set, optionsOf(flags));
    const plans = (await loadPlans(args.files, reading)).map(({ plan }) => plan);
    if (flags['dry-run'] !== undefined) {
      const { dryRun } = await import('../../cli/plan-run/dry-run.ts');
      await dryRun(session, plans, flags);
      return 0;
    }
    const { executePlans } = await import('../../cli/plan-run/execute.ts');
    return executePlans(session, plans, flags);
  }
}

/** What would come to nothing, or be noticed only when everything is sent. */
function refuseTogether(
  files: readonly string[],
  flags: { 'token-stdin': boolean; 'dry-run'?: unknown },
  format: string | undefined,
): void {
  if (flags['token-stdin'] && files.includes('-')) {
    throw new RemedyError('USAGE', 'a plan from - and --token-stdin both read stdin');
  }
  if (format === 'markdown' && flags['dry-run'] === undefined) {
    throw new RemedyError('USAGE', '-o markdown shows what would be sent: it is for --dry-run and plan show');
  }
}

/** What the flags put in place of the options in the file: one that is not given puts nothing, no `false` either. */
function optionsOf({
  mode,
  'infra-cluster': infraCluster,
}: {
  mode?: Plan['options']['mode'] | undefined;
  'infra-cluster': boolean;
}): Partial<Plan['options']> {
  return { ...(mode === undefined ? {} : { mode }), ...(infraCluster ? { infraCluster } : {}) };
}
