import { RemedyError } from '../errors/remedy-error.ts';
import { linkAborts } from './abort-link.ts';
import type { Clock } from '../time/clock.ts';
import type { PlannedCreations } from './dry-run.ts';
import { dryRunGroup } from './dry-run.ts';
import { GroupDecision } from './group-decision.ts';
import type { IngestItem } from './ingest-item.ts';
import { ObservedObjects } from './observed-objects.ts';
import type { ReadySignal } from './ready-signal.ts';
import type { RunContext } from './run-context.ts';
import { SharedView } from './shared-view.ts';

/** From the ninth decision of a run on the shared view pays for itself. */
const decisionsWithoutView = 8;
/** After a stop, requests under way have this long to end. */
const stopGraceMs = 5_000;

/** Decides the signals of a run, group by group, and owns what they share. */
export class SignalDecider {
  private readonly context: RunContext;
  private readonly stop: AbortSignal;
  private readonly graceOver = new AbortController();
  private readonly runEnded = new AbortController();
  private readonly doubtful = new Set<string>();
  private readonly planned: PlannedCreations = new Map();
  private readonly view: SharedView;
  private decisions = 0;
  private sharedCount = 0;

  constructor(context: RunContext, stop: AbortSignal) {
    this.context = context;
    this.stop = stop;
    const { send, kind, namespace, leaseNamespace, clock, note, tell = note } = context;
    const onRequest = (): void => void (this.sharedCount += 1);
    const objects = new ObservedObjects(send, { onRequest, trace: context.trace });
    this.view = new SharedView({ access: { objects, kind, namespace }, leaseNamespace, clock, note, tell });
    stop.addEventListener('abort', this.beginGrace, { once: true });
  }

  /** Lists and watches of the run so far. */
  get sharedRequests(): number {
    return this.sharedCount;
  }

  /** One item per signal, in their order. Rejects only for what is a bug. */
  async decide(fingerprint: string, signals: ReadySignal[]): Promise<IngestItem[]> {
    const view = await this.sharedView();
    const group = new GroupDecision(
      this.context,
      { fingerprint, signals },
      { view, doubtful: this.doubtful },
    );
    group.refuseInvalid();
    while (!group.isDone) await this.onePass(group, fingerprint);
    return group.items();
  }

  async close(): Promise<void> {
    this.stop.removeEventListener('abort', this.beginGrace);
    this.runEnded.abort();
    await this.view.close();
  }

  private readonly beginGrace = (): void => {
    this.context.clock.sleep(stopGraceMs, this.runEnded.signal).then(
      () => {
        this.graceOver.abort(this.stop.reason);
      },
      () => undefined,
    );
  };

  private async sharedView(): Promise<SharedView | undefined> {
    this.decisions += 1;
    if (!this.context.bulk && this.decisions <= decisionsWithoutView) return undefined;
    await this.view.ready();
    return this.view;
  }

  /** One signal's time: its own limit, and what was asked for to wait for the lock. */
  private async onePass(group: GroupDecision, fingerprint: string): Promise<void> {
    const { clock, signalTimeoutMs, lockWaitMs = 0 } = this.context;
    const limitMs = signalTimeoutMs + lockWaitMs;
    const overdue = deadlineSignal(clock, limitMs);
    const waiting = linkAborts([overdue.signal, this.stop]);
    const requests = linkAborts([overdue.signal, this.graceOver.signal]);
    try {
      const deadlineMonotonicMs = clock.monotonicMs() + limitMs;
      const pass = { waiting: waiting.signal, requests: requests.signal, deadlineMonotonicMs };
      if (this.context.dryRun === undefined) await this.untilProgress(group, pass);
      else await dryRunGroup(this.context, group.dryRun(), { fingerprint, pass, planned: this.planned });
    } catch (thrown) {
      this.fail(group, thrown, overdue.signal);
    } finally {
      overdue.cancel();
      waiting.unlink();
      requests.unlink();
    }
  }

  /** A pass that only learnt that its decision was old is followed by another, while there is time. */
  private async untilProgress(
    group: GroupDecision,
    pass: Parameters<GroupDecision['pass']>[0],
  ): Promise<void> {
    const before = group.settledCount;
    while (!group.isDone && group.settledCount === before) {
      pass.waiting.throwIfAborted();
      await group.pass(pass);
    }
  }

  private fail(group: GroupDecision, thrown: unknown, overdue: AbortSignal): void {
    if (overdue.aborted) {
      group.failNext(overdue.reason);
    } else if (this.stop.aborted) {
      group.notRun();
    } else if (thrown instanceof RemedyError && thrown.code === 'LOCK_TIMEOUT') {
      group.failAll(thrown);
    } else {
      group.failNext(thrown);
    }
  }
}

/** A reason of one's own spares a DOMException with its stack for every signal. */
const inTime = new Error('settled before its deadline');

function deadlineSignal(clock: Clock, limitMs: number): { signal: AbortSignal; cancel: () => void } {
  const overdue = new AbortController();
  const settled = new AbortController();
  clock.sleep(limitMs, settled.signal).then(
    () => {
      overdue.abort(timedOut(limitMs));
    },
    () => undefined,
  );
  return {
    signal: overdue.signal,
    cancel: () => {
      settled.abort(inTime);
    },
  };
}

function timedOut(limitMs: number): RemedyError {
  return new RemedyError('TIMEOUT', `not finished within ${limitMs / 1000} s`, {
    hint: 'Give each signal more time with --signal-timeout.',
  });
}
