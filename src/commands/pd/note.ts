import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { oneActionFlags, runOneAction, textOf } from '../../cli/plan-run/one-action.ts';
import { incidentFlag } from '../../cli/plan-run/subject-flags.ts';

export default class PdNote extends RemedyCommand {
  static override description =
    'Add a note to a PagerDuty incident: a plan of one action, with its journal. A note whose answer was lost is looked up by its content before it is sent again.';

  static override examples = [
    "<%= config.bin %> pd note --incident-id Q2I4AV3ZURABC --content 'Looked at it, network is fine.'",
    '<%= config.bin %> pd note --incident-id Q2I4AV3ZURABC --content-file findings.md --dry-run',
  ];

  static override ownFormats = ['markdown'];

  static override flags = {
    ...oneActionFlags,
    ...incidentFlag,
    content: string({ helpValue: 'TEXT', summary: 'The text of the note.' }),
    'content-file': string({
      helpValue: 'FILE',
      summary: 'A file that holds the text of the note; - is stdin.',
    }),
  };

  async run(): Promise<number> {
    const { flags } = await this.parse(PdNote);
    const session = await this.openSession(flags);
    const content = await textOf(session, 'content', {
      ...flags,
      text: flags.content,
      file: flags['content-file'],
    });
    const subject = { name: 'pd-note', incident: { id: flags['incident-id'] } };
    return runOneAction(session, { type: 'pagerduty_note', fields: { content }, subject }, flags);
  }
}
