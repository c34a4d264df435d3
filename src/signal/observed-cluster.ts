/**
 * What one run has seen of the objects around its signals: existence, controller, managed label.
 *
 * Guarantees: of the same object one request at a time, its answer kept for the run (an absent object too); at
 * most `capacity` answers in memory, and of each only those few facts; every look-up ends within its time: a request
 * that the server has not answered within the limit of one is sent again as long as that lasts, since a server under load
 * answers the next.
 * Non-guarantees: an answer may be as old as the run, or as `keptMs` says. A failure that may pass (time-out, 5xx, network) is not
 * kept.
 */
import type { ApiResource, KubeList, KubeObject } from '../api/objects.ts';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { ApiError, NetworkError } from '../kube/api-error.ts';
import type { Discovery } from '../kube/discovery.ts';
import { podResource } from '../kube/well-known-resources.ts';
import type { Clock } from '../time/clock.ts';
import { withDeadline } from '../time/signal-deadline.ts';
import { BoundedCache } from './bounded-cache.ts';
import { KindIndex } from './kind-index.ts';
import { isJsonObject, memberOf } from './known-fields.ts';

/** The two reads that are needed of an API; an ObjectAccess has them. */
export interface ObjectReads {
  get(
    resource: ApiResource,
    key: { namespace?: string | undefined; name: string },
    options?: { signal?: AbortSignal | undefined },
  ): Promise<KubeObject>;
  list(
    resource: ApiResource,
    options?: { namespace?: string; labelSelector?: string; limit?: number; continue?: string },
    callOptions?: { signal?: AbortSignal | undefined },
  ): Promise<KubeList>;
}

interface ObjectPlace {
  namespace?: string | undefined;
  name: string;
}

interface Controller {
  apiVersion: string;
  kind: string;
  name: string;
}

/** What of an object decides about signals. */
export interface ObservedObject {
  /** The owner reference with `controller: true`. */
  controller?: Controller;
  /** The label kubernaut.ai/managed, as it is written. */
  managed?: string;
  /** Of a Service: its selector as a label selector; absent where it selects nothing. */
  podSelector?: string;
}

/** Why an object could not be looked up; `forbidden`: for want of a permission. */
export interface LookupFailure {
  message: string;
  forbidden: boolean;
  hint?: string;
}

/** What a look-up of one object came to. */
export type Observation =
  | { state: 'found'; object: ObservedObject }
  | { state: 'absent' }
  | { state: 'failed'; failure: LookupFailure };

/** The first pod by name that a Service selects. */
type PodObservation =
  { state: 'found'; name: string } | { state: 'absent' } | { state: 'failed'; failure: LookupFailure };

/** What look-ups go by. */
export interface ObservedClusterOptions {
  objects: ObjectReads;
  discovery: Pick<Discovery, 'resources'>;
  clock: Clock;
  /** Answers kept at most; 10,000 when absent. */
  capacity?: number;
  /** How long answers are kept, milliseconds; for the run when absent. */
  keptMs?: number;
  /** The same for the served kinds. */
  kindsKeptMs?: number;
  /** Time limit of one request of a look-up, milliseconds; 5,000 when absent, as in the gateway. */
  lookupLimitMs?: number;
  /** Time of one look-up with its repetitions, milliseconds; default 15,000. */
  lookupPatienceMs?: number;
  /** Called for every request of a look-up, before it is sent. */
  onLookup?: () => void;
  /** Ends the run: a look-up under way then rejects with this signal's reason. */
  signal?: AbortSignal;
}

/** The label by which a resource or its namespace is managed (docs/gateway-semantics.md 9). */
export const managedLabel = 'kubernaut.ai/managed';

const podPageSize = 500;
const defaultCapacity = 10_000;

/**
 * The objects that signals name, each looked up once in a run, with bounded memory and a time limit for each look-up.
 */
export class ObservedCluster {
  readonly #options: ObservedClusterOptions;
  #objects: BoundedCache<Promise<Observation>>;
  #pods: BoundedCache<Promise<PodObservation>>;
  #keptSinceMs: number;
  #kinds: Promise<KindIndex> | undefined;
  #kindsSinceMs = 0;
  #lookups = 0;
  /** Of the look-ups at work. */
  readonly #requests = new Set<AbortController>();

  constructor(options: ObservedClusterOptions) {
    this.#options = options;
    const { capacity = defaultCapacity } = options;
    this.#objects = new BoundedCache(capacity);
    this.#pods = new BoundedCache(capacity);
    this.#keptSinceMs = options.clock.monotonicMs();
  }

