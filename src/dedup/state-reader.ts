import { RemedyError } from '../errors/remedy-error.ts';
import { compareText } from './compare-text.ts';
import { deduplicationState, type DeduplicationState } from './deduplication-state.ts';
import { FingerprintIndex } from './fingerprint-index.ts';
import { readRequestFacts, type RequestFacts } from '../request/request-facts.ts';
import { ApiError } from '../kube/api-error.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import type { Lease } from '../lease/lease-object.ts';
import { leaseName } from '../lease/lease-name.ts';
import { describeLock, type LockRecord } from '../lease/lock-record.ts';
import { activeTarget, targetKey } from '../request/active-target.ts';
import { mayBeginName } from '../request/name-beginning.ts';
import { isTerminalPhase } from '../request/phase.ts';
import type { Clock } from '../time/clock.ts';
import { RequestLocator } from '../locks/request-locator.ts';
import type { LockPlaces } from '../locks/lock-ground.ts';
import type { Notes } from '../notes/notes.ts';
import type { ResolvedResource } from '../signal/named-resource.ts';
import type { TargetResource } from '../signal/signal.ts';

/** A state with the lock of its fingerprint; no lock: nobody has taken it. */
export type ShownState = DeduplicationState & { lock?: LockRecord };

/** An active request of the same resource, or of one that owns it or is owned by it, that no signal of it meets. */
export interface OtherRequest {
  namespace: string;
  name: string;
  /** Absent where the request has none yet. */
  phase?: string;
  fingerprint: string;
  resource: TargetResource;
  /** Who made it, where that is said: a2a-agent. */
  signalSource?: string;
}

/** The state of what was asked about; `otherRequests` and `ownerChain` of a resource only. */
export type SubjectState = ShownState & { otherRequests?: OtherRequest[]; ownerChain?: string[] };

/** What reading states goes by. */
export interface StateGround {
  client: Pick<KubeClient, 'objects' | 'discovery'>;
  /** The server's clock against `clock`, as far as it has been measured. */
  skew: () => ClockSkew | undefined;
  /** Real time: locks go by it always. */
  clock: Pick<Clock, 'now'>;
  /** The time of decisions, where it is another than the real one. */
  decisionClock: Pick<Clock, 'now'>;
  /** Ends requests. */
  signal: AbortSignal;
  notes: Pick<Notes, 'warn'>;
  settings: LockPlaces;
}

/** One answer of the API server holds as many as this. */
const pageSize = 500;

/**
 * Reads states. A fingerprint costs two requests: a LIST of its requests, and a GET of its lease. A prefix costs
 * one LIST of everything in place of the first, and so does a resource; so does the name of a request while there are
 * no more than 500, and a GET besides where there are more.
 */
export class StateReader {
  readonly #ground: StateGround;
  readonly #requests: RequestLocator;

  constructor(ground: StateGround) {
    this.#ground = ground;
    this.#requests = new RequestLocator(ground.client, ground.signal);
  }

