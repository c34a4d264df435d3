import { string as stringArg } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { RemedyError } from '../../errors/remedy-error.ts';

export default class SignalTest extends RemedyCommand {
  static override description =
    'Hold signals to what is expected of them: each case has a signal, the objects and requests that exist, a time, and what is to become of it. Every case is explained on a throw-away store; no cluster and no store of yours is touched.';

  static override examples = [
    '<%= config.bin %> signal test examples/signal-tests.yaml',
    '<%= config.bin %> signal test cases/ --junit report.xml',
    '<%= config.bin %> signal test cases/*.yaml --update',
    '<%= config.bin %> signal test --schema > signal-tests.schema.json',
  ];

  static override args = {
    files: stringArg({
      multiple: true,
      ignoreStdin: true,
      description: 'Case files, or folders or globs of them.',
    }),
  };

  static override flags = {
    junit: string({ helpValue: 'FILE', summary: 'Write the results as JUnit XML too.' }),
    update: boolean({
      summary: 'Write what came of each case over what was expected, keeping comments.',
    }),
    schema: boolean({ summary: 'Print the JSON Schema of case files, for editors.' }),
  };

  async run(): Promise<number> {
    const { args, flags } = await this.parse(SignalTest);
    const session = await this.openSession(flags);
    const files = args.files ?? [];
    if (files.length === 0 && !flags.schema) {
      throw new RemedyError('USAGE', 'which cases? CASES is missing', {
        hint: 'give case files, or --schema for what they look like',
      });
    }
    const { printSchema, testSignals } = await import('../../cli/signal-test/test-command.ts');
    return flags.schema ? printSchema(session) : testSignals(session, files, flags);
  }
}
