import { stripVTControlCharacters } from 'node:util';
import { RemedyError } from '../errors/remedy-error.ts';
import { nearest } from '../text/nearest.ts';

/** The parts of oclif's own parse errors that are read; it exports no common class for them at run time. */
interface OclifError extends Error {
  oclif: { exit?: number };
  flags?: string[];
  args?: unknown;
  parse?: { input?: { flags?: Record<string, unknown> } };
}

function isOclifError(thrown: unknown): thrown is OclifError {
  return thrown instanceof Error && 'oclif' in thrown && !(thrown instanceof RemedyError);
}

/** oclif's usage errors as USAGE with a hint; anything else comes back as it is. */
export function asUsageError(thrown: unknown, commandLine: string): unknown {
  if (!isOclifError(thrown)) return thrown;
  const message = plainText(thrown.message);
  return new RemedyError('USAGE', message.charAt(0).toLowerCase() + message.slice(1), {
    hint: suggestFlag(thrown) ?? `see ${commandLine} --help`,
    cause: thrown,
  });
}

/** oclif's message without its colours, its frame and its advice. */
function plainText(message: string): string {
  return stripVTControlCharacters(message)
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\s*/, '')
    .replaceAll(/\s*\n\s*(\p{Lu}?)/gu, (_, first: string) => `; ${first.toLowerCase()}`)
    .trim();
}

function suggestFlag(error: OclifError): string | undefined {
  const unknown = Array.isArray(error.flags) ? error.flags[0] : undefined;
  if (unknown === undefined) return undefined;
  const known = Object.keys(error.parse?.input?.flags ?? {});
  const close = nearest(unknown.replace(/^-+/, ''), known);
  return close === undefined ? undefined : `did you mean --${close}?`;
}

/** The error for words that name no command. */
export function unknownCommand(words: readonly string[], ids: readonly string[], bin: string): RemedyError {
  const said = words.join(' ');
  const close = nearest(
    said,
    ids.map((id) => id.replaceAll(':', ' ')),
  );
  const hint = close === undefined ? `see ${bin} --help` : `did you mean ${bin} ${close}?`;
  return new RemedyError('USAGE', `there is no command "${said}"`, { hint });
}
