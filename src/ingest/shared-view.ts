import type { ApiResource, KubeObject } from '../api/objects.ts';
import { messageOf } from '../errors/remedy-error.ts';
import { ApiError } from '../kube/api-error.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import type { WatchEvent, WatchStream } from '../kube/watch-stream.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import type { RequestAccess } from '../request/request-access.ts';
import { longestSummaryText, summarizeRequest } from '../request/request-fields.ts';
import type { RequestSummary } from '../request/request-summary.ts';
import type { Clock } from '../time/clock.ts';
import { isAborted } from './is-aborted.ts';
import { LeaseHistory } from './lease-history.ts';
import { compareVersions } from './object-version.ts';
import { OwedEvents } from './owed-events.ts';
import { RecentVersions } from './recent-versions.ts';
import { RequestIndex } from './request-index.ts';

/** A watch that brings nothing, not even a bookmark (the API server sends one a minute), is taken for dead. */
const silenceLimitMs = 90_000;
const restartWaitsMs = [1_000, 2_000, 5_000, 10_000, 30_000];

export interface SharedViewOptions {
  /** Requests made here are the run's, not a signal's. */
  access: RequestAccess;
  leaseNamespace: string;
  clock: Clock;
  /** Told, under -v, when the view breaks and when it stands again. */
  note: (message: string) => void;
  /** Told, once, when it may not list or watch and will not be tried again. */
  tell: (message: string) => void;
}

/**
 * What a run of many signals looks at instead of listing for each: one watch of Leases, one consistent list and
 * one watch of RemediationRequests (docs/gateway-semantics.md 10.3 and 10.4: its start, why it suffices).
 *
 * Guarantees: while `isLive`, for an acquisition whose own event has been seen, and for whose lease the history
 * knows of no other holder, the index has every request that anybody who takes the lock has created under this
 * fingerprint. A lease watch that is lost is restored by the whole start sequence only, a request watch by a
 * consistent list of its own; an ordinary close is resumed where it ended.
 * Non-guarantees: requests made without the lock may be missing for as long as the watch lags; while not live
 * nothing here may be relied on, and signals go the way of a single one.
 */
