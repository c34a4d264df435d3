import { string as stringArg } from '@oclif/core/args';
import { RemedyCommand } from '../../cli/base-command.ts';
import { Output } from '../../cli/render/output.ts';
import { toYaml } from '../../cli/render/document.ts';
import { parseOutputFormat } from '../../cli/render/output-format.ts';

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
    const { jsonSchemaOf } = await import('../../cli/retry/trace-schema.ts');
    const schema = jsonSchemaOf(names.find((name) => name === args.schema) ?? 'trace');
    const { kind } = parseOutputFormat(flags.output ?? 'json');
    const output = new Output(this.runtime.stdout);
    await output.write(kind === 'yaml' ? await toYaml(schema) : `${JSON.stringify(schema, null, 2)}\n`);
  }
}
