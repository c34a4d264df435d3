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
    const { showStatus } = await import('../../cli/plan-run/show-status.ts');
    await showStatus(session, args.run);
  }
}
