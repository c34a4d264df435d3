import { RemedyCommand } from '../../cli/base-command.ts';
import { toYaml } from '../../cli/render/document.ts';
import { parseOutputFormat } from '../../cli/render/output-format.ts';
import { Output } from '../../cli/render/output.ts';

export default class PlanSchema extends RemedyCommand {
  static override description =
    'Print the JSON Schema of plan files, for editors: the same schema that plans are checked against.';

  static override examples = [
    '<%= config.bin %> plan schema > plan.schema.json',
    '# yaml-language-server: $schema=plan.schema.json',
  ];

  /** Reads no configuration: the schema is the same everywhere. */
  async run(): Promise<void> {
    const { flags } = await this.parse(PlanSchema);
    const { planJsonSchema } = await import('../../plan/plan-schema.ts');
    const schema = planJsonSchema();
    const { kind } = parseOutputFormat(flags.output ?? 'json');
    const output = new Output(this.runtime.stdout);
    await output.write(kind === 'yaml' ? await toYaml(schema) : `${JSON.stringify(schema, null, 2)}\n`);
  }
}
