import type { ErrorCode } from '../errors/error-codes.ts';
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

/** All problems in one error: somebody who corrects a file wants to do it once. */
export function configError(problems: readonly ConfigProblem[], hint?: string): RemedyError {
  const lines = problems.map(problemLine);
  const message =
    lines.length === 1 ? (lines[0] ?? '') : [`${lines.length} problems:`, ...lines].join('\n  ');
  return new RemedyError(codeOf(problems), `configuration: ${message}`, { hint, details: { problems } });
}

/** `where: field: what; did you mean …?` */
export function problemLine({ where, field, message, suggestion }: ConfigProblem): string {
  const named = field === undefined ? '' : `${field}: `;
  const nearest = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
  return `${where}: ${named}${message}${nearest}`;
}

/** A wrong flag alone is wrong usage of the command. */
function codeOf(problems: readonly ConfigProblem[]): ErrorCode {
  return problems.every(({ where }) => where.startsWith('--')) ? 'USAGE' : 'CONFIG_INVALID';
}
