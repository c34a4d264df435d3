import type { KubeObject } from '../api/objects.ts';
import { leaseName } from '../lease/lease-name.ts';
import type { LockRequests, LockResource } from '../lease/lock-record.ts';
import { isTerminalPhase } from '../request/phase.ts';
import { summarizeRequest } from '../request/request-fields.ts';

/** What a lock needs to know of one request, and nothing more: there may be 100,000. */
interface JoinedRequest {
  key: string;
  name: string;
  phase: string;
  fingerprint: string;
  createdAt: string;
  living: boolean;
  resource: LockResource | undefined;
}

interface IndexOptions {
  /** Only these leases are of interest; absent: any. */
  leaseNames?: ReadonlySet<string> | undefined;
  /** Keep every request, so that one can be taken away again; else only the one that counts for each lock. */
  forWatching?: boolean | undefined;
}

/** Requests by the lock of their fingerprint. */
export class LockRequestIndex {
  readonly #leaseNames: ReadonlySet<string> | undefined;
  readonly #forWatching: boolean;
  readonly #byLease = new Map<string, Map<string, JoinedRequest>>();

  constructor({ leaseNames, forWatching = false }: IndexOptions = {}) {
    this.#leaseNames = leaseNames;
    this.#forWatching = forWatching;
  }

  /** Returns the lock that the request belongs to; undefined for one that is of no interest. */
  put(object: KubeObject): string | undefined {
    const request = joined(object);
    if (request === undefined) return undefined;
    const name = leaseName(request.fingerprint);
    if (this.#leaseNames !== undefined && !this.#leaseNames.has(name)) return undefined;
    const known = this.#byLease.get(name) ?? new Map<string, JoinedRequest>();
    known.set(request.key, request);
    if (!this.#forWatching) keepBest(known);
    this.#byLease.set(name, known);
    return name;
  }

  /** Takes a request away. Returns the lock that it belonged to. */
  remove(object: KubeObject): string | undefined {
    const request = joined(object);
    if (request === undefined) return undefined;
    const name = leaseName(request.fingerprint);
    this.#byLease.get(name)?.delete(request.key);
    return name;
  }

  /** What is known of the requests of a lock, by the name of its lease. */
  of(name: string): LockRequests {
    const best = bestOf(this.#byLease.get(name)?.values() ?? []);
    if (best === undefined) return { living: false };
    const { fingerprint, living, phase, resource } = best;
    return {
      request: { name: best.name, ...(phase === '' ? {} : { phase }) },
      fingerprint,
      living,
      ...(resource === undefined ? {} : { resource }),
    };
  }
}

function joined(object: KubeObject): JoinedRequest | undefined {
  const { fingerprint, name, namespace, phase, creationTimestamp = '' } = summarizeRequest(object);
  if (fingerprint === '') return undefined;
  return {
    key: `${namespace}/${name}`,
    name,
    phase,
    fingerprint,
    createdAt: creationTimestamp,
    living: !isTerminalPhase(phase),
    resource: resourceOf(object),
  };
}

function resourceOf(object: KubeObject): LockResource | undefined {
  const target = (object['spec'] as { targetResource?: unknown } | undefined)?.targetResource;
  if (typeof target !== 'object' || target === null) return undefined;
  const { kind, name, namespace, apiVersion } = target as Record<string, unknown>;
  const texts = Object.entries({ kind, name, namespace, apiVersion }).filter(
    ([, value]) => typeof value === 'string' && value !== '',
  );
  return Object.fromEntries(texts);
}

function keepBest(known: Map<string, JoinedRequest>): void {
  const best = bestOf(known.values());
  for (const { key } of [...known.values()]) if (key !== best?.key) known.delete(key);
}

/** The one under way, the oldest of several; else the latest. Ties by name. */
function bestOf(requests: Iterable<JoinedRequest>): JoinedRequest | undefined {
  let best: JoinedRequest | undefined;
  for (const request of requests) if (best === undefined || goesBefore(request, best)) best = request;
  return best;
}

function goesBefore(a: JoinedRequest, b: JoinedRequest): boolean {
  if (a.living !== b.living) return a.living;
  if (a.createdAt !== b.createdAt) return a.living ? a.createdAt < b.createdAt : a.createdAt > b.createdAt;
  return a.key < b.key;
}
