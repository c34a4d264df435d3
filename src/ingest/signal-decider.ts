import { RemedyError } from '../errors/remedy-error.ts';
import type { PlannedCreations } from './dry-run.ts';
import { dryRunGroup } from './dry-run.ts';
import { GroupDecision } from './group-decision.ts';
import type { IngestItem } from './ingest-item.ts';
import { isAborted } from './is-aborted.ts';
import { ObservedObjects } from './observed-objects.ts';
import { OtherFingerprints } from './other-fingerprints.ts';
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
  readonly #context: RunContext;
  readonly #stop: AbortSignal;
  readonly #graceOver = new AbortController();
  readonly #runEnded = new AbortController();
  readonly #doubtful = new Set<string>();
  readonly #planned: PlannedCreations = new Map();
  readonly #view: SharedView;
  readonly #others: OtherFingerprints;
  readonly #limits: PassLimits;
  #decisions = 0;
  #sharedCount = 0;
  #lookupCount = 0;

  constructor(context: RunContext, stop: AbortSignal) {
    this.#context = context;
    this.#stop = stop;
    const { send, kind, namespace, leaseNamespace, clock, note, tell = note } = context;
    const { signalTimeoutMs, lockWaitMs = 0 } = context;
    const graceOver = this.#graceOver.signal;
    const ended = this.#runEnded.signal;
    this.#limits = new PassLimits(clock, signalTimeoutMs + lockWaitMs, { stop, graceOver, ended });
    const onRequest = (): void => void (this.#sharedCount += 1);
    const objects = new ObservedObjects(send, { onRequest, trace: context.trace });
    this.#view = new SharedView({ access: { objects, kind, namespace }, leaseNamespace, clock, note, tell });
    const onLookup = (): void => void (this.#lookupCount += 1);
    const lookups = new ObservedObjects(send, { onRequest: onLookup, trace: context.trace });
    this.#others = new OtherFingerprints({
      access: { objects: lookups, kind, namespace },
      clock,
      strict: context.strictResource === true,
      ended: AbortSignal.any([graceOver, ended]),
    });
    stop.addEventListener('abort', this.#beginGrace, { once: true });
  }

  /** Lists and watches of the run so far. */
  get sharedRequests(): number {
    return this.#sharedCount;
  }

  /** Lists of requests of the same resource under other fingerprints, so far. */
  get lookupRequests(): number {
    return this.#lookupCount;
  }

  /** One item per signal, in their order. Rejects only for what is a bug. */
  async decide(fingerprint: string, signals: ReadySignal[]): Promise<IngestItem[]> {
    const view = await this.#sharedView();
    const group = new GroupDecision(
      this.#context,
      { fingerprint, signals },
      { view, doubtful: this.#doubtful, others: this.#others },
    );
    group.refuseInvalid();
    while (!group.isDone) await this.#onePass(group, fingerprint);
    return group.items();
  }

  async close(): Promise<void> {
    this.#stop.removeEventListener('abort', this.#beginGrace);
    this.#runEnded.abort();
    await this.#view.close();
  }

  readonly #beginGrace = (): void => {
    this.#context.clock.sleep(stopGraceMs, this.#runEnded.signal).then(
      () => {
        this.#graceOver.abort(this.#stop.reason);
      },
      () => undefined,
    );
  };

  async #sharedView(): Promise<SharedView | undefined> {
    this.#decisions += 1;
    if (!this.#context.bulk && this.#decisions <= decisionsWithoutView) return undefined;
    await this.#view.ready();
    return this.#view;
  }

  /** One signal's time: its own limit, and what was asked for to wait for the lock. */
  async #onePass(group: GroupDecision, fingerprint: string): Promise<void> {
    const outages = this.#context.server?.outages;
    const pass = this.#limits.begin();
    try {
      if (this.#context.dryRun === undefined) await this.#untilProgress(group, pass);
      else await dryRunGroup(this.#context, group.dryRun(), { fingerprint, pass, planned: this.#planned });
    } catch (thrown) {
      this.#limits.end(pass);
      const { overdue } = pass;
      const stopped = this.#stop.aborted;
      if (await this.#mayPassAgain(thrown, outages, fingerprint)) return;
      this.#fail(group, thrown, { overdue, stopped });
    } finally {
      this.#limits.end(pass);
    }
  }

  /**
   * A pass throws only where nothing was created and nothing counted, so one that met an outage is made again when the
   * server answers. What it left behind, a lease whose answer was lost, is waited for: it is nobody's.
   */
  async #mayPassAgain(thrown: unknown, outages: number | undefined, fingerprint: string): Promise<boolean> {
    const { clock, lock, server } = this.#context;
    if (server === undefined || this.#stop.aborted) return false;
    await server.whenSure();
    if (isAborted(this.#stop)) return false;
    if (server.outages !== outages) return true;
    if (server.outages === 0 || !isLockTimeout(thrown)) return false;
    const leftUntilMs = lock.leftUntilMs(fingerprint);
    if (leftUntilMs === undefined) return false;
    await clock.sleep(leftUntilMs - clock.now(), this.#stop).catch(() => undefined);
    return !isAborted(this.#stop);
  }

  /** A pass that only learnt that its decision was old is followed by another, while there is time. */
  async #untilProgress(group: GroupDecision, pass: Parameters<GroupDecision['pass']>[0]): Promise<void> {
    const before = group.settledCount;
    while (!group.isDone && group.settledCount === before) {
      pass.waiting.throwIfAborted();
      await group.pass(pass);
    }
  }

  #fail(
    group: GroupDecision,
    thrown: unknown,
    { overdue, stopped }: { overdue: RemedyError | undefined; stopped: boolean },
  ): void {
    if (overdue !== undefined) {
      group.failNext(overdue);
    } else if (stopped) {
      group.notRun();
    } else if (isLockTimeout(thrown)) {
      group.failAll(thrown);
    } else {
      group.failNext(thrown);
    }
  }
}

function isLockTimeout(thrown: unknown): boolean {
  return thrown instanceof RemedyError && thrown.code === 'LOCK_TIMEOUT';
}
