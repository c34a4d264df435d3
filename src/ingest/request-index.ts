import { activeTarget, targetKey } from '../request/active-target.ts';
import { isTerminalPhase } from '../request/phase.ts';
import type { RequestSummary } from '../request/request-summary.ts';
import { compareVersions } from './object-version.ts';
import { RecentVersions } from './recent-versions.ts';

/**
 * The requests of a namespace that can make a signal a duplicate, by fingerprint, as a list and a watch have
 * shown them and as the answers to our own writes have changed them.
 *
 * Guarantee: an object never moves back. A version older than one already known is ignored, also where the
 * newer one came as the answer to our own write and the watch lags behind it, and also after its deletion.
 * Versions are compared for one object of one resource only.
 *
 * Requests that have ended and hold nothing back are not kept: memory grows with what is open, not with history.
 */
export class RequestIndex {
  readonly #byFingerprint = new Map<string, Map<string, RequestSummary>>();
  /** Active ones only, by the resource that they are for. */
  readonly #byTarget = new Map<string, Map<string, RequestSummary>>();
  /** Latest version known of objects that are not kept, so that a late event cannot bring them back. */
  readonly #dropped = new RecentVersions(10_000);

  candidates(fingerprint: string): RequestSummary[] {
    return [...(this.#byFingerprint.get(fingerprint)?.values() ?? [])];
  }

  /** Active requests for a resource, under whatever fingerprint. `member`: `Kind/name`. */
  activeFor(member: string, namespace: string | undefined): RequestSummary[] {
    return [...(this.#byTarget.get(targetKey(member, namespace))?.values() ?? [])];
  }

  /** From a list, a watch or the answer to a write of our own. */
  put(request: RequestSummary): void {
    if (this.#isOlder(request)) return;
    if (canCount(request)) {
      this.#dropped.forget(request.uid);
      this.#forgetTarget(request);
      groupIn(this.#byFingerprint, request.fingerprint).set(request.uid, request);
      const target = activeTarget(request);
      if (target !== undefined) groupIn(this.#byTarget, target).set(request.uid, request);
    } else {
      this.#drop(request);
    }
  }

  /** From a DELETED event, whose resourceVersion is that of the deletion, or a 404 to a read or write of our own. */
  remove(request: RequestSummary): void {
    if (!this.#isOlder(request)) this.#drop(request);
  }

  /**
   * Takes up a consistent list of one fingerprint, or without one of everything. `finish` drops what the list
   * did not show, but not what an answer to a write of our own has brought since.
   */
  listing(fingerprint?: string): Listing {
    const shown = new Set<string>();
    return {
      add: (request) => {
        this.put(request);
        if (canCount(request)) shown.add(request.uid);
      },
      finish: (listVersion) => {
        const groups = fingerprint === undefined ? [...this.#byFingerprint.keys()] : [fingerprint];
        for (const group of groups) this.#removeUnlisted(group, shown, listVersion);
      },
    };
  }

  #removeUnlisted(fingerprint: string, shown: Set<string>, listVersion: string): void {
    for (const known of this.candidates(fingerprint)) {
      const newer = compareVersions(known.resourceVersion, listVersion) > 0;
      if (!shown.has(known.uid) && !newer) this.#drop({ ...known, resourceVersion: listVersion });
    }
  }

  #isOlder(request: RequestSummary): boolean {
    const { fingerprint, uid, resourceVersion } = request;
    const kept = this.#byFingerprint.get(fingerprint)?.get(uid)?.resourceVersion;
    if (kept !== undefined) return compareVersions(resourceVersion, kept) < 0;
    const dropped = this.#dropped.get(uid);
    return dropped !== undefined && compareVersions(resourceVersion, dropped) <= 0;
  }

  #drop(request: RequestSummary): void {
    this.#dropped.set(request.uid, request.resourceVersion);
    this.#forgetTarget(request);
    removeFrom(this.#byFingerprint, request.fingerprint, request.uid);
  }

  /** By the version that is kept: the new one may have ended, or say less of itself. */
  #forgetTarget({ fingerprint, uid }: RequestSummary): void {
    const kept = this.#byFingerprint.get(fingerprint)?.get(uid);
    const target = kept === undefined ? undefined : activeTarget(kept);
    if (target !== undefined) removeFrom(this.#byTarget, target, uid);
  }
}

type Groups = Map<string, Map<string, RequestSummary>>;

function groupIn(groups: Groups, key: string): Map<string, RequestSummary> {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const fresh = new Map<string, RequestSummary>();
  groups.set(key, fresh);
  return fresh;
}

function removeFrom(groups: Groups, key: string, uid: string): void {
  const group = groups.get(key);
  if (group?.delete(uid) === true && group.size === 0) groups.delete(key);
}

export interface Listing {
  add(request: RequestSummary): void;
  /** `listVersion`: the resourceVersion of the list's first page. */
  finish(listVersion: string): void;
}

/** Whether a request could suppress a signal now or, by its backoff, later. */
function canCount(request: RequestSummary): boolean {
  return (
    !isTerminalPhase(request.phase) ||
    request.outcome === 'ManualReviewRequired' ||
    request.nextAllowedExecution !== undefined
  );
}
