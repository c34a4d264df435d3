/**
 * Replays operations on a mock clock, by the very code that retries in production: `retry` here, and whatever a
 * caller gives as a driver (the lock's waits, the status write's conflicts).
 *
 * Guarantees: nothing sleeps for real; the same seed gives the same replay, whatever else is replayed with it.
 * Non-guarantees: operations do not see each other; a circuit breaker's state is not replayed.
 */
import { MockClock } from '../time/mock-clock.ts';
import { SeededRandom } from '../time/seeded-random.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { classifyRecorded, RecordedFailure } from './recorded-failure.ts';
import type { Failure } from './failure.ts';
import type { FailureFacts } from './recorded-failure.ts';
import { SideRecorder } from './replay-side.ts';
import type { ReplaySide } from './replay-side.ts';
import { retry } from './retry.ts';
import type { ScriptedAnswer, ScriptedServer } from './scripted-server.ts';
import type { RecordedPolicy } from './trace-format.ts';

/** One operation to be replayed once. */
export interface Replay {
  /** Absent: it is tried once. */
  readonly policy: RecordedPolicy | undefined;
  readonly server: ScriptedServer;
  /** When it begins, milliseconds on the server's time (that of outages). */
  readonly startsAtMs: number;
  readonly seed: number;
  /** In place of chance by `seed`. */
  readonly random?: Random | undefined;
  /** Gives up at this time after its beginning, with this error. */
  readonly cancelled?: { readonly atMs: number; readonly reason: Error } | undefined;
  /** Default: `retryDriver` with a policy, else one try. */
  readonly drive?: Drive | undefined;
  /** What tells the retry loop which failures may pass. Default: as the API server's are classified. */
  readonly classify?: ((error: unknown) => Failure) | undefined;
}

/** What a driver works with. */
export interface ReplayStage {
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: RecordedPolicy | undefined;
  readonly server: ScriptedServer;
  readonly signal: AbortSignal | undefined;
  readonly recorder: SideRecorder;
  readonly classify: (error: unknown) => Failure;
  /** Milliseconds since the operation began. */
  elapsedMs(): number;
  /** Milliseconds on the server's time. */
  serverMs(): number;
  /** Spends the answer's time and writes it down; throws what `raise` makes of a failure. */
  spend(answer: ScriptedAnswer, raise?: (facts: FailureFacts) => Error): Promise<void>;
}

/** Runs an operation to its end; what it throws is the operation's final error. */
export type Drive = (stage: ReplayStage) => Promise<void>;

/** What several replays on one clock share. */
export interface Together {
  onRequest?: (atMs: number) => void;
  /** Ends it with the signal's reason, between two wake-ups. */
  signal?: AbortSignal | undefined;
}

/** Replays all of them at once on one clock; each begins when the clock does. */
export async function replayTogether(
  replays: readonly Replay[],
  { onRequest, signal }: Together = {},
): Promise<(ReplaySide & { totalSeconds: number })[]> {
  const clock = new MockClock(undefined, { settle: 'promises', signal });
  return clock.runUntil(Promise.all(replays.map((replay) => runReplay(replay, clock, onRequest))));
}

async function runReplay(
  replay: Replay,
  clock: MockClock,
  onRequest: ((atMs: number) => void) | undefined,
): Promise<ReplaySide & { totalSeconds: number }> {
  const recorder = new SideRecorder();
  const stage = stageOf(replay, { clock, recorder, onRequest });
  const drive = replay.drive ?? (replay.policy === undefined ? tryOnce : retryDriver);
  const beganMs = clock.monotonicMs();
  try {
    await drive(stage);
    recorder.ends(clock.monotonicMs() - beganMs);
  } catch (thrown) {
    recorder.ends(clock.monotonicMs() - beganMs, { thrown });
  }
  return recorder.side;
}

function stageOf(
  replay: Replay,
  parts: { clock: MockClock; recorder: SideRecorder; onRequest: ((atMs: number) => void) | undefined },
): ReplayStage {
  const { policy, server, seed, startsAtMs, cancelled } = replay;
  const { random = new SeededRandom(seed), classify = classifyRecorded } = replay;
  const { clock, recorder, onRequest } = parts;
  const beganMs = clock.monotonicMs();
  const elapsedMs = (): number => clock.monotonicMs() - beganMs;
  return {
    clock,
    random,
    policy,
    server,
    signal: cancelled === undefined ? undefined : abortLater(clock, cancelled),
    recorder,
    classify,
    elapsedMs,
    serverMs: () => startsAtMs + elapsedMs(),
    spend: async (
      { request, durationMs, unsent, failure: facts },
      raise = (recorded) => new RecordedFailure(recorded),
    ) => {
      const atMs = elapsedMs();
      if (unsent === true && facts !== undefined) throw raise(facts);
      onRequest?.(atMs);
      if (durationMs > 0) await clock.sleep(durationMs);
      if (facts === undefined) {
        recorder.note(atMs, request);
        return;
      }
      const recorded = new RecordedFailure(facts);
      recorder.note(atMs, request, { facts, failure: classify(recorded), message: recorded.message });
      throw raise(facts);
    },
  };
}

function abortLater(clock: MockClock, { atMs, reason }: { atMs: number; reason: Error }): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort(reason);
  };
  if (atMs <= 0) abort();
  else void clock.sleep(atMs).then(abort);
  return controller.signal;
}

/** As `retry` does it in production. */
async function retryDriver(stage: ReplayStage): Promise<void> {
  const { clock, random, policy, recorder, signal, classify } = stage;
  if (policy === undefined) return tryOnce(stage);
  await retry((attempt) => oneTry(stage, attempt), {
    policy,
    clock,
    random,
    signal: signal ?? endingWithin(stage, policy),
    classify,
    observer: ({ attempt, failure, waitMs }) => {
      recorder.side.observerCalls.push(attempt);
      recorder.waits(waitMs, { policy, attempt: attempt + 1, retryAfterMs: failure.retryAfterMs });
    },
  });
}

/** Only a time ends a policy that has no last attempt. */
function endingWithin({ clock }: ReplayStage, policy: RecordedPolicy): AbortSignal | undefined {
  if (policy.withinMs === undefined) return undefined;
  const controller = new AbortController();
  void clock.sleep(policy.withinMs).then(() => {
    controller.abort(new Error(`gave up after ${policy.withinMs ?? 0} ms`));
  });
  return controller.signal;
}

async function tryOnce(stage: ReplayStage): Promise<void> {
  await oneTry(stage, 1);
}

/** One try whose failure its caller lives with, as the release of a lock that is gone. */
export async function tryOnceAtEase(stage: ReplayStage): Promise<void> {
  try {
    await oneTry(stage, 1);
  } catch (thrown) {
    if (!(thrown instanceof RecordedFailure)) throw thrown;
  }
}

/** All requests of one try; the last one's outcome is the try's. */
async function oneTry(stage: ReplayStage, attempt: number): Promise<void> {
  stage.recorder.side.tries += 1;
  const answers = stage.server.tryAnswers(attempt, stage.serverMs());
  for (const [index, answer] of answers.entries()) {
    try {
      await stage.spend(answer);
    } catch (thrown) {
      if (index === answers.length - 1) throw thrown;
    }
  }
}
