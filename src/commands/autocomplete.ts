import { string } from '@oclif/core/args';
import { RemedyCommand } from '../cli/base-command.ts';
import { completionScript, shells, type Shell } from '../cli/completion/completion-script.ts';
import { outputOf } from '../cli/render/output.ts';

export default class Autocomplete extends RemedyCommand {
  static override description =
    'Print a script that makes a shell complete commands, flags, their values, and the names of what there is: requests, leases, namespaces, contexts, runs. docs/completion.md says how to switch it on for good.';

  static override examples = [
    'source <(<%= config.bin %> autocomplete bash)',
    '<%= config.bin %> autocomplete zsh > "$' + '{fpath[1]}/_remedyctl"',
    '<%= config.bin %> autocomplete fish > ~/.config/fish/completions/remedyctl.fish',
    '<%= config.bin %> autocomplete powershell | Out-String | Invoke-Expression',
  ];

  static override args = {
    shell: string({ required: true, ignoreStdin: true, options: [...shells], description: 'The shell.' }),
  };

  async run(): Promise<void> {
    const { args } = await this.parse(Autocomplete);
    await outputOf(this.runtime.stdout).write(completionScript(args.shell as Shell));
  }
}
