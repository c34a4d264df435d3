import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { exitCodes } from '../../cli/exit-codes.ts';
import type { Session } from '../../cli/session.ts';
import { resumableRuns } from '../../plan-run/resumable-runs.ts';
import { workFlags } from '../../cli/plan-run/run-flags.ts';

export default class PlanResume extends RemedyCommand {
  static override description =
    'Go on with a run that was interrupted: what happened is not repeated, what may have happened is looked up, what is missing is done. What failed stays failed. An escalation of unknown outcome cannot be looked up: whoever sits at the terminal is asked.';

  static override examples = ['<%= config.bin %> plan resume', '<%= config.bin %> plan resume 1f0c2c52'];

  static override args = {
    run: string({
      ignoreStdin: true,
      description:
        'The id of a run, or the beginning of it; without it the runs that can be resumed are listed.',
    }),
  };

  static override flags = {
    ...workFlags,
    moved: boolean({
      summary: 'The systems are the same as when the run began, though their configured URLs are others now.',
    }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(PlanResume);
    const session = await this.openSession(flags);
    if (args.run === undefined) return listResumable(session);
    const { executeResume } = await import('../../cli/plan-run/execute.ts');
    return executeResume(session, args.run, flags);
  }
}

/** Nothing is gone on with unless it was named: the list is the answer to a command that lacks its argument. */
async function listResumable(session: Session): Promise<number> {
  const [{ listRuns }, { printRunList }] = await Promise.all([
    import('../../plan-run/run-status.ts'),
    import('../../cli/plan-run/print-run-list.ts'),
  ]);
  const { clock, random } = session.runtime;
  const runs = await listRuns({ directory: session.config.values.store, clock, random });
  const resumable = resumableRuns(runs);
  if (resumable.length > 0) await printRunList(session, resumable);
  else session.notices.say('no run was interrupted');
  return exitCodes.usage;
}
