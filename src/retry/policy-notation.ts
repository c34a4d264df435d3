import { aDuration, formatDuration, parseDuration } from '../time/duration.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { nearest } from '../text/nearest.ts';
import {
  creationPolicyProblems,
  creationRetry,
  lockContention,
  planActions,
  policyProblems,
  statusUpdate,
} from './retry-policy.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** A policy and what to call it. */
export interface NamedPolicy {
  name: string;
  policy: RetryPolicy;
}

/** The notation of a policy, the same in flags, in `key=value` texts and in files. */
export interface PolicyNotation {
  kind?: 'exponential' | 'quadratic' | 'constant' | undefined;
  maxAttempts?: number | undefined;
  /** Durations as `100ms`; `max` also `none`. */
  initial?: string | undefined;
  max?: string | undefined;
  multiplier?: number | undefined;
  jitter?: number | undefined;
  spread?: 'around' | 'above' | undefined;
}

const policyKeys = ['kind', 'maxAttempts', 'initial', 'max', 'multiplier', 'jitter', 'spread'] as const;
/** How waits may grow. */
export const policyKinds = ['exponential', 'quadratic', 'constant'] as const;
/** Whether jitter goes both ways or only lengthens. */
export const spreads = ['around', 'above'] as const;

/** More attempts than anybody waits for, and as many as a table can hold. */
export const mostAttempts = 100_000;

const named: ReadonlyMap<string, RetryPolicy> = new Map([
  ['creation', creationRetry],
  ['lock', lockContention],
  ['status', statusUpdate],
  ['plan', planActions],
  // as traces call them
  ['lockContention', lockContention],
  ['statusUpdate', statusUpdate],
]);

/** The names that a user may choose from. */
export const policyNames = ['creation', 'lock', 'status', 'plan'] as const;

/** What goes by a policy, and so which failures are retried under it. */
export type PolicyUse = (typeof policyNames)[number];

/** By the name that a policy begins with; a policy of the user's own is taken for the creation's. */
export function policyUse(name: string): PolicyUse {
  const base = policyByName(name.split(',', 1)[0]?.trim() ?? '');
  return policyNames.find((known) => base !== undefined && named.get(known) === base) ?? 'creation';
}

/** A policy of ours by its name, or by the name that traces give it; undefined for any other. */
export function policyByName(name: string): RetryPolicy | undefined {
  return named.get(name);
}

/**
 * A policy with some values replaced. What is wrong with it comes as sentences, each beginning with the field.
 */
export function withNotation(
  base: RetryPolicy,
  notation: PolicyNotation,
): { policy: RetryPolicy; problems: string[] } {
  const { kind, maxAttempts, initial, max, multiplier, jitter, spread } = notation;
  const problems: string[] = [];
  const duration = (field: string, text: string): number => {
    const ms = parseDuration(text);
    if (ms === undefined) problems.push(`${field} must be ${aDuration()}, not "${text}"`);
    return ms ?? 0;
  };
  const policy: RetryPolicy = {
    ...base,
    ...(kind === undefined ? {} : { growth: kind }),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(initial === undefined ? {} : { initialMs: duration('initial', initial) }),
    ...(max === undefined ? {} : { maxMs: max === 'none' ? Number.POSITIVE_INFINITY : duration('max', max) }),
    ...(multiplier === undefined ? {} : { multiplier }),
    ...(jitter === undefined ? {} : { jitter }),
    ...(spread === undefined ? {} : { spread }),
  };
  return { policy, problems: problems.length > 0 ? problems : runnableProblems(policy) };
}

/** Everything that keeps a policy from being replayed. */
export function runnableProblems(policy: RetryPolicy): string[] {
  const problems = policyProblems(policy);
  if (Number.isFinite(policy.maxAttempts) && policy.maxAttempts > mostAttempts)
    problems.push(`maxAttempts must be at most ${mostAttempts}, not ${policy.maxAttempts}`);
  return problems;
}

/** The policy itself; INVALID_OPTION where it has no last attempt, so that its schedule would have no end. */
export function checkFinite(choice: NamedPolicy): NamedPolicy {
  if (Number.isFinite(choice.policy.maxAttempts)) return choice;
  throw policyError(`policy "${choice.name}"`, ['maxAttempts must be given']);
}

