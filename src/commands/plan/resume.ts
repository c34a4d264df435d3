import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { workFlags } from '../../cli/plan-run/run-flags.ts';

export default class PlanResume extends RemedyCommand {
  static override description =
    'Go on with a run that was interrupted: what happened is not repeated, what may have happened is looked up, what is missing is done. What failed stays failed. An escalation of unknown outcome cannot be looked up: whoever sits at the terminal is asked.';

  static override examples = ['<%= config.bin %> plan resume 1f0c2c52'];

  static override args = {
    run: string({
      required: true,
      ignoreStdin: true,
      description: 'The id of a run, or the beginning of it.',
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
    const { executeResume } = await import('../../cli/plan-run/execute.ts');
    return executeResume(session, args.run, flags);
  }
}
