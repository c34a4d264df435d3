/**
 * A policy under an outage, by the code that goes by it in production: a failure that this code does not retry ends
 * the operation, whatever attempts and waits the policy has left.
 *
 * - `creation`: the retry loop, with the classes of the API server's failures.
 * - `lock`: `LeaseLock`, which waits for a lock that is held (409) and ends with every other failure.
 * - `status`: the write of a status, which reads and writes again after a conflict (409) only.
 * - `plan`: the retry loop, with the classes of the remote systems' failures.
 */
import { OutageServer } from '../retry/outage.ts';
import { policyUse } from '../retry/policy-notation.ts';
import type { NamedPolicy } from '../retry/policy-notation.ts';
import { classifyRecorded, classifyRecordedRemote, RecordedFailure } from '../retry/recorded-failure.ts';
import type { FailureFacts } from '../retry/recorded-failure.ts';
import { replayTogether } from '../retry/replay.ts';
import type { Replay } from '../retry/replay.ts';
import { LeaseServer, lockDrive } from './lock-replay.ts';
import { statusDrive } from './status-replay.ts';
import type { TraceOperation } from './trace-operation.ts';

/** An outage that begins with the first attempt. */
export interface OutageFromTheStart {
  readonly lengthMs: number;
  readonly failure: FailureFacts;
  readonly latencyMs: number;
}

/** One operation that begins with the outage, to be replayed once. */
export function replayUnder(
  choice: NamedPolicy,
  outage: OutageFromTheStart,
  chance: Pick<Replay, 'seed' | 'random'>,
): Replay {
  const { policy, name } = choice;
  const parts = { policy, startsAtMs: 0, ...chance };
  switch (policyUse(name)) {
    case 'creation':
      return { ...parts, server: serverOf(outage) };
    case 'plan':
      return { ...parts, server: serverOf(outage), classify: classifyRecordedRemote };
    case 'lock':
      return { ...parts, ...lockUnder(choice, outage) };
    case 'status':
      // a conflict is an answer to a write
      return {
        ...parts,
        drive: statusDrive(bareOperation(choice, 'update_status')),
        server: serverOf(outage, { spares: (request) => isConflict(outage) && request.startsWith('get ') }),
      };
  }
}

/** Whether the code that goes by a policy makes a second attempt after this failure. */
export async function isRetried(
  { name, policy }: NamedPolicy,
  failure: FailureFacts,
  signal?: AbortSignal,
): Promise<boolean> {
  const twice = { name, policy: { ...policy, maxAttempts: 2 } };
  const forever = { lengthMs: Number.POSITIVE_INFINITY, failure, latencyMs: 0 };
  const [side] = await replayTogether([replayUnder(twice, forever, { seed: 0 })], { signal });
  return side?.tries === 2;
}

function serverOf(
  { lengthMs, failure, latencyMs }: OutageFromTheStart,
  options?: ConstructorParameters<typeof OutageServer>[1],
): OutageServer {
  const outages = lengthMs > 0 ? [{ fromMs: 0, toMs: lengthMs, failure }] : [];
  return new OutageServer({ outages, latencyMs }, options);
}

/** A lock that answers 409 is held by somebody, and free when the outage is over. */
function lockUnder(choice: NamedPolicy, outage: OutageFromTheStart): Pick<Replay, 'server' | 'drive'> {
  if (!isConflict(outage)) {
    return { server: serverOf(outage), drive: lockDrive(bareOperation(choice, 'acquire_lock')) };
  }
  const operation = bareOperation(choice, 'acquire_lock', [
    { atMs: 0, state: outage.lengthMs > 0 ? 'held' : 'free' },
    { atMs: outage.lengthMs, state: 'free' },
  ]);
  const otherwise = new LeaseServer(operation);
  return { server: serverOf({ ...outage, lengthMs: 0 }, { otherwise }), drive: lockDrive(operation) };
}

function isConflict({ failure }: OutageFromTheStart): boolean {
  return classifyRecorded(new RecordedFailure(failure)).type === 'conflict';
}

function bareOperation(
  { policy }: NamedPolicy,
  operation: 'acquire_lock' | 'update_status',
  lease?: TraceOperation['lease'],
): TraceOperation {
  return {
    id: 1,
    operation,
    object: undefined,
    signals: undefined,
    startsAtMs: 0,
    policy,
    isPlanAction: false,
    tries: [],
    recorded: undefined,
    result: undefined,
    cancelled: undefined,
    lease,
    requestAtMs: undefined,
  };
}
