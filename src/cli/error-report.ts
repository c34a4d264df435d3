import { problemLine, type ConfigProblem } from '../documents/config-problem.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { asFlagError } from './flag-names.ts';
import { asInterrupted } from './stop-request.ts';
import { toTerminalLines, toTerminalText } from './terminal-text.ts';

/** The `error` of an Error document. */
export interface ErrorFacts {
  code: string;
  message: string;
  hint?: string;
  details?: Record<string, unknown>;
}

/** The code of a bug in JSON; it has no exit code of its own table row since it is no RemedyError. */
const bugCode = 'BUG';

export function errorFacts(failure: unknown): ErrorFacts {
  const thrown = asFlagError(asInterrupted(failure));
  if (thrown instanceof RemedyError) {
    const { code, message, hint, details } = thrown;
    return {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(details === undefined ? {} : { details }),
    };
  }
  return {
    code: bugCode,
    message: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
    hint: 'this is a bug in remedyctl; run the command again with -v and keep what stderr shows',
  };
}

/** The document that stands on stdout when a command fails and a JSON format is chosen. */
export function errorDocument(thrown: unknown): object {
  return { apiVersion: 'remedyctl.dev/v1', kind: 'Error', error: errorFacts(thrown) };
}

/** What stderr says of a failure; a bug comes with its stack trace and what else is needed to find it. */
export function errorText(failure: unknown, about: { version: string; verbose: boolean }): string {
  const thrown = asFlagError(asInterrupted(failure));
  if (!(thrown instanceof RemedyError)) return bugText(thrown, about.version);
  const [first = '', ...more] = messageLines(thrown);
  const lines = [`error: ${first}`, ...more, `  code: ${thrown.code}`];
  if (thrown.hint !== undefined) lines.push(`  hint: ${toTerminalText(thrown.hint)}`);
  if (about.verbose) lines.push(...causeLines(thrown));
  return `${lines.join('\n')}\n`;
}

/** Several problems stand one a line. A line end in one of them stays an escape: nobody forges a line. */
function messageLines({ message, details }: RemedyError): string[] {
  const problems = details?.['problems'];
  if (!Array.isArray(problems) || problems.length < 2 || !problems.every(isProblem)) {
    return [toTerminalText(message)];
  }
  const [heading = ''] = message.split('\n', 1);
  return [toTerminalText(heading), ...problems.map((one) => `  ${toTerminalText(problemLine(one))}`)];
}

function isProblem(value: unknown): value is ConfigProblem {
  if (typeof value !== 'object' || value === null) return false;
  return 'where' in value && typeof value.where === 'string' && 'message' in value;
}

function causeLines(error: RemedyError): string[] {
  const lines: string[] = [];
  let { cause } = error;
  while (cause instanceof Error && lines.length < 8) {
    lines.push(`  cause: ${toTerminalText(`${cause.name}: ${cause.message}`)}`);
    ({ cause } = cause);
  }
  return lines;
}

function bugText(thrown: unknown, version: string): string {
  const stack =
    thrown instanceof Error ? (thrown.stack ?? `${thrown.name}: ${thrown.message}`) : String(thrown);
  return [
    `bug: ${toTerminalLines(stack)}`,
    '',
    'This is a bug in remedyctl, not a mistake of yours. To find it one needs the lines above, the command',
    `line (without secrets) and: remedyctl ${version}, node ${process.version}, ${process.platform}-${process.arch}.`,
    '',
  ].join('\n');
}
