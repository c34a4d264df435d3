import type { KubeObject } from '../api/objects.ts';
import type { Contention } from '../lease/contention-wait.ts';
import { LeaseLock } from '../lease/lease-lock.ts';
import { leaseName } from '../lease/lease-name.ts';
import { newLease } from '../lease/lease-object.ts';
import { delayAfter } from '../retry/backoff.ts';
import type { Drive, ReplayStage } from '../retry/replay.ts';
import { lockContention } from '../retry/retry-policy.ts';
import type { RetryPolicy } from '../retry/retry-policy.ts';
import type { RecordedPolicy } from '../retry/trace-format.ts';
import type { ScriptedAnswer, ScriptedServer } from '../retry/scripted-server.ts';
import { ScriptedObjects } from './scripted-objects.ts';
import type { TraceOperation } from './trace-operation.ts';

const durationSeconds = 30;
const namespace = 'replayed';

/** Replays the acquisition of a lock by `LeaseLock` itself, over leases that are as the trace says. */
export function lockDrive(operation: TraceOperation): Drive {
  const fingerprint = operation.object ?? 'replayed';
  return async (stage) => {
    const { clock, random, recorder, signal } = stage;
    const policy: RecordedPolicy = stage.policy ?? lockContention;
    const { side } = recorder;
    const mine: string[] = [];
    const objects = new ScriptedObjects(stage, (_key, ahead) =>
      leaseFound(operation, { stage, ahead, holder: mine[0] ?? '' }),
    );
    const lock = new LeaseLock({
      objects,
      namespace,
      clock,
      random,
      identity: { host: 'replay', pid: 0 },
      contention: contentionOf(policy),
    });
    side.tries = 1;
    let waits = 0;
    const acquired = await lock.acquire(fingerprint, {
      signal,
      lockWaitMs: policy.withinMs,
      onHolder: (_lease, holder) => {
        mine.push(holder);
      },
      onWait: (waitMs) => {
        waits += 1;
        recorder.waits(waitMs, { policy, attempt: waits });
      },
      afterWait: async () => {
        if (await requestFound(operation, stage, waits)) return true;
        side.tries += 1;
        return false;
      },
    });
    if (acquired.kind === 'ended') side.endedBy = 'requestFound';
  };
}

/** The lock's own contention, unless other settings are asked for. */
function contentionOf(policy: RetryPolicy): Contention | undefined {
  const isUsual =
    (policy.growth ?? 'exponential') === 'exponential' &&
    policy.spread !== 'above' &&
    policy.maxAttempts === lockContention.maxAttempts &&
    policy.initialMs === lockContention.initialMs &&
    policy.maxMs === lockContention.maxMs &&
    policy.multiplier === lockContention.multiplier &&
    policy.jitter === lockContention.jitter;
  if (isUsual) return undefined;
  return { tries: policy.maxAttempts, waitMs: (tries, random) => delayAfter(policy, tries, random) };
}

interface Look {
  stage: ReplayStage;
  ahead: readonly ScriptedAnswer[];
  holder: string;
}

/** A lease that exists: whose it is and whether it has expired. */
function leaseFound(operation: TraceOperation, { stage, ahead, holder }: Look): KubeObject {
  const state =
    operation.lease === undefined
      ? recordedState(operation, stage, ahead)
      : leaseAt(operation, stage.serverMs());
  const nowMs = stage.clock.now();
  const lease = newLease(
    { namespace, name: leaseName(operation.object ?? 'replayed') },
    {
      holder: state === 'ours' ? holder : 'another/1/holder',
      nowMs: state === 'expired' ? nowMs - 2 * durationSeconds * 1_000 : nowMs,
      durationSeconds,
    },
  );
  return { ...lease, metadata: { ...lease.metadata, uid: 'replayed', resourceVersion: '1' } };
}

/** What was asked next tells what the lease was like: a takeover follows an expired one alone. */
function recordedState(
  { result }: TraceOperation,
  { recorder }: ReplayStage,
  ahead: readonly ScriptedAnswer[],
): 'held' | 'expired' | 'ours' {
  const next = ahead[0]?.request;
  if (next?.startsWith('update ') === true) return 'expired';
  // a write without an answer had taken effect
  const write = recorder.side.attempts.findLast(({ request }) => request?.startsWith('get ') === false);
  const isUnclear = write?.error !== undefined && write.error.status !== 409;
  return next === undefined && result === 'ok' && isUnclear ? 'ours' : 'held';
}

function leaseAt({ lease = [] }: TraceOperation, atMs: number): 'held' | 'expired' | 'free' {
  return lease.findLast((state) => state.atMs <= atMs)?.state ?? 'free';
}

/** The look for a request after each wait. */
async function requestFound(operation: TraceOperation, stage: ReplayStage, waits: number): Promise<boolean> {
  const { requestAtMs, lease, recorded, result } = operation;
  if (lease !== undefined || requestAtMs !== undefined) {
    await stage.spend({ request: 'list remediationrequests', durationMs: 0 });
    return requestAtMs !== undefined && stage.serverMs() >= requestAtMs;
  }
  if (recorded === undefined || result !== 'ok') return false;
  // it ended well with a wait: what it waited for was no longer needed
  const { attempts } = recorded;
  return attempts.at(-1)?.waitSeconds !== undefined && waits >= recorded.tries;
}

/** The server of a lease whose states are given. */
export class LeaseServer implements ScriptedServer {
  readonly #operation: TraceOperation;

  constructor(operation: TraceOperation) {
    this.#operation = operation;
  }

  tryAnswers(): readonly ScriptedAnswer[] {
    return [];
  }

  answer(request: string, atMs: number): ScriptedAnswer {
    const state = leaseAt(this.#operation, atMs);
    const name = leaseName(this.#operation.object ?? 'replayed');
    const refused = (status: number, reason: string, message: string): ScriptedAnswer => ({
      request,
      durationMs: 0,
      failure: { status, reason, message: `leases.coordination.k8s.io "${name}" ${message}` },
    });
    const [verb] = request.split(' ');
    if (verb === 'create' && state !== 'free') return refused(409, 'AlreadyExists', 'already exists');
    if (verb === 'get' && state === 'free') return refused(404, 'NotFound', 'not found');
    if (verb === 'update' && state !== 'expired') return refused(409, 'Conflict', 'has been modified');
    return { request, durationMs: 0 };
  }

  ahead(): readonly ScriptedAnswer[] {
    return [];
  }
}
