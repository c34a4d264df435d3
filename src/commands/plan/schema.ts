import { RemedyCommand } from '../../cli/base-command.ts';
import { printSchema } from '../../cli/print-schema.ts';

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
    await printSchema(this.runtime, flags.output, async () => {
      const { planJsonSchema } = await import('../../plan/plan-schema.ts');
      return planJsonSchema();
    });
  }
}
