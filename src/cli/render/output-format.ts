import { RemedyError } from '../../errors/remedy-error.ts';
import { nearest } from '../../text/nearest.ts';

/** A parsed `-o`. */
export type OutputFormat =
  | { kind: 'table' | 'wide' | 'json' | 'jsonl' | 'yaml' | 'name' }
  | { kind: 'jsonpath'; template: string }
  | { kind: 'custom-columns'; columns: CustomColumn[] };

export interface CustomColumn {
  header: string;
  path: string;
}

const simple = ['table', 'wide', 'json', 'jsonl', 'yaml', 'name'] as const;

/** What `-o` may begin with; what ends in `=` goes on. `own` are formats that only some command has. */
export function formatBeginnings(own: readonly string[] = []): string[] {
  return [...simple, ...own, 'jsonpath=', 'custom-columns='];
}

/** Parses `-o`; `own` are formats that only some command has. Throws USAGE, naming the nearest format. */
export function parseOutputFormat(text: string, own: readonly string[] = []): OutputFormat {
  const kind = simple.find((name) => name === text);
  if (kind !== undefined) return { kind };
  const equals = text.indexOf('=');
  const name = equals === -1 ? text : text.slice(0, equals);
  const value = equals === -1 ? '' : text.slice(equals + 1);
  if (name === 'jsonpath') return { kind: 'jsonpath', template: required(name, value) };
  if (name === 'custom-columns')
    return { kind: name, columns: required(name, value).split(',').map(parseColumn) };
  const named = [...simple, ...own];
  const close = nearest(name, named);
  throw new RemedyError('USAGE', `unknown output format "${text}"`, {
    hint:
      close === undefined
        ? `choose one of ${named.join(', ')}, jsonpath=TEMPLATE, custom-columns=HEADER:PATH,…`
        : `did you mean -o ${close}?`,
  });
}

/** Refuses a template or a column that cannot be read, before anything is done that would be printed by it. Throws USAGE. */
export async function checkPaths(format: OutputFormat): Promise<void> {
  if (format.kind !== 'jsonpath' && format.kind !== 'custom-columns') return;
  const { parsePath, parseTemplate } = await import('../../jsonpath/jsonpath-parse.ts');
  if (format.kind === 'jsonpath') parseTemplate(format.template);
  else for (const { path } of format.columns) parsePath(path);
}

function required(name: string, value: string): string {
  if (value !== '') return value;
  throw new RemedyError('USAGE', `-o ${name} needs a value`, {
    hint:
      name === 'jsonpath'
        ? "for example -o jsonpath='{.items[*].outcome}'"
        : 'for example -o custom-columns=NAME:.metadata.name',
  });
}

function parseColumn(text: string): CustomColumn {
  const colon = text.indexOf(':');
  if (colon <= 0 || colon === text.length - 1) {
    throw new RemedyError('USAGE', `custom column "${text}" is not HEADER:PATH`, {
      hint: 'for example -o custom-columns=NAME:.metadata.name,PHASE:.status.overallPhase',
    });
  }
  return { header: text.slice(0, colon), path: text.slice(colon + 1) };
}
