import { RemedyError } from '../../errors/remedy-error.ts';
import { aDuration, parseAge, parseDuration } from '../../time/duration.ts';

/** Milliseconds of a flag such as `--wait 30s`; undefined where it is not given. Throws USAGE. */
export function durationFlag(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 0) return ms;
  throw new RemedyError('USAGE', `--${flag} must be ${aDuration()}, not "${text}"`);
}

/** Milliseconds of a flag such as `--duplicate-within 7d`; undefined where it is not given. Throws USAGE. */
export function ageFlag(flag: string, text: string | undefined): number | undefined {
  const ms = text === undefined ? undefined : parseAge(text);
  if (text === undefined || ms !== undefined) return ms;
  throw new RemedyError('USAGE', `--${flag} must be an age such as 7d or 36h, not "${text}"`);
}

/** Whole seconds within bounds, for what a lease can say. Throws USAGE. */
export function leaseSecondsFlag(
  flag: string,
  text: string | undefined,
  leastSeconds: number,
): number | undefined {
  const ms = durationFlag(flag, text);
  if (ms === undefined) return undefined;
  const seconds = ms / 1000;
  if (Number.isInteger(seconds) && seconds >= leastSeconds && seconds <= 2 ** 31 - 1) return seconds;
  throw new RemedyError('USAGE', `--${flag} ${text ?? ''} is not what a lease can say`, {
    hint: `use whole seconds, ${leastSeconds} or more`,
  });
}
