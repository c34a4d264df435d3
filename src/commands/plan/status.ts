import { string } from '@oclif/core/args';
import { RemedyCommand } from '../../cli/base-command.ts';

export default class PlanStatus extends RemedyCommand {
  static override description =
    'Show the runs of plans that the journal in the store has, the newest first; or one of them with its actions and requests.';

  static override examples = [
    '<%= config.bin %> plan status',
    '<%= config.bin %> plan status 1f0c2c52 -o json',
  ];

  static override args = {
    run: string({ ignoreStdin: true, description: 'The id of a run, or the beginning of it.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PlanStatus);
    const session = await this.openSession(flags);
    const [{ listRuns, readRun }, { printRuns }, { printRunList }] = await Promise.all([
      import('../../plan-run/run-status.ts'),
      import('../../cli/plan-run/print-runs.ts'),
      import('../../cli/plan-run/print-run-list.ts'),
    ]);
    const { clock, random } = session.runtime;
    const journal = { directory: session.config.values.store, clock, random };
    if (args.run === undefined) await printRunList(session, await listRuns(journal));
    else await printRuns(session, [await readRun(args.run, journal)]);
  }
}
