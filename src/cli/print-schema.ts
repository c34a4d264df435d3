import { printDocument } from './render/document.ts';
import { checkPaths, parseOutputFormat } from './render/output-format.ts';
import { outputOf } from './render/output.ts';
import type { Runtime } from './runtime.ts';

/** Prints a JSON Schema in the format that was asked for; as JSON where that is a table. No configuration is read. Throws USAGE. */
export async function printSchema(
  { stdout }: Runtime,
  asked: string | undefined,
  schemaOf: () => Promise<object>,
): Promise<void> {
  const chosen = parseOutputFormat(asked ?? 'json');
  await checkPaths(chosen);
  const format = chosen.kind === 'table' || chosen.kind === 'wide' ? { kind: 'json' as const } : chosen;
  const schema = await schemaOf();
  const title = 'title' in schema && typeof schema.title === 'string' ? schema.title : undefined;
  await printDocument(
    outputOf(stdout),
    { document: schema, rows: [schema], columns: [], name: () => title },
    { format, table: { header: true, maxWidth: undefined, paintHeader: (text) => text } },
  );
}