  /** Throws what ObjectAccess throws, and GROUP_NOT_SERVED. */
  async ofFingerprint(fingerprint: string): Promise<ShownState> {
    const [requests, lease] = await Promise.all([
      requestsOf(this.#requests, this.#namespace, fingerprint),
      this.#leaseOf(fingerprint),
    ]);
    return this.#shown(fingerprint, requests, lease);
  }

  /** Of a resource that was resolved; with what is active for any member of its chain under another fingerprint. */
  async ofResource(about: ResolvedResource): Promise<SubjectState> {
    const { fingerprint } = about;
    const [index, lease] = await Promise.all([this.index(), this.#leaseOf(fingerprint)]);
    const state = this.#shown(fingerprint, index.requests(fingerprint), lease);
    const others = [...index.fingerprints()]
      .filter((other) => other !== fingerprint)
      .flatMap((other) => index.requests(other))
      .filter((request) => isActiveFor(request, about))
      .map(describeOther)
      .sort((a, b) => compareText(a.name, b.name));
    return others.length === 0 ? state : { ...state, otherRequests: others };
  }

  /** Throws NOT_FOUND, or AMBIGUOUS_KEY with every fingerprint that begins so. */
  async ofPrefix(prefix: string): Promise<ShownState> {
    const index = new FingerprintIndex();
    for await (const object of this.#requests.list({ namespace: this.#namespace })) {
      if (readRequestFacts(object).fingerprint.startsWith(prefix)) index.put(object);
    }
    const [fingerprint, ...others] = [...index.fingerprints()].sort(compareText);
    if (fingerprint === undefined) throw this.#unknownPrefix(prefix);
    if (others.length > 0) throw ambiguous(prefix, fingerprints, [fingerprint, ...others]);
    return this.#shown(fingerprint, index.requests(fingerprint), await this.#leaseOf(fingerprint));
  }

  /** Also of the beginning of its name, where there are no more than 500. Throws NOT_FOUND, AMBIGUOUS_KEY. */
  async ofRequest(name: string): Promise<ShownState> {
    const first: RequestFacts[] = [];
    let isComplete = true;
    for await (const object of this.#requests.list({ namespace: this.#namespace })) {
      first.push(readRequestFacts(object));
      isComplete = first.length < pageSize;
      if (!isComplete) break;
    }
    const named = first.find((request) => request.name === name) ?? onlyBeginning(first, name, isComplete);
    const { fingerprint } = named ?? readRequestFacts(await this.#requests.get(this.#namespace, name));
    if (fingerprint === '') throw new RemedyError('NOT_FOUND', `the request ${name} has no fingerprint`);
    if (!isComplete) return this.ofFingerprint(fingerprint);
    const requests = first.filter((request) => request.fingerprint === fingerprint);
    return this.#shown(fingerprint, requests, await this.#leaseOf(fingerprint));
  }

  /** The states of everything that there is; `onRequest` is told how many requests have been read. */
  async index(onRequest: (count: number) => void = () => undefined): Promise<FingerprintIndex> {
    const index = new FingerprintIndex();
    let count = 0;
    for await (const object of this.#requests.list({ namespace: this.#namespace })) {
      index.put(object);
      count += 1;
      onRequest(count);
    }
    return index;
  }

  get #namespace(): string {
    return this.#ground.settings.namespace;
  }

  #shown(fingerprint: string, requests: readonly RequestFacts[], lease: Lease | undefined): ShownState {
    const { clock, decisionClock, skew } = this.#ground;
    const state = deduplicationState(fingerprint, requests, decisionClock.now());
    if (lease === undefined) return state;
    const about = state.active?.name ?? state.history[0]?.name;
    const request = requests.find(({ name }) => name === about);
    const lock = describeLock(lease, {
      nowMs: clock.now(),
      skew: skew(),
      fingerprint,
      requests: {
        living: requests.some(({ phase }) => !isTerminalPhase(phase)),
        ...(request === undefined ? {} : { request: { name: request.name, phase: request.phase } }),
        ...(state.resource === undefined ? {} : { resource: state.resource }),
      },
    });
    return { ...state, lock };
  }

  /** Undefined where nobody has it. Without permission to read leases everything else is worth showing. */
  async #leaseOf(fingerprint: string): Promise<Lease | undefined> {
    const { client, notes, settings, signal } = this.#ground;
    const key = { namespace: settings.leaseNamespace, name: leaseName(fingerprint) };
    try {
      return await client.objects.get<Lease>(leaseResource, key, { signal });
    } catch (thrown) {
      if (thrown instanceof ApiError && thrown.httpStatus === 404) return undefined;
      if (!(thrown instanceof ApiError) || thrown.httpStatus !== 403) throw thrown;
      notes.warn(`the lock is not shown: ${thrown.message}`);
      return undefined;
    }
  }

  #unknownPrefix(prefix: string): RemedyError {
    return new RemedyError(
      'NOT_FOUND',
      `no request in namespace ${this.#namespace} has a fingerprint that begins with ${prefix}`,
      { hint: 'give the whole fingerprint: it needs no request to exist' },
    );
  }
}

/** The one request whose name begins so; of a list that is not complete nothing can be said. */
function onlyBeginning(
  requests: readonly RequestFacts[],
  name: string,
  isComplete: boolean,
): RequestFacts | undefined {
  const found = isComplete && mayBeginName(name) ? requests.filter((one) => one.name.startsWith(name)) : [];
  if (found.length > 1)
    throw ambiguous(
      name,
      requestNames,
      found.map((one) => one.name),
    );
  return found[0];
}

function isActiveFor(
  request: RequestFacts,
  { ownerChain, resource, clusterID = '' }: ResolvedResource,
): boolean {
  if ((request.clusterID ?? '') !== clusterID) return false;
  const target = activeTarget(request);
  return ownerChain.some((member) => targetKey(member, resource.namespace) === target);
}

function describeOther({
  namespace,
  name,
  phase,
  fingerprint,
  resource,
  source,
}: RequestFacts): OtherRequest {
  return {
    namespace,
    name,
    ...(phase === '' ? {} : { phase }),
    fingerprint,
    resource: resource ?? { kind: '', name: '' },
    ...(source === undefined ? {} : { signalSource: source }),
  };
}

/** Every request of a fingerprint. Throws what ObjectAccess throws, and GROUP_NOT_SERVED. */
export async function requestsOf(
  requests: RequestLocator,
  namespace: string,
  fingerprint: string,
): Promise<RequestFacts[]> {
  const found: RequestFacts[] = [];
  for await (const object of requests.list({ namespace, fingerprint })) {
    const request = readRequestFacts(object);
    if (request.fingerprint === fingerprint) found.push(request);
  }
  return found;
}

const fingerprints = { called: 'fingerprints', hint: 'give more digits' };
const requestNames = { called: 'requests', hint: 'give more of the name' };

function ambiguous(
  beginning: string,
  { called, hint }: typeof fingerprints,
  matches: readonly string[],
): RemedyError {
  return new RemedyError(
    'AMBIGUOUS_KEY',
    `${beginning} is the beginning of ${matches.length} ${called}: ${matches.slice(0, 10).join(', ')}`,
    { hint, details: { matches } },
  );
}
