/**
 * Creates one RemediationRequest, so that however often it is tried there is one.
 *
 * Guarantees
 * - The name stays the same over the retries, so a POST whose answer was lost is met again as AlreadyExists; then
 *   a GET tells whose it is: with our fingerprint it is adopted, with another one a new name is drawn.
 * - A failure after which the request may exist is never reported as a plain failure: the result is `uncertain`.
 * - Every POST carries `timeout=10s`, counts as an attempt and is seen by the observer.
 * Non-guarantee: a POST that lands after its uncertain end was settled.
 */
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { isApiError } from '../kube/api-error.ts';
import { isRuleRefusal } from '../kube/refusal.ts';
import { isIndefinite } from '../kube/indefinite-answer.ts';
import { classifyFailure } from '../retry/classify.ts';
import { retry } from '../retry/retry.ts';
import type { RetryEvent } from '../retry/retry.ts';
import { creationRetry } from '../retry/retry-policy.ts';
import type { RetryPolicy } from '../retry/retry-policy.ts';
import type { NormalizedSignal } from '../signal/signal.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { requestName } from './build-request.ts';
import type { CreatedRequest, CreationResult, SettledCreation } from './creation-result.ts';
import { classifyRead, readRequest } from './find-requests.ts';
import { CRDCreationError } from './operation-error.ts';
import type { RemediationRequest, RequestAccess } from './request-access.ts';
import { guarded } from './request-access.ts';
import { longestSummaryText, summarizeRequest } from './request-fields.ts';
import { inServersWords } from './server-refusal.ts';

/** The request to be created. */
export interface CreationPlan {
  signal: Pick<NormalizedSignal, 'fingerprint' | 'signalName' | 'signalType'>;
  /** The object under a name; called again only when a name turns out to be somebody else's. */
  build: (name: string) => RemediationRequest;
}

/** What a creation goes by. */
export interface CreationOptions {
  clock: Clock;
  random: Random;
  /** Default `creationRetry`: 3 attempts. */
  policy?: RetryPolicy | undefined;
  /** Called before each wait, 0-based. */
  observer?: ((event: RetryEvent) => void) | undefined;
  /** Ends a wait between attempts; a POST under way is finished. */
  signal?: AbortSignal | undefined;
  /** Aborts a POST under way as well, whose outcome is then uncertain. */
  requestSignal?: AbortSignal | undefined;
  /** `dryRun=All`: the server does everything but store it. */
  dryRun?: boolean | undefined;
}

const serverLimitSeconds = 10;
/** Two foreign names in a row are one chance in 2^64 by accident; more is a server that is not one. */
const mostNames = 3;

/**
 * Throws CRDCreationError when it is certain that nothing was created: CREATION_FAILED, or which rule of the cluster
 * refused it (QUOTA_EXCEEDED, ADMISSION_DENIED, NAMESPACE_TERMINATING); a bug as it is.
 */
export async function createRemediationRequest(
  access: RequestAccess,
  plan: CreationPlan,
  options: CreationOptions,
): Promise<CreationResult> {
  const { clock, random, observer, signal, policy = creationRetry } = options;
  const creation = new Creation(access, plan, options);
  const startedMs = clock.monotonicMs();
  try {
    return await retry(() => creation.attempt(), { policy, clock, random, observer, signal });
  } catch (thrown) {
    if (!isExpected(thrown, signal)) throw thrown;
    const { name, attempts } = creation;
    const { fingerprint } = plan.signal;
    const error = new CRDCreationError({
      ...ruleOf(thrown),
      ...plan.signal,
      namespace: access.namespace,
      attempts,
      durationMs: clock.monotonicMs() - startedMs,
      underlying: thrown,
      crdName: name,
    });
    if (!creation.mayExist) throw error;
    return { kind: 'uncertain', namespace: access.namespace, name, fingerprint, attempts, error };
  }
}

/**
 * Looks for the request of an uncertain creation, retrying as creation does; never throws. While the answer is
 * not `exists` or `foreign` the lease must be left to expire.
 */
