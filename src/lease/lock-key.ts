import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { leaseName, lockPrefix } from './lease-name.ts';

/** What an operator may call a lock, as far as the text alone tells. */
export type LockKey =
  | { kind: 'fingerprint'; fingerprint: string }
  | { kind: 'leaseName'; leaseName: string }
  | { kind: 'prefix'; prefix: string }
  | { kind: 'requestName'; name: string }
  | { kind: 'raw'; text: string };

/** One lock, found. */
export interface ResolvedLock {
  leaseName: string;
  /** What the lock is taken by: a text whose lease name this is. Absent where no key has this lease name. */
  key?: string;
  /** The whole SHA-256, where it is known. */
  fingerprint?: string;
}

/** What living leases and requests know of a prefix. */
export interface LivingLock {
  leaseName: string;
  /** Of a request; a lease's name holds the first 16 digits only. */
  fingerprint?: string;
}

const shortestPrefix = 8;
const hex = /^[0-9a-f]+$/;
const fingerprintDigits = 64;
const nameDigits = 16;

/**
 * Reads KEY: a fingerprint, 8 to 63 of its leading digits, a lease name (`gw-lock-…`) or a request name (`rr-…`).
 * With `rawKey` any text is taken as the key itself, which the gateway's own rule hashes when it is short.
 * Throws INVALID_OPTION for everything else.
 */
export function parseLockKey(text: string, options: { rawKey: boolean }): LockKey {
  if (text === '') throw notAKey('the key is empty');
  if (options.rawKey) return { kind: 'raw', text };
  if (hex.test(text)) {
    if (text.length === fingerprintDigits) return { kind: 'fingerprint', fingerprint: text };
    if (text.length >= shortestPrefix && text.length < fingerprintDigits) {
      return { kind: 'prefix', prefix: text };
    }
    if (text.length < shortestPrefix) throw notAKey(`"${text}" is shorter than ${shortestPrefix} digits`);
  }
  if (text.startsWith(lockPrefix)) return { kind: 'leaseName', leaseName: text };
  if (text.startsWith('rr-')) return { kind: 'requestName', name: text };
  throw notAKey(`"${text}" names no lock`);
}

function notAKey(message: string): RemedyError {
  return new RemedyError('INVALID_OPTION', message, {
    hint: `give a fingerprint or its first 8 digits or more, a lease name (gw-lock-…), a request name (rr-…) or ${optionName('resource')} KIND/NAME; ${optionName('rawKey')} takes any text as the key itself`,
  });
}

/** The lock that is taken by a key, by the gateway's rule for its name. */
export function lockOfKey(key: string): ResolvedLock {
  return { leaseName: leaseName(key), key };
}

/** The lock of a whole fingerprint. */
export function lockOfFingerprint(fingerprint: string): ResolvedLock {
  return { ...lockOfKey(fingerprint), fingerprint };
}

/** The key of a lease name is what follows the prefix, where the gateway's rule gives that name back. */
export function lockOfLeaseName(name: string): ResolvedLock {
  const key = name.slice(lockPrefix.length);
  return leaseName(key) === name ? { leaseName: name, key } : { leaseName: name };
}

/** Of the beginning of a gateway's lease name what stands behind its prefix; undefined for a whole name. */
export function beginningOfLeaseName(name: string): string | undefined {
  const digits = name.slice(lockPrefix.length);
  return digits.length < nameDigits && digits !== '' && hex.test(digits) ? digits : undefined;
}

/** The names of leases that a prefix may mean begin so. */
export function leaseNamePrefix(prefix: string): string {
  return lockPrefix + prefix.slice(0, nameDigits);
}

/**
 * The one lock that a prefix means among those that live. Fingerprints that share their first 16 digits share a
 * lock and are no ambiguity. Throws NOT_FOUND, or AMBIGUOUS_KEY with every match.
 */
export function chooseLock(prefix: string, living: Iterable<LivingLock>): ResolvedLock {
  const matches = matchesOf(prefix, living);
  const [first, second] = matches;
  if (first === undefined) throw noMatch(prefix);
  if (second !== undefined) throw ambiguous(prefix, matches);
  const [name, [only, other]] = first;
  return only !== undefined && other === undefined ? lockOfFingerprint(only) : lockOfLeaseName(name);
}

/** Fingerprints by lease name. */
function matchesOf(prefix: string, living: Iterable<LivingLock>): Map<string, Set<string>> {
  const matches = new Map<string, Set<string>>();
  for (const { leaseName: name, fingerprint } of living) {
    const fits =
      fingerprint === undefined ? name.startsWith(leaseNamePrefix(prefix)) : fingerprint.startsWith(prefix);
    if (!fits) continue;
    const known = matches.get(name) ?? new Set();
    if (fingerprint !== undefined) known.add(fingerprint);
    matches.set(name, known);
  }
  return matches;
}

function noMatch(prefix: string): RemedyError {
  return new RemedyError('NOT_FOUND', `no lock and no request begins with ${prefix}`, {
    hint: `give the whole fingerprint (it needs no lock to exist), or ${optionName('rawKey')} if this is the key itself`,
  });
}

function ambiguous(prefix: string, matches: ReadonlyMap<string, ReadonlySet<string>>): RemedyError {
  const names = [...matches].map(([name, [fingerprint]]) => fingerprint ?? name).sort();
  return new RemedyError(
    'AMBIGUOUS_KEY',
    `${prefix === '' ? 'that' : prefix} is the beginning of ${names.length}: ${names.join(', ')}`,
    {
      hint: 'give more digits',
      details: { matches: names },
    },
  );
}
