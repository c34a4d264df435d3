import { RemedyError } from '../errors/remedy-error.ts';
import type { PlannedCreations } from './dry-run.ts';
import { dryRunGroup } from './dry-run.ts';
import { GroupDecision } from './group-decision.ts';
import type { IngestItem } from './ingest-item.ts';
import { ObservedObjects } from './observed-objects.ts';
import { PassLimits } from './pass-limits.ts';
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
  private readonly limits: PassLimits;
  private decisions = 0;
  private sharedCount = 0;

  constructor(context: RunContext, stop: AbortSignal) {
    this.context = context;
    this.stop = stop;
    const { send, kind, namespace, leaseNamespace, clock, note, tell = note } = context;
    const { signalTimeoutMs, lockWaitMs = 0 } = context;
    const graceOver = this.graceOver.signal;
    const ended = this.runEnded.signal;
    this.limits = new PassLimits(clock, signalTimeoutMs + lockWaitMs, { stop, graceOver, ended });
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
    const pass = this.limits.begin();
    try {
      if (this.context.dryRun === undefined) await this.untilProgress(group, pass);
      else await dryRunGroup(this.context, group.dryRun(), { fingerprint, pass, planned: this.planned });
    } catch (thrown) {
      this.fail(group, thrown, pass.overdue);
    } finally {
      this.limits.end(pass);
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

  private fail(group: GroupDecision, thrown: unknown, overdue: RemedyError | undefined): void {
    if (overdue !== undefined) {
      group.failNext(overdue);
    } else if (this.stop.aborted) {
      group.notRun();
    } else if (thrown instanceof RemedyError && thrown.code === 'LOCK_TIMEOUT') {
      group.failAll(thrown);
    } else {
      group.failNext(thrown);
    }
  }
}
