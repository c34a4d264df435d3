import { RemedyError } from '../errors/remedy-error.ts';

/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  /** Where, to begin a line with: `config.yaml:3:5`, `--namespace`, `REMEDYCTL_NAMESPACE`. */
  readonly where: string;
  readonly field?: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The nearest known key. */
  readonly suggestion?: string;
}

/** All problems in one error: somebody who corrects a file wants to do it once. Wrong options alone are wrong usage. */
export function configError(
  problems: readonly ConfigProblem[],
  { hint, code = 'CONFIG_INVALID' }: { hint?: string; code?: 'CONFIG_INVALID' | 'INVALID_OPTION' } = {},
): RemedyError {
  return new RemedyError(code, `configuration: ${listed(problems)}`, { hint, details: { problems } });
}

/** The same of files that are no configuration: INVALID_DOCUMENT, with a hint that says what can stand there. */
export function documentError(problems: readonly ConfigProblem[], hint: string): RemedyError {
  return new RemedyError('INVALID_DOCUMENT', listed(problems), { hint, details: { problems } });
}

function listed(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(problemLine);
  return lines.length === 1 ? (lines[0] ?? '') : [`${lines.length} problems:`, ...lines].join('\n  ');
}

/** `where: field: what; did you mean …?` */
export function problemLine({ where, field, message, suggestion }: ConfigProblem): string {
  const named = field === undefined ? '' : `${field}: `;
  const nearest = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
  return `${where}: ${named}${message}${nearest}`;
}
