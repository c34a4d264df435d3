import { classifyRecorded, RecordedFailure } from '../retry/recorded-failure.ts';
import type { FailureFacts } from '../retry/recorded-failure.ts';
import { failedFields } from '../retry/replay-side.ts';
import type { ReplaySide, SideAttempt } from '../retry/replay-side.ts';
import type { ScriptedAnswer } from '../retry/scripted-server.ts';
import { policyUse } from '../retry/policy-notation.ts';
import type { RecordedPolicy } from '../retry/trace-format.ts';
import type { Fault } from '../documents/document-places.ts';
import { rfc3339Ms } from '../time/rfc3339.ts';
import type { TraceLine } from './trace-schema.ts';

/** An operation of a trace, ready to be replayed. */
export interface TraceOperation {
  id: number | string;
  operation: string;
  object: string | undefined;
  /** How many signals it settles, where the trace says so. */
  signals: number | undefined;
  /** Since the trace began. */
  startsAtMs: number;
  policy: RecordedPolicy | undefined;
  /** An action of a plan, by the name of its policy: its failures are those of a remote system. */
  isPlanAction: boolean;
  /** The answers by tries: what one try of the retry loop asked for. */
  tries: ScriptedAnswer[][];
  /** What was recorded of its course; undefined where somebody wrote outcomes only. */
  recorded: ReplaySide | undefined;
  /** As it was recorded. */
  result: 'ok' | 'error' | undefined;
  cancelled: { atMs: number; reason: Error } | undefined;
  lease: { atMs: number; state: 'held' | 'expired' | 'free' }[] | undefined;
  requestAtMs: number | undefined;
}

/** What a line says beside itself: where it stands. */
export interface TraceContext {
  /** Its number among the operations of the trace, from 1. */
  number: number;
  /** When the trace began, milliseconds since the epoch. */
  startedMs: number | undefined;
  /** Whether a program wrote it: then an operation without a policy was not retried. */
  isRecorded: boolean;
  policyOf: (name: string) => RecordedPolicy | undefined;
}

type LineAttempt = Exclude<NonNullable<TraceLine['attempts']>[number], 'ok'>;

/** What no schema can say of a line. */
export function lineFaults(line: TraceLine, context: TraceContext): Fault[] {
  const attempts = attemptsOf(line);
  return [
    ...attempts.flatMap((attempt, index) => attemptFaults(attempt, attempts[index - 1], index)),
    ...leaseFaults(line),
    ...policyFaults(line, context),
    ...(line.attempts === undefined && line.lease === undefined && line.error === undefined
      ? [{ path: [], message: 'must have attempts (or lease, of a lock)' }]
      : []),
  ];
}

function attemptFaults(attempt: LineAttempt, before: LineAttempt | undefined, index: number): Fault[] {
  const { attempt: number = index + 1, atSeconds = Infinity, outcome, error } = attempt;
  const checks: readonly (readonly [isWrong: boolean, field: string, message: string])[] = [
    [number !== index + 1, 'attempt', `is out of order: ${number} stands where ${index + 1} must`],
    [atSeconds < (before?.atSeconds ?? 0), 'atSeconds', 'is before the attempt in front of it'],
    [outcome === 'error' && error === undefined, 'error', 'is missing'],
    [outcome === 'ok' && error !== undefined, 'error', 'stands in an attempt that is ok'],
  ];
  return checks.flatMap(([isWrong, field, message]) =>
    isWrong ? [{ path: ['attempts', index, field], message }] : [],
  );
}

function leaseFaults({ operation, lease, attempts }: TraceLine): Fault[] {
  if (lease === undefined) return [];
  const faults: Fault[] = lease.flatMap(({ atSeconds }, index) =>
    atSeconds < (lease[index - 1]?.atSeconds ?? 0)
      ? [{ path: ['lease', index, 'atSeconds'], message: 'is before the state in front of it' }]
      : [],
  );
  if (operation !== 'acquire_lock') faults.push({ path: ['lease'], message: 'belongs to acquire_lock only' });
  if (attempts !== undefined && attempts.length > 0)
    faults.push({ path: ['lease'], message: 'excludes attempts: what the requests get follows from it' });
  return faults;
}

function policyFaults({ policy }: TraceLine, { policyOf }: TraceContext): Fault[] {
  if (policy === undefined || policyOf(policy) !== undefined) return [];
  return [{ path: ['policy'], message: `"${policy}" is no policy of this trace and no name of one` }];
}

/** A line that has no faults. */
export function operationOf(line: TraceLine, context: TraceContext): TraceOperation {
  const attempts = attemptsOf(line);
  const cancelledAtMs = cancelTime(line, attempts);
  const groups = groupsOf(attempts, attempts.map(answerOf), isWaited(line.operation));
  return {
    id: line.id ?? context.number,
    operation: line.operation,
    object: line.object,
    signals: line.signals,
    startsAtMs: startOf(line, context),
    policy: policyFor(line, context),
    isPlanAction: line.policy !== undefined && policyUse(line.policy) === 'plan',
    tries: [...groups, ...unsentTry(line, attempts, cancelledAtMs)],
    recorded: line.result === undefined ? undefined : recordedSide(line, attempts, groups.length),
    result: line.result,
    cancelled:
      cancelledAtMs === undefined ? undefined : { atMs: cancelledAtMs, reason: new Error(reasonOf(line)) },
    lease: line.lease?.map(({ atSeconds, state }) => ({ atMs: atSeconds * 1_000, state })),
    requestAtMs: line.requestAtSeconds === undefined ? undefined : line.requestAtSeconds * 1_000,
  };
}

function reasonOf({ error }: TraceLine): string {
  return (error === undefined ? undefined : factsOf(error).message) ?? 'context canceled';
}