  /** Requests spent on objects so far; discovery's own are not in it. */
  get lookups(): number {
    return this.#lookups;
  }

  /** The served kinds. Rejects with discovery's error, and asks again the next time. */
  async kinds(): Promise<KindIndex> {
    this.#kinds = this.#currentKinds();
    try {
      return await this.#kinds;
    } catch (thrown) {
      this.#kinds = undefined;
      throw thrown;
    }
  }

  /** Known ones stay where they are old and cannot be had again. */
  #currentKinds(): Promise<KindIndex> {
    const { clock, discovery, kindsKeptMs = Number.POSITIVE_INFINITY } = this.#options;
    const known = this.#kinds;
    const nowMs = clock.monotonicMs();
    if (known !== undefined && nowMs - this.#kindsSinceMs < kindsKeptMs) return known;
    this.#kindsSinceMs = nowMs;
    const asked = discovery.resources().then((resources) => new KindIndex(resources));
    return known === undefined ? asked : asked.catch(() => known);
  }

  #forgetOld(): void {
    const { clock, keptMs, capacity = defaultCapacity } = this.#options;
    if (keptMs === undefined || clock.monotonicMs() - this.#keptSinceMs < keptMs) return;
    this.#keptSinceMs = clock.monotonicMs();
    this.#objects = new BoundedCache(capacity);
    this.#pods = new BoundedCache(capacity);
  }

  /** Looks an object up. Rejects only for what is no answer of an API (an aborted run, a broken store). */
  observe(resource: ApiResource, place: ObjectPlace): Promise<Observation> {
    this.#forgetOld();
    const namespace = resource.namespaced ? (place.namespace ?? '') : '';
    if (resource.namespaced && namespace === '') return Promise.resolve({ state: 'absent' });
    const key = placeKey(resource, { namespace, name: place.name });
    return this.#remember(this.#objects, key, async () => {
      const object = await this.#limited((signal) => {
        return this.#options.objects.get(resource, { namespace, name: place.name }, { signal });
      });
      return { state: 'found', object: summarise(object) };
    });
  }

  /** The alphabetically first pod of a selector. What is known of the pod is kept, so that a walk can go on from it. */
  firstPod(namespace: string, labelSelector: string): Promise<PodObservation> {
    this.#forgetOld();
    const key = JSON.stringify([namespace, labelSelector]);
    return this.#remember(this.#pods, key, async () => {
      const first = await this.#firstOfPages(namespace, labelSelector);
      if (first === undefined) return { state: 'absent' };
      const name = first.metadata.name;
      const observation: Observation = { state: 'found', object: summarise(first) };
      this.#objects.set(placeKey(podResource, { namespace, name }), Promise.resolve(observation));
      return { state: 'found', name };
    });
  }

  async #firstOfPages(namespace: string, labelSelector: string): Promise<KubeObject | undefined> {
    let first: KubeObject | undefined;
    let token: string | undefined;
    do {
      const query = {
        namespace,
        labelSelector,
        limit: podPageSize,
        ...(token === undefined ? {} : { continue: token }),
      };
      const page = await this.#limited((signal) => {
        return this.#options.objects.list(podResource, query, { signal });
      });
      for (const pod of page.items) {
        if (first === undefined || pod.metadata.name < first.metadata.name) first = pod;
      }
      token = page.metadata.continue;
    } while (token !== undefined && token !== '');
    return first;
  }

  #remember<T extends Observation | PodObservation>(
    cache: BoundedCache<Promise<T | Unseen>>,
    key: string,
    look: () => Promise<T>,
  ): Promise<T | Unseen> {
    const known = cache.get(key);
    if (known !== undefined) return known;
    const asked: Promise<T | Unseen> = look().catch((thrown: unknown) => this.#unseen(thrown));
    cache.set(key, asked);
    void asked.then(
      (seen) => {
        if (seen.state === 'failed' && !seen.failure.forbidden) cache.drop(key, asked);
      },
      () => {
        cache.drop(key, asked);
      },
    );
    return asked;
  }

  #unseen(thrown: unknown): Unseen {
    this.#options.signal?.throwIfAborted();
    const isAnswer = thrown instanceof ApiError || thrown instanceof NetworkError;
    if (!isAnswer && !(thrown instanceof LookupTimeout)) throw thrown;
    // 405: a kind that can be created but not read, such as a Binding, has no objects.
    if (thrown instanceof ApiError && [404, 405].includes(thrown.httpStatus)) return { state: 'absent' };
    const forbidden = thrown instanceof ApiError && thrown.code === 'FORBIDDEN';
    const { hint } = thrown;
    const failure = { message: messageOf(thrown), forbidden, ...(hint === undefined ? {} : { hint }) };
    return { state: 'failed', failure };
  }

  async #limited<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { clock, lookupPatienceMs = 15_000 } = this.#options;
    const endMonotonicMs = clock.monotonicMs() + lookupPatienceMs;
    for (let times = 1; ; times += 1) {
      try {
        return await this.#once(ask, endMonotonicMs);
      } catch (thrown) {
        if (!(thrown instanceof LookupTimeout)) throw thrown;
        if (clock.monotonicMs() >= endMonotonicMs) throw thrown.after(times);
      }
    }
  }

  async #once<T>(ask: (signal: AbortSignal) => Promise<T>, endMonotonicMs: number): Promise<T> {
    const { clock, onLookup, lookupLimitMs = 5_000, signal: run } = this.#options;
    run?.throwIfAborted();
    this.#lookups += 1;
    onLookup?.();
    const limitMs = Math.min(lookupLimitMs, endMonotonicMs - clock.monotonicMs());
    const request = new AbortController();
    const timer = new AbortController();
    withDeadline(request.signal, endMonotonicMs);
    this.#begin(request);
    const expiry = clock.sleep(limitMs, timer.signal).then(() => {
      request.abort();
      throw new LookupTimeout(limitMs);
    });
    try {
      // The limit's error goes first: the aborted request's own says less.
      return await Promise.race([expiry, ask(request.signal)]);
    } finally {
      timer.abort();
      this.#end(request);
    }
  }

  /** One listener for all the look-ups at work: as many as there are signals would look like a leak to Node. */
  #begin(request: AbortController): void {
    if (this.#requests.size === 0)
      this.#options.signal?.addEventListener('abort', this.#onStop, { once: true });
    this.#requests.add(request);
  }

  #end(request: AbortController): void {
    this.#requests.delete(request);
    if (this.#requests.size === 0) this.#options.signal?.removeEventListener('abort', this.#onStop);
  }

  readonly #onStop = (): void => {
    for (const request of this.#requests) request.abort(this.#options.signal?.reason);
  };
}

