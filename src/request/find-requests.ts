import { ApiError } from '../kube/api-error.ts';
import type { CallOptions } from '../kube/object-access.ts';
import { classifyFailure } from '../retry/classify.ts';
import type { Failure } from '../retry/failure.ts';
import type { RetryEvent } from '../retry/retry.ts';
import { retry } from '../retry/retry.ts';
import type { RetryPolicy } from '../retry/retry-policy.ts';
import { creationRetry } from '../retry/retry-policy.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { RemediationRequest, RequestAccess } from './request-access.ts';
import { guarded } from './request-access.ts';
import { longestSummaryText, summarizeRequest } from './request-fields.ts';
import type { RequestSummary } from './request-summary.ts';

interface FindOptions {
  /**
   * `consistent`: everything that was written before the call. `hint`: from the server's cache, fast and perhaps
   * old; only an active request in it may be acted on.
   */
  consistency: 'consistent' | 'hint';
  signal?: AbortSignal | undefined;
}

/** How a LIST that fails for the moment (429, 502, 503, a broken connection) is tried again. */
interface ListPatience {
  clock: Clock;
  random: Random;
  /** Default `creationRetry`: 3 attempts. */
  policy?: RetryPolicy | undefined;
  observer?: ((event: RetryEvent) => void) | undefined;
}

/** Finds the requests of a fingerprint. Remembers when the server cannot select by it, and then reads all, paged. */
export class RequestFinder {
  readonly #access: RequestAccess;
  readonly #patience: ListPatience | undefined;
  #selectable = true;

  /** Without `patience` every LIST is repeated as any request. */
  constructor(access: RequestAccess, patience?: ListPatience) {
    this.#access = access;
    this.#patience = patience;
  }

  /** In the server's order, which is no order of age. Throws what ObjectAccess throws, or RETRIES_EXHAUSTED. */
  async byFingerprint(fingerprint: string, options: FindOptions): Promise<RequestSummary[]> {
    if (this.#selectable) {
      try {
        return await this.#list(fingerprint, options, `spec.signalFingerprint=${fingerprint}`);
      } catch (thrown) {
        if (!saysUnselectable(thrown)) throw thrown;
        this.#selectable = false;
      }
    }
    return this.#list(fingerprint, options, undefined);
  }

  /** The request as it is now, undefined when there is none. A consistent read. */
  async byName(name: string, options: { signal?: AbortSignal } = {}): Promise<RequestSummary | undefined> {
    const object = await readRequest(this.#access, name, options);
    return object === undefined ? undefined : summarizeRequest(object);
  }

  #list(
    fingerprint: string,
    options: FindOptions,
    fieldSelector: string | undefined,
  ): Promise<RequestSummary[]> {
    const once = (): Promise<RequestSummary[]> => this.#listOnce(fingerprint, options, fieldSelector);
    if (this.#patience === undefined) return once();
    const { policy = creationRetry, ...patience } = this.#patience;
    return retry(once, { ...patience, policy, signal: options.signal, classify: classifyRead });
  }

  async #listOnce(
    fingerprint: string,
    { consistency, signal }: FindOptions,
    fieldSelector: string | undefined,
  ): Promise<RequestSummary[]> {
    const { objects, kind, namespace } = this.#access;
    const resourceVersion = consistency === 'hint' ? '0' : undefined;
    const found: RequestSummary[] = [];
    const ownRetry = this.#patience !== undefined;
    const options = { signal, longestText: longestSummaryText, ownRetry };
    const query = { namespace, fieldSelector, resourceVersion };
    for await (const page of objects.listPages<RemediationRequest>(kind.resource, query, options)) {
      for (const object of page.items) {
        const request = summarizeRequest(object);
        if (request.fingerprint === fingerprint) found.push(request);
      }
    }
    return found;
  }
}

/** GET by name behind the breaker; undefined for a 404. */
export async function readRequest(
  access: RequestAccess,
  name: string,
  options: Pick<CallOptions, 'signal' | 'ownRetry'> = {},
): Promise<RemediationRequest | undefined> {
  const { objects, kind, namespace } = access;
  try {
    return await guarded(access, () =>
      objects.get<RemediationRequest>(
        kind.resource,
        { namespace, name },
        { ...options, longestText: longestSummaryText },
      ),
    );
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.httpStatus === 404) return undefined;
    throw thrown;
  }
}

/**
 * As `classifyFailure`; a 502, which is what a balancer says when it finds nobody, passes as well: a read has no effect
 * that could come twice.
 */
export function classifyRead(thrown: unknown): Failure {
  if (thrown instanceof ApiError && thrown.httpStatus === 502)
    return { type: 'network_error', retryable: true };
  return classifyFailure(thrown);
}

/** The gateway's own test; Kubernetes gives such an answer no reason of its own. */
function saysUnselectable(thrown: unknown): boolean {
  return (
    thrown instanceof ApiError &&
    /field label not supported|field selector/.test(thrown.serverMessage.toLowerCase())
  );
}