function attemptsOf({ attempts = [] }: TraceLine): LineAttempt[] {
  return attempts.map((attempt) => (attempt === 'ok' ? { outcome: 'ok' } : attempt));
}

function answerOf({ request, durationSeconds = 0, error, retryAfterSeconds }: LineAttempt): ScriptedAnswer {
  const facts = error === undefined ? undefined : factsOf(error);
  return {
    request,
    durationMs: durationSeconds * 1_000,
    failure: facts === undefined || retryAfterSeconds === undefined ? facts : { ...facts, retryAfterSeconds },
  };
}

function factsOf(error: NonNullable<TraceLine['error']>): FailureFacts {
  return typeof error === 'string' ? { message: error } : error;
}

/** The waits of these follow from what their requests get, not from a failed try. */
function isWaited(operation: string): boolean {
  return operation === 'acquire_lock' || operation === 'update_status';
}

/** A try ends with a wait, with a failure that may pass, and where nobody says what was asked. */
function groupsOf(
  attempts: readonly LineAttempt[],
  answers: readonly ScriptedAnswer[],
  byWaitsOnly: boolean,
): ScriptedAnswer[][] {
  const groups: ScriptedAnswer[][] = [];
  let isOpen = false;
  answers.forEach((answer, index) => {
    if (isOpen) groups.at(-1)?.push(answer);
    else groups.push([answer]);
    const failed = !byWaitsOnly && answer.failure !== undefined && mayPass(answer.failure);
    const unnamed = !byWaitsOnly && answers[index + 1]?.request === undefined;
    isOpen = isSentAgain(attempts[index]) || !(failed || unnamed || isWaitedFor(attempts[index]));
  });
  return groups;
}

/** By the client itself, within the same try. */
function isSentAgain(attempt: LineAttempt | undefined): boolean {
  return attempt?.sentAgain === true;
}

function isWaitedFor(attempt: LineAttempt | undefined): boolean {
  return attempt?.waitSeconds !== undefined;
}

function mayPass(facts: FailureFacts): boolean {
  return classifyRecorded(new RecordedFailure(facts)).retryable;
}

/** Given, or seen: the operation ended with another error before the wait that it was in was over. */
function cancelTime(line: TraceLine, attempts: readonly LineAttempt[]): number | undefined {
  if (line.cancelAtSeconds !== undefined) return line.cancelAtSeconds * 1_000;
  const last = attempts.at(-1);
  if (line.result !== 'error' || line.error === undefined || line.totalSeconds === undefined)
    return undefined;
  if (last?.waitSeconds === undefined || last.atSeconds === undefined) return undefined;
  const wokeSeconds = last.atSeconds + (last.durationSeconds ?? 0) + last.waitSeconds;
  return line.totalSeconds < wokeSeconds - 0.000_01 ? line.totalSeconds * 1_000 : undefined;
}

/** The last try, where it failed before it sent anything. */
function unsentTry(
  line: TraceLine,
  attempts: readonly LineAttempt[],
  cancelledAtMs: number | undefined,
): ScriptedAnswer[][] {
  const { error, result } = line;
  if (error === undefined || result !== 'error' || cancelledAtMs !== undefined) return [];
  const follows = attempts.length === 0 || attempts.at(-1)?.waitSeconds !== undefined;
  if (!follows || isWaited(line.operation)) return [];
  return [[{ durationMs: 0, failure: factsOf(error), unsent: true }]];
}

function startOf({ startedAt }: TraceLine, { startedMs }: TraceContext): number {
  if (startedAt === undefined || startedMs === undefined) return 0;
  return Math.max(0, rfc3339Ms(startedAt) - startedMs);
}

const usualPolicies: Readonly<Record<string, string>> = { acquire_lock: 'lock', update_status: 'status' };

function policyFor(
  { operation, policy }: TraceLine,
  { isRecorded, policyOf }: TraceContext,
): RecordedPolicy | undefined {
  if (policy === undefined && isRecorded) return undefined;
  return policyOf(policy ?? usualPolicies[operation] ?? 'creation');
}

function recordedSide(line: TraceLine, attempts: readonly LineAttempt[], tries: number): ReplaySide {
  const message = line.error === undefined ? undefined : factsOf(line.error).message;
  const lastError = attempts.at(-1)?.error;
  const final = message ?? (lastError === undefined ? undefined : factsOf(lastError).message);
  return {
    attempts: attempts.map(recordedAttempt),
    tries,
    ...(line.result === undefined ? {} : { result: line.result }),
    ...(line.result === 'error' && final !== undefined ? { error: { message: final } } : {}),
    ...(line.totalSeconds === undefined ? {} : { totalSeconds: line.totalSeconds }),
    observerCalls: isWaited(line.operation) ? [] : observerCalls(attempts),
  };
}

function recordedAttempt(attempt: LineAttempt, index: number): SideAttempt {
  const { request, atSeconds, error, retryAfterSeconds, waitSeconds } = attempt;
  const head = {
    attempt: index + 1,
    ...(request === undefined ? {} : { request }),
    ...(atSeconds === undefined ? {} : { atSeconds }),
  };
  const tail = waitSeconds === undefined ? {} : { waitSeconds };
  if (error === undefined) return { ...head, outcome: 'ok', ...tail };
  const facts = { ...factsOf(error), retryAfterSeconds };
  const failure = new RecordedFailure(facts);
  return {
    ...head,
    ...failedFields({ facts, failure: classifyRecorded(failure), message: failure.message }),
    ...tail,
  };
}

/** Every wait was preceded by a call. */
function observerCalls(attempts: readonly LineAttempt[]): number[] {
  return attempts.filter(({ waitSeconds }) => waitSeconds !== undefined).map((_, index) => index);
}