type Unseen = { state: 'absent' } | { state: 'failed'; failure: LookupFailure };

class LookupTimeout extends RemedyError {
  readonly #limitMs: number;

  constructor(limitMs: number, times = 1) {
    const limit = `no answer within ${Math.round(limitMs / 100) / 10} s`;
    super('TIMEOUT', times === 1 ? limit : `${limit}, ${times} times`);
    this.#limitMs = limitMs;
  }

  /** The same as the last of so many. */
  after(times: number): LookupTimeout {
    return times === 1 ? this : new LookupTimeout(this.#limitMs, times);
  }
}

function placeKey(resource: ApiResource, place: { namespace: string; name: string }): string {
  return JSON.stringify([resource.group, resource.plural, place.namespace, place.name]);
}

/** Takes nothing for granted: imported objects were validated by no one. */
function summarise(object: KubeObject): ObservedObject {
  const metadata: Record<string, unknown> = isJsonObject(object.metadata) ? object.metadata : {};
  const controller = controllerOf(metadata['ownerReferences']);
  const labels = metadata['labels'];
  const managed = isJsonObject(labels) ? memberOf(labels, managedLabel) : undefined;
  const podSelector = object.kind === 'Service' ? selectorOf(object['spec']) : undefined;
  return {
    ...(controller === undefined ? {} : { controller }),
    ...(typeof managed === 'string' ? { managed } : {}),
    ...(podSelector === undefined ? {} : { podSelector }),
  };
}

function controllerOf(references: unknown): Controller | undefined {
  if (!Array.isArray(references)) return undefined;
  const owner = (references as unknown[]).find((one) => isJsonObject(one) && one['controller'] === true);
  if (!isJsonObject(owner)) return undefined;
  const text = (key: string): string => {
    const value = memberOf(owner, key);
    return typeof value === 'string' ? value : '';
  };
  return { apiVersion: text('apiVersion'), kind: text('kind'), name: text('name') };
}

function selectorOf(spec: unknown): string | undefined {
  const selector = isJsonObject(spec) ? memberOf(spec, 'selector') : undefined;
  if (!isJsonObject(selector)) return undefined;
  const pairs = Object.entries(selector).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length === 0 ? undefined : pairs.sort().join(',');
}
