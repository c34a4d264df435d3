/**
 * What the cluster says of a signal that a gateway was sent: the count that stands in its request, and, where no answer
 * says what became of it, whether a request tells.
 */
import { askForRequests } from '../kube/located-requests.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { isApiError } from '../kube/api-error.ts';
import { decideDeduplication } from '../request/deduplication-decision.ts';
import { RequestFinder } from '../request/find-requests.ts';
import { longestSummaryText, summarizeRequest } from '../request/request-fields.ts';
import type { RequestSummary } from '../request/request-summary.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

/** What a look-up works with. */
export interface RequestLookupOptions {
  client: Pick<KubeClient, 'objects' | 'discovery' | 'target'>;
  /** Where a gateway makes its requests, as far as no answer names it. */
  namespace: string;
  clock: Clock;
  random: Random;
  /** What is known of the server's clock. */
  skew: () => ClockSkew | undefined;
}

/** What stood for a fingerprint before a signal was sent. */
export interface Before {
  /** By name; the count where there was one. */
  counts: ReadonlyMap<string, number>;
  /** By our clock. */
  sentAtMs: number;
}

/** What was found of a signal whose answer does not tell. */
export type Found =
  | { outcome: 'created' | 'duplicate'; request: RequestSummary }
  | { outcome: 'nothing' }
  | { failure: string };

/** Looks requests up; on the embedded store there are none of a gateway's. */
export class RequestLookup {
  readonly #options: RequestLookupOptions;
  /** How many reads it made. */
  count = 0;

  constructor(options: RequestLookupOptions) {
    this.#options = options;
  }

  /** Whether the requests of a gateway can be there at all. */
  get isPossible(): boolean {
    return this.#options.client.target.kind === 'cluster';
  }

  /** From the server's cache, which is quick; undefined where it cannot be read. */
  async before(fingerprint: string, signal: AbortSignal): Promise<Before> {
    const sentAtMs = this.#options.clock.now();
    if (!this.isPossible) return { counts: new Map(), sentAtMs };
    const requests = await this.#list(fingerprint, 'hint', signal).catch(rethrowBugs);
    return {
      counts: new Map((requests ?? []).map((one) => [one.name, countOf(one)])),
      sentAtMs: this.#options.clock.now(),
    };
  }

  /** The request that an answer names: undefined where it is not there. Throws what the API server says. */
  async read(
    place: { namespace: string; name: string },
    signal: AbortSignal,
  ): Promise<RequestSummary | undefined> {
    const { client } = this.#options;
    try {
      this.count += 1;
      const { answer } = await askForRequests(client.discovery, (resource) =>
        client.objects.get(resource, place, { signal, longestText: longestSummaryText }),
      );
      return summarizeRequest(answer);
    } catch (thrown) {
      if (isApiError(thrown) && thrown.httpStatus === 404) return undefined;
      throw thrown;
    }
  }

  /** What the requests of a fingerprint say of a signal that was sent. */
  async after(fingerprint: string, before: Before, signal: AbortSignal): Promise<Found> {
    if (!this.isPossible) return { failure: 'no cluster is configured in which it could be looked up' };
    try {
      const requests = await this.#list(fingerprint, 'consistent', signal);
      const sinceMs = this.#sinceMs(before.sentAtMs);
      const created = requests.find(
        (one) => !before.counts.has(one.name) && atMs(one.creationTimestamp) >= sinceMs,
      );
      if (created !== undefined) return { outcome: 'created', request: created };
      const counted = requests.find((one) => {
        const earlier = before.counts.get(one.name);
        return (
          earlier !== undefined && countOf(one) > earlier && atMs(one.deduplication?.lastSeenAt) >= sinceMs
        );
      });
      return counted === undefined ? { outcome: 'nothing' } : { outcome: 'duplicate', request: counted };
    } catch (thrown) {
      rethrowBugs(thrown);
      return { failure: messageOf(thrown) };
    }
  }

  /** The request that holds a fingerprint now: by the decision about duplicates, else the newest. Throws as `read` does. */
  async standing(fingerprint: string, signal: AbortSignal): Promise<RequestSummary | undefined> {
    const requests = await this.#list(fingerprint, 'consistent', signal);
    const { request } = decideDeduplication(requests, this.#options.clock.now());
    return request ?? requests.sort((a, b) => atMs(b.creationTimestamp) - atMs(a.creationTimestamp))[0];
  }

  /** The server's time of sending, at the earliest; it tells times in whole seconds. */
  #sinceMs(sentAtMs: number): number {
    const skew = this.#options.skew() ?? { skewMs: 0, errorMs: unknownSkewMs };
    return sentAtMs + skew.skewMs - skew.errorMs - 1_000;
  }

  async #list(
    fingerprint: string,
    consistency: 'hint' | 'consistent',
    signal: AbortSignal,
  ): Promise<RequestSummary[]> {
    const { client, namespace, clock, random } = this.#options;
    const kind = await client.discovery.remediationRequests();
    this.count += 1;
    const finder = new RequestFinder({ objects: client.objects, kind, namespace }, { clock, random });
    return finder.byFingerprint(fingerprint, { consistency, signal });
  }
}

/** Of a server that sends no dates. */
const unknownSkewMs = 60_000;

function countOf({ deduplication }: RequestSummary): number {
  return deduplication?.occurrenceCount ?? 0;
}

function atMs(time: string | undefined): number {
  return time === undefined ? Number.NaN : Date.parse(time);
}

function rethrowBugs(thrown: unknown): undefined {
  if (!(thrown instanceof RemedyError)) throw thrown;
  return undefined;
}