export async function settleUncertainCreate(
  access: RequestAccess,
  creation: { name: string; fingerprint: string },
  options: Pick<CreationOptions, 'clock' | 'random' | 'policy' | 'signal'>,
): Promise<SettledCreation> {
  const { policy = creationRetry, signal } = options;
  try {
    const object = await retry(() => readRequest(access, creation.name, { signal, ownRetry: true }), {
      ...options,
      policy,
      classify: classifyRead,
    });
    if (object === undefined) return { kind: 'absent' };
    const request = summarizeRequest(object);
    if (request.fingerprint !== creation.fingerprint) return { kind: 'foreign' };
    return { kind: 'exists', request, object };
  } catch (error) {
    return { kind: 'unknown', error };
  }
}

class Creation {
  readonly #access: RequestAccess;
  readonly #plan: CreationPlan;
  readonly #options: CreationOptions;
  name: string;
  attempts = 0;
  /** A POST under this name got no definite answer, and nothing has cleared that up. */
  mayExist = false;

  constructor(access: RequestAccess, plan: CreationPlan, options: CreationOptions) {
    this.#access = access;
    this.#plan = plan;
    this.#options = options;
    this.name = requestName(plan.signal.fingerprint, options.random);
  }

  async attempt(): Promise<CreatedRequest> {
    for (let names = 1; ; names += 1) {
      try {
        return await this.#post();
      } catch (thrown) {
        if (isIndefinite(thrown) && this.#options.dryRun !== true) this.mayExist = true;
        if (!isApiError(thrown, 'AlreadyExists')) throw inServersWords(thrown);
        const adopted = await this.#adopt();
        if (adopted !== undefined) return adopted;
        if (names >= mostNames) throw inServersWords(thrown);
      }
    }
  }

  async #post(): Promise<CreatedRequest> {
    const { objects, kind } = this.#access;
    const { dryRun, requestSignal } = this.#options;
    this.attempts += 1;
    const body = this.#plan.build(this.name);
    const settings = {
      dryRun,
      timeoutSeconds: serverLimitSeconds,
      signal: requestSignal,
      longestText: longestSummaryText,
      // Each POST is one of this policy's attempts.
      ownRetry: true,
    };
    const answer = await guarded(this.#access, () =>
      objects.create<RemediationRequest>(kind.resource, body, settings),
    );
    return this.#created(answer.object, { adopted: false, warnings: answer.warnings });
  }

  /** The name is taken: by an earlier POST of ours, or by somebody. A failed GET leaves that open. */
  async #adopt(): Promise<CreatedRequest | undefined> {
    const mayHaveBeen = this.mayExist;
    this.mayExist = true;
    let existing: RemediationRequest | undefined;
    try {
      existing = await readRequest(this.#access, this.name, { signal: this.#options.requestSignal });
    } catch (thrown) {
      throw inServersWords(thrown);
    }
    this.mayExist = mayHaveBeen && existing === undefined;
    if (existing === undefined) return undefined;
    if (summarizeRequest(existing).fingerprint === this.#plan.signal.fingerprint) {
      return this.#created(existing, { adopted: true, warnings: [] });
    }
    this.name = requestName(this.#plan.signal.fingerprint, this.#options.random);
    return undefined;
  }

  #created(object: RemediationRequest, how: Pick<CreatedRequest, 'adopted' | 'warnings'>): CreatedRequest {
    this.mayExist = false;
    return { kind: 'created', request: summarizeRequest(object), object, attempts: this.attempts, ...how };
  }
}

/** Anything but an error on purpose or a cancellation is a bug, and is to look like one. */
function isExpected(thrown: unknown, signal: AbortSignal | undefined): boolean {
  return thrown instanceof RemedyError || (signal?.aborted === true && thrown === signal.reason);
}

/** Which rule of the cluster refused it: that nothing was created is said by the text already. */
function ruleOf(thrown: unknown): Pick<RemedyError, 'code'> | undefined {
  return thrown instanceof RemedyError && isRuleRefusal(thrown.code) ? { code: thrown.code } : undefined;
}

/** The error type and retryability that outputs and metrics name for a failed creation. */
export function creationFailure(error: Error): { type: string; retryable: boolean; message: string } {
  const underlying = error instanceof CRDCreationError ? error.underlying : error;
  const cause =
    underlying instanceof Error && 'originalError' in underlying ? underlying.originalError : underlying;
  const { type, retryable } = classifyFailure(cause);
  return { type, retryable, message: messageOf(error) };
}
