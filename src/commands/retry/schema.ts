import { string as stringArg } from '@oclif/core/args';
import { RemedyCommand } from '../../cli/base-command.ts';
import { printSchema } from '../../cli/print-schema.ts';

const names = ['trace', 'trace-header', 'trace-operation', 'policy', 'outage'] as const;

export default class RetrySchema extends RemedyCommand {
  static override description =
    'Print the JSON Schema of what retry commands read: a trace in one document, the header and the further lines of a trace of lines, a file of policies, a file of outages.';

  static override examples = [
    '<%= config.bin %> retry schema > trace.schema.json',
    '<%= config.bin %> retry schema policy -o yaml',
  ];

  static override args = {
    schema: stringArg({
      options: names,
      default: 'trace',
      ignoreStdin: true,
      description: 'Which of them.',
    }),
  };

  /** Reads no configuration: the schema is the same everywhere. */
  async run(): Promise<void> {
    const { args, flags } = await this.parse(RetrySchema);
    await printSchema(this.runtime, flags.output, async () => {
      const { jsonSchemaOf } = await import('../../replay/trace-schema.ts');
      return jsonSchemaOf(names.find((name) => name === args.schema) ?? 'trace');
    });
  }
}
