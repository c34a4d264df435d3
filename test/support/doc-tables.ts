import { readFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';

const root = path.resolve(import.meta.dirname, '../..');

/** A markdown file of the repository. */
export function docPath(name: string): string {
  return path.join(root, name);
}

/** A table in markdown. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The page of the file as it should be: with this table in place of the one that has the same first header. */
export async function pageWithTable(name: string, table: string): Promise<string> {
  const page = readFileSync(docPath(name), 'utf8');
  const [first = ''] = /^\| [^|]+ \| [^|]+/.exec(table) ?? [];
  const headers = first.split('|').map((cell) => cell.trim());
  const begins = new RegExp(
    `^\\|\\s*${headers[1] ?? ''}\\s*\\|\\s*${headers[2] ?? ''}\\s*\\|.*\\n(\\|.*\\n)+`,
    'm',
  );
  if (!begins.test(page)) throw new Error(`${name} has no table of ${headers.slice(1).join(', ')}`);
  return formatted(page.replace(begins, () => `${table}\n`));
}

/** As the repository formats markdown. */
export async function formatted(text: string): Promise<string> {
  const options = await resolveConfig(docPath('README.md'));
  return format(text, { ...options, parser: 'markdown' });
}
