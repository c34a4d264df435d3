import type { HeldLock } from '../../../src/lease/held-lock.ts';
import type { Subject, SubjectEnd, SubjectRequest } from '../../../src/lease/run-subject.ts';
import { runTimes } from '../../../src/lease/run-times.ts';
import { RunUnderLock, type RunOutcome } from '../../../src/lease/run-under-lock.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { TinyApi } from './tiny-api.ts';
import { fingerprint, lockProcess } from './lock-rig.ts';

/** A command that does as told; what was asked of it is kept with the time. */
class ScriptedCommand implements Subject {
  readonly asked: [SubjectRequest, number][] = [];
  readonly ended: Promise<SubjectEnd>;
  /** What a request ends it with; none: it is deaf. */
  readonly obeys: Partial<Record<SubjectRequest, SubjectEnd>>;
  endedAtMs: number | undefined;
  /** Started it outlives: how long after its end something of it runs on. */
  straggles = false;
  startError: Error | undefined;
  starts = 0;
  readonly #clock: MockClock;
  #resolve: (end: SubjectEnd) => void = () => undefined;

  constructor(clock: MockClock, obeys: Partial<Record<SubjectRequest, SubjectEnd>>) {
    this.#clock = clock;
    this.obeys = obeys;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  start(): Promise<void> {
    this.starts += 1;
    return this.startError === undefined ? Promise.resolve() : Promise.reject(this.startError);
  }

  ask(request: SubjectRequest): void {
    this.asked.push([request, this.#clock.monotonicMs()]);
    if (request === 'kill') this.straggles = false;
    const end = this.obeys[request];
    if (end !== undefined) this.end(end);
  }

  end(end: SubjectEnd): void {
    this.endedAtMs ??= this.#clock.monotonicMs();
    this.#resolve(end);
  }

  isGone(): boolean {
    return this.endedAtMs !== undefined && !this.straggles;
  }
}

export const polite = { terminate: { signal: 'SIGTERM' }, kill: { signal: 'SIGKILL' } };
export const deaf = { kill: { signal: 'SIGKILL' } };

/** A command under a lock of 30 s over an API server that can be bent. */
export async function underLock(obeys: Partial<Record<SubjectRequest, SubjectEnd>> = polite) {
  const api = new TinyApi();
  const clock = new MockClock();
  let down = false;
  const { lock } = lockProcess(
    (request) => {
      if (down) api.inject(request.method, { errno: 'ECONNREFUSED' });
      return api.send(request);
    },
    { clock },
  );
  const held = (await lock.tryAcquire(fingerprint)) as HeldLock;
  const command = new ScriptedCommand(clock, obeys);
  const notes: string[] = [];
  const run = new RunUnderLock(held, command, {
    clock,
    times: runTimes(30_000),
    note: (text) => notes.push(text),
  });
  let outcome: RunOutcome | undefined;
  api.log.length = 0;
  const begin = (): void => {
    void run.run().then((end) => {
      outcome = end;
    });
  };
  return {
    api,
    clock,
    held,
    command,
    notes,
    run,
    begin,
    outcome: () => outcome,
    setDown: (value: boolean) => {
      down = value;
    },
  };
}