/** What `signal ingest` would not take of a policy that is called after the creation of requests; else nothing. */
export function beyondCreationLimits({ name, policy }: NamedPolicy): string[] {
  return /^creation(?:,|$)/.test(name) ? creationPolicyProblems(policy) : [];
}

/** `creation,maxAttempts=5,initial=200ms`, or `kind=constant,initial=1s,…` on top of `creation`. @throws INVALID_OPTION */
export function parseInlinePolicy(text: string): NamedPolicy {
  const [first = '', ...rest] = text.split(',').map((part) => part.trim());
  const base = first.includes('=') ? undefined : policyByName(first);
  if (base === undefined && !first.includes('=')) throw unknownPolicy(first);
  const pairs = base === undefined ? [first, ...rest] : rest;
  const { policy, problems } = withNotation(base ?? creationRetry, notationOf(pairs, text));
  if (problems.length > 0) throw policyError(`policy "${text}"`, problems);
  return { name: text, policy };
}

/** INVALID_OPTION with everything that is wrong at once. */
export function policyError(what: string, problems: readonly string[]): RemedyError {
  return new RemedyError('INVALID_OPTION', `${what}: ${problems.join('; ')}`, {
    hint: 'for example kind=exponential,maxAttempts=5,initial=100ms,max=5s,multiplier=2,jitter=0.1',
    details: { problems },
  });
}

/** INVALID_OPTION for a word that is neither a policy nor a file, with the nearest name. */
export function unknownPolicy(text: string): RemedyError {
  const close = nearest(text, policyNames);
  return new RemedyError('INVALID_OPTION', `there is no policy "${text}", and no file of that name`, {
    hint:
      close === undefined
        ? `choose one of ${policyNames.join(', ')}, write key=value pairs, or name a file`
        : `did you mean ${close}?`,
  });
}

/** A policy in its notation, as documents show it. */
export function describePolicy({
  name,
  policy,
}: {
  name?: string;
  policy: RetryPolicy;
}): Record<string, string | number> {
  const { growth = 'exponential', maxAttempts, initialMs, maxMs, multiplier, jitter, spread } = policy;
  return {
    ...(name === undefined ? {} : { name }),
    kind: growth,
    ...(Number.isFinite(maxAttempts) ? { maxAttempts } : {}),
    initial: formatDuration(initialMs),
    max: Number.isFinite(maxMs) ? formatDuration(maxMs) : 'none',
    ...(growth === 'exponential' ? { multiplier } : {}),
    jitter,
    ...(spread === undefined ? {} : { spread }),
  };
}

function notationOf(pairs: readonly string[], text: string): PolicyNotation {
  const notation: Record<string, string | number> = {};
  const problems: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, Math.max(equals, 0));
    const problem =
      equals < 0 ? `"${pair}" is not key=value` : addPair(notation, key, pair.slice(equals + 1));
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length > 0) throw policyError(`policy "${text}"`, problems);
  return notation;
}

/** What is wrong with the pair, or undefined once it stands in `notation`. */
function addPair(notation: Record<string, string | number>, key: string, value: string): string | undefined {
  const known = policyKeys.find((name) => name === key);
  if (known === undefined) return `"${key}" is none of ${policyKeys.join(', ')}`;
  if (Object.hasOwn(notation, key)) return `${key} stands twice`;
  if (known === 'kind' || known === 'spread') {
    const choices: readonly string[] = known === 'kind' ? policyKinds : spreads;
    if (!choices.includes(value)) return `${key} must be one of ${choices.join(', ')}, not "${value}"`;
    notation[key] = value;
    return undefined;
  }
  if (known === 'initial' || known === 'max') {
    notation[key] = value;
    return undefined;
  }
  const number = parseNumber(value);
  if (number === undefined) return `${key} must be a number, not "${value}"`;
  notation[key] = number;
  return undefined;
}

/** A decimal number; `10%` for a share. */
export function parseNumber(text: string): number | undefined {
  const match = /^(-?\d{1,15}(?:\.\d{1,15})?)(%?)$/.exec(text);
  if (match === null) return undefined;
  return match[2] === '%' ? Number(match[1]) / 100 : Number(match[1]);
}
