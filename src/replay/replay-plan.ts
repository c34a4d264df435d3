import { OutageServer } from '../retry/outage.ts';
import type { OutagePlan } from '../retry/outage.ts';
import { tryOnceAtEase } from '../retry/replay.ts';
import type { Drive, Replay } from '../retry/replay.ts';
import { classifyRecordedRemote } from '../retry/recorded-failure.ts';
import { RecordedServer } from '../retry/scripted-server.ts';
import type { ScriptedServer, Sequel } from '../retry/scripted-server.ts';
import type { RetryPolicy } from '../retry/retry-policy.ts';
import type { RecordedPolicy } from '../retry/trace-format.ts';
import { LeaseServer, lockDrive } from './lock-replay.ts';
import { statusDrive } from './status-replay.ts';
import type { TraceOperation } from './trace-operation.ts';

/** What is to be different from what was recorded. */
export interface ReplaySettings {
  /** In place of the operation's own policy. */
  changePolicy?: ((policy: RetryPolicy) => RetryPolicy) | undefined;
  sequel: Sequel;
  /** In place of recorded outcomes. */
  outage?: OutagePlan | undefined;
}

/** How long an operation goes on whose policy has no end of its own. */
const usualLimitMs = 30_000;

/** One replay of an operation; made anew for every run, since its server remembers what it has answered. */
export function replayOf(operation: TraceOperation, settings: ReplaySettings, seed: number): Replay {
  return {
    policy: policyOf(operation, settings),
    server: serverOf(operation, settings),
    startsAtMs: operation.startsAtMs,
    seed,
    cancelled: settings.outage === undefined ? operation.cancelled : undefined,
    drive: driveOf(operation, settings),
    classify: operation.isPlanAction ? classifyRecordedRemote : undefined,
  };
}

/** The policy that holds for a replay of the operation. */
export function policyOf(
  { policy }: TraceOperation,
  { changePolicy }: ReplaySettings,
): RecordedPolicy | undefined {
  if (policy === undefined) return undefined;
  // a policy of the user's own ends as it says, not when the recorded one did
  const changed: RecordedPolicy = changePolicy === undefined ? policy : changePolicy(withoutLimit(policy));
  const isEndless = !Number.isFinite(changed.maxAttempts) && changed.withinMs === undefined;
  return isEndless ? { ...changed, withinMs: usualLimitMs } : changed;
}

function withoutLimit(policy: RecordedPolicy): RetryPolicy {
  return { ...policy, withinMs: undefined } as RetryPolicy;
}

function serverOf(operation: TraceOperation, { sequel, outage }: ReplaySettings): ScriptedServer {
  const lease = operation.lease === undefined ? undefined : new LeaseServer(operation);
  if (outage !== undefined) {
    const request = operation.tries[0]?.[0]?.request;
    return new OutageServer(outage, { request, otherwise: lease });
  }
  return lease ?? new RecordedServer(operation.tries, { sequel, verb: verbOf(operation) });
}

/** Whom a recorded outcome without a request answers. */
function verbOf({ operation }: TraceOperation): string | undefined {
  if (operation === 'acquire_lock') return 'create';
  return operation === 'update_status' ? 'patch' : undefined;
}

function driveOf(operation: TraceOperation, { outage }: ReplaySettings): Drive | undefined {
  if (askedNothing(operation) && outage === undefined) return () => Promise.resolve();
  if (operation.operation === 'acquire_lock') return lockDrive(operation);
  if (operation.operation === 'update_status') return statusDrive(operation);
  const livedWith = operation.policy === undefined && operation.result === 'ok' && outage === undefined;
  return livedWith ? tryOnceAtEase : undefined;
}

/** It had what it needed without a request, as a count by an index. */
function askedNothing({ recorded, result, tries }: TraceOperation): boolean {
  return recorded !== undefined && result === 'ok' && tries.length === 0;
}
