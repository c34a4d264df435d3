/**
 * Where remedyctl retries otherwise than the gateway: each rule of docs/gateway-semantics.md finds its cases by what is
 * in them, and what then happens is worked out from the script of the case.
 */
import { hasFacts, readRetryVectors } from './gateway-vectors.ts';
import type { LoopCase, RecordedError } from './gateway-vectors.ts';
import { hasShared } from '../../support/shared.ts';

/** What is to be seen of a case. */
export interface Expected {
  calls: number;
  /** Bounds of the waits that are over, milliseconds. */
  waits: [number, number][];
  /** The type in the RetryError; `bare` for the error as it was raised; absent for success and cancellation. */
  ends?: string;
}

export interface Exception extends Partial<Expected> {
  /** The policy is refused before the first call. */
  refused?: RegExp;
}

interface Rule {
  /** Section of docs/gateway-semantics.md, and what it says. */
  because: string;
  concerns: (one: LoopCase) => boolean;
  refused?: RegExp;
}

const recorded = new Map<string, RecordedError>(
  (hasShared ? readRetryVectors().errors : []).map((error) => [error.id, error]),
);
const passing = ['rate_limited', 'service_unavailable', 'gateway_timeout', 'timeout', 'network_error'];

export const rules: readonly Rule[] = [
  {
    because: '§7.1: the limits of a policy are checked, at least one attempt',
    concerns: ({ config }) => config.maxAttempts < 1,
    refused: /maxAttempts must be/,
  },
  {
    because: '§7.1: the limits of a policy are checked together',
    // the gateway reads 0 as "no limit"
    concerns: ({ config }) =>
      config.maxBackoffNs > 0 && config.initialBackoffNs > config.maxBackoffNs && config.maxAttempts >= 1,
    refused: /initial .* must not exceed max/,
  },
  {
    because: '§7.2: classified by status, reason and error number, not by words and digits in a text',
    concerns: (one) => {
      const { calls, ends } = ruled(one);
      const met = errorsOf(one).slice(0, Math.max(calls, one.createCalls));
      return (
        met.some((error) => isRetried(error) !== error.retryable && !asksToWait(error)) ||
        (ends !== undefined && ends !== 'bare' && met.at(calls - 1)?.errorType !== ends)
      );
    },
  },
  {
    because: '§7.3: Retry-After is honoured, and makes a 429 or 5xx retryable',
    concerns: (one) =>
      errorsOf(one)
        .slice(0, ruled(one).waits.length)
        .some((error) => asksToWait(error)),
  },
];

export function exceptionOf(one: LoopCase): Exception | undefined {
  const concerned = rules.filter(({ concerns }) => concerns(one));
  if (concerned.length === 0) return undefined;
  const refused = concerned.find((rule) => rule.refused !== undefined)?.refused;
  return refused === undefined ? ruled(one) : { calls: 0, waits: [], refused };
}

/** The failures that the script begins with; that an object is there already is the creation's to judge. */
function errorsOf({ script }: LoopCase): RecordedError[] {
  const errors = script.map((step) => recorded.get(step));
  const end = errors.findIndex((error) => error === undefined || error.status?.reason === 'AlreadyExists');
  return (end === -1 ? errors : errors.slice(0, end)) as RecordedError[];
}

/** The whole of what the rules make of a case whose policy can be run. */
export function ruled(one: LoopCase): Expected {
  const { maxAttempts } = one.config;
  const errors = errorsOf(one);
  const waits: [number, number][] = [];
  let longestMs = 0;
  for (let calls = 1; calls <= maxAttempts; calls += 1) {
    const error = errors[calls - 1];
    if (error === undefined) return { calls, waits };
    if (!isRetried(error)) return { calls, waits, ends: 'bare' };
    if (calls === maxAttempts) return { calls, waits, ends: typeOf(error) };
    const wait = waitAfter(one, calls, error);
    longestMs += wait[1];
    if (longestMs > (one.cancelAfterMs ?? Number.POSITIVE_INFINITY)) return { calls, waits };
    waits.push(wait);
  }
  return { calls: 0, waits };
}

/** The policy's wait or the server's, whichever is longer. */
function waitAfter({ config }: LoopCase, attempt: number, error: RecordedError): [number, number] {
  const initialMs = config.initialBackoffNs / 1e6;
  const maxMs = config.maxBackoffNs === 0 ? Number.POSITIVE_INFINITY : config.maxBackoffNs / 1e6;
  const nominalMs = Math.min(initialMs * 2 ** (attempt - 1), maxMs);
  const askedMs = asksToWait(error) ? (error.status?.retryAfterSeconds ?? 0) * 1_000 : 0;
  return [0.9, 1.1].map((factor) =>
    Math.max(Math.min(Math.max(nominalMs * factor, initialMs), maxMs), askedMs),
  ) as [number, number];
}

/** Of an error that is nothing but a text, the substrings of the gateway decide. */
function typeOf(error: RecordedError): string {
  return hasFacts(error) ? (error.byCode ?? 'unknown') : error.errorType;
}

function isRetried(error: RecordedError): boolean {
  return asksToWait(error) || passing.includes(typeOf(error));
}

function asksToWait({ status }: RecordedError): boolean {
  return status?.retryAfterSeconds !== undefined && (status.code === 429 || status.code >= 500);
}