export class SharedView {
  readonly index = new RequestIndex();
  readonly history = new LeaseHistory();
  readonly #options: SharedViewOptions;
  readonly #stopping = new AbortController();
  /** By uid the version that the watch of requests has yet to show. */
  readonly #unseenWrites = new Map<string, string>();
  readonly #owed: Readonly<Record<Followed, OwedEvents>>;
  /** What the watch has shown lately: an event may come before the answer to the write that made it. */
  readonly #shown = new RecentVersions(10_000);
  readonly #lastHeardMs = { leases: 0, requests: 0 };
  #live = false;
  #breakNow: ((why: string) => void) | undefined;
  #settleFirst: () => void = () => undefined;
  readonly #firstAttempt = new Promise<void>((resolve) => {
    this.#settleFirst = resolve;
  });
  #supervisor: Promise<void> | undefined;

  constructor(options: SharedViewOptions) {
    this.#options = options;
    const { clock } = options;
    this.#owed = { leases: new OwedEvents(clock), requests: new OwedEvents(clock) };
  }

  /** Starts once; resolves when the first start has succeeded or failed. */
  async ready(): Promise<void> {
    this.#supervisor ??= this.#supervise();
    await this.#firstAttempt;
  }

  isLive(): boolean {
    if (this.#live) this.#breakWhenSilent();
    return this.#live;
  }

  /** An answer to a write of our own: enters the index at once, and the watch owes its event. */
  noteOwnWrite(request: RequestSummary): void {
    this.index.put(request);
    if (!this.#live) return;
    const { uid, resourceVersion } = request;
    if (isAtLeast(this.#shown.get(uid), resourceVersion)) return;
    this.#unseenWrites.set(uid, resourceVersion);
    this.#owed.requests.expect(uid, (isOverdue) => {
      if (isOverdue) this.#break('the watch of requests did not show our own write within a second');
    });
  }

  /** Waits until the lease watch has shown this acquisition; false where it is overdue, which breaks the view. */
  async sawOwnLease(holder: string): Promise<boolean> {
    if (!this.#live || this.history.hasSeenOwn(holder)) return this.#live;
    const { leases } = this.#owed;
    await new Promise<void>((resolve) => {
      this.history.onSeen(holder, resolve);
      leases.expect(holder, (isOverdue) => {
        if (isOverdue) this.#break('the watch of leases did not show our own lock within a second');
        resolve();
      });
    });
    leases.forget(holder);
    return this.isLive() && this.history.hasSeenOwn(holder);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#breakNow?.('the run is over');
    await this.#supervisor;
  }

  async #supervise(): Promise<void> {
    for (let failures = 0; !this.#stopping.signal.aborted; failures += 1) {
      const lifetime = new AbortController();
      const broken = new Promise<string>((resolve) => {
        this.#breakNow = resolve;
      });
      try {
        await this.#start(lifetime.signal);
        this.#live = true;
        this.#settleFirst();
        if (failures > 0) this.#options.note('the shared view of requests and leases stands again');
        failures = 0;
        this.#noteUnlessStopping(await broken);
      } catch (cause) {
        if (cause instanceof ApiError && cause.httpStatus === 403) {
          this.#options.tell(oneByOne(messageOf(cause)));
          break;
        }
        this.#noteUnlessStopping(messageOf(cause));
      } finally {
        this.#live = false;
        this.#unseenWrites.clear();
        this.#owed.requests.clear();
        this.#owed.leases.clear();
        lifetime.abort();
        this.#settleFirst();
      }
      const waitMs = restartWaitsMs[Math.min(failures, restartWaitsMs.length - 1)] ?? 0;
      await this.#options.clock.sleep(waitMs, this.#stopping.signal).catch(() => undefined);
    }
  }

  #noteUnlessStopping(why: string): void {
    if (this.#stopping.signal.aborted) return;
    this.#options.note(oneByOne(why));
  }

  /** The order matters: the lease watch is open before the list of requests begins. */
  async #start(signal: AbortSignal): Promise<void> {
    const ended = AbortSignal.any([signal, this.#stopping.signal]);
    const leases = await this.#watchLeases(ended);
    this.history.restart();
    this.#heard('leases');
    void this.#follow('leases', leases, ended);
    const requests = await this.#watchRequests(await this.#listRequests(ended), ended);
    this.#heard('requests');
    void this.#follow('requests', requests, ended);
  }

  async #listRequests(signal: AbortSignal): Promise<string | undefined> {
    const { objects, kind, namespace } = this.#options.access;
    const listing = this.index.listing();
    let listVersion: string | undefined;
    const options = { signal, longestText: longestSummaryText };
    for await (const page of objects.listPages(kind.resource, { namespace }, options)) {
      this.#heard('requests');
      listVersion ??= page.metadata.resourceVersion;
      for (const object of page.items) {
        const request = summarizeRequest(object);
        listing.add(request);
        this.#noteShown(request);
      }
    }
    listing.finish(listVersion ?? '0');
    this.#forgetUpTo(listVersion);
    return listVersion;
  }

  /** What a list does not show of writes that are older is gone. */
  #forgetUpTo(listVersion: string | undefined): void {
    for (const [uid, resourceVersion] of this.#unseenWrites) {
      if (isAtLeast(listVersion, resourceVersion)) this.#noLongerOwed(uid);
    }
  }

  #noLongerOwed(uid: string): void {
    this.#unseenWrites.delete(uid);
    this.#owed.requests.forget(uid);
  }

  #watchLeases(signal: AbortSignal, resourceVersion?: string): Promise<WatchStream> {
    const { access, leaseNamespace } = this.#options;
    return openWatch(access.objects, leaseResource, { namespace: leaseNamespace, resourceVersion }, signal);
  }

  #watchRequests(resourceVersion: string | undefined, signal: AbortSignal): Promise<WatchStream> {
    const { objects, kind, namespace } = this.#options.access;
    return openWatch(objects, kind.resource, { namespace, resourceVersion }, signal);
  }

  async #follow(what: Followed, stream: WatchStream, signal: AbortSignal): Promise<void> {
    let current = stream;
    while (!isAborted(signal)) {
      try {
        for await (const event of current) this.#take(what, event);
        if (isAborted(signal)) return;
        current = await this.#resume(what, current.resourceVersion, signal);
      } catch (cause) {
        if (isAborted(signal)) return;
        const next = what === 'requests' ? await this.#relist(cause, signal) : undefined;
        if (next === undefined) {
          this.#breakNow?.(`the watch of ${what} was lost: ${messageOf(cause)}`);
          return;
        }
        current = next;
      }
    }
  }

  #resume(what: Followed, version: string | undefined, signal: AbortSignal): Promise<WatchStream> {
    if (version === undefined) throw new Error('it ended before it had shown anything');
    return what === 'leases' ? this.#watchLeases(signal, version) : this.#watchRequests(version, signal);
  }

  /** A request watch is restored by its own consistent list; a second failure breaks the view. */
  async #relist(cause: unknown, signal: AbortSignal): Promise<WatchStream | undefined> {
    this.#options.note(`the watch of requests was lost, listing again: ${messageOf(cause)}`);
    try {
      return await this.#watchRequests(await this.#listRequests(signal), signal);
    } catch {
      return undefined;
    }
  }

  #take(what: Followed, event: WatchEvent): void {
    this.#heard(what);
    if (event.type === 'BOOKMARK') return;
    if (what === 'leases') this.#takeLease(event);
    else this.#takeRequest(event);
  }

  #takeLease(event: WatchEvent): void {
    this.history.observe({
      leaseName: event.object.metadata.name,
      holder: holderOf(event.object),
      deleted: event.type === 'DELETED',
    });
  }

  #takeRequest(event: WatchEvent): void {
    const request = summarizeRequest(event.object);
    if (event.type === 'DELETED') this.index.remove(request);
    else this.index.put(request);
    this.#noteShown(request);
  }

  #noteShown({ uid, resourceVersion }: RequestSummary): void {
    this.#shown.set(uid, resourceVersion);
    const owed = this.#unseenWrites.get(uid);
    if (owed === undefined || !isAtLeast(resourceVersion, owed)) return;
    this.#noLongerOwed(uid);
  }

  #heard(what: Followed): void {
    this.#owed[what].heard();
    this.#lastHeardMs[what] = this.#options.clock.monotonicMs();
  }

  #breakWhenSilent(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const silent = Object.entries(this.#lastHeardMs).find(([, atMs]) => nowMs - atMs > silenceLimitMs);
    if (silent === undefined) return;
    this.#break(`the watch of ${silent[0]} has been silent for ${silenceLimitMs / 1000} s`);
  }

  #break(why: string): void {
    this.#breakNow?.(why);
    this.#live = false;
  }
}

type Followed = 'leases' | 'requests';

function oneByOne(why: string): string {
  return `signals are handled one by one, without a shared view: ${why}`;
}

function isAtLeast(version: string | undefined, wanted: string): boolean {
  return version !== undefined && compareVersions(version, wanted) >= 0;
}

function openWatch(
  objects: ObjectAccess,
  resource: ApiResource,
  from: { namespace: string; resourceVersion: string | undefined },
  signal: AbortSignal,
): Promise<WatchStream> {
  const options = { signal, longestText: longestSummaryText };
  return objects.watch(resource, { ...from, allowWatchBookmarks: true }, options);
}

function holderOf(lease: KubeObject): string {
  const spec = lease['spec'] as { holderIdentity?: unknown } | undefined;
  return typeof spec?.holderIdentity === 'string' ? spec.holderIdentity : '';
}
