import type { Notice, Reason } from '../errors/reason.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { withinDeadline } from '../lease/deadline.ts';
import type { RequestAccess } from '../request/request-access.ts';
import { longestSummaryText, summarizeRequest } from '../request/request-fields.ts';
import type { RequestSummary } from '../request/request-summary.ts';
import type { NormalizedItem } from '../signal/signal.ts';
import type { Clock } from '../time/clock.ts';
import { firstOf } from '../time/signal-deadline.ts';
import { RequestIndex } from './request-index.ts';

/** How long one list serves the decisions of a run, in milliseconds of monotonic time since it was begun. */
const listServesMs = 2_000;
/** A list of a namespace may take this long, in milliseconds. */
const listLimitMs = 10_000;
/** A notice names no more requests than these. */
const mostNamed = 3;

export interface OtherFingerprintsOptions {
  /** Requests made here are look-ups, not a signal's. */
  access: RequestAccess;
  clock: Clock;
  /** Refuses a signal instead of warning. */
  strict: boolean;
  /** Ends a list under way. */
  ended: AbortSignal;
}

/** What is said of a signal that is about to become a request; with a `refusal` it must not become one. */
export interface ResourceVerdict {
  notices: Notice[];
  refusal?: Reason;
}

/**
 * Looks for active requests of a signal's resource under other fingerprints: of its target as named, of its owner, or
 * of any owner between them. Writers that resolve no owners make such requests (docs/gateway-semantics.md 10.6).
 *
 * Guarantee: what a consistent list shows, or a live view, and every request that this run has created since.
 * Non-guarantees: a list serves every decision of the next 2 s, and those writers take no lock, so that one made
 * meanwhile is missed.
 */
export class OtherFingerprints {
  readonly #options: OtherFingerprintsOptions;
  #listed: { index: RequestIndex; complete: Promise<void>; sinceMs: number } | undefined;

  constructor(options: OtherFingerprintsOptions) {
    this.#options = options;
  }

  /**
   * `live`: the index of a live view, which costs nothing.
   * @throws what a list throws, in strict mode only; else a look-up that failed is a notice
   */
  async look(
    item: NormalizedItem,
    live: RequestIndex | undefined,
    signal: AbortSignal,
  ): Promise<ResourceVerdict> {
    try {
      const index = live ?? (await abortable(this.#list(), signal));
      return verdictOn(othersActive(index, item), this.#options.strict);
    } catch (thrown) {
      if (this.#options.strict || signal.aborted || !(thrown instanceof RemedyError)) throw thrown;
      const message = `whether the resource has an active request under another fingerprint is not known: ${thrown.message}`;
      return { notices: [{ code: 'OTHER_FINGERPRINT_UNKNOWN', message }] };
    }
  }

  /** A request of our own, which a list that still serves does not have. */
  noteCreated(request: RequestSummary): void {
    this.#listed?.index.put(request);
  }

  async #list(): Promise<RequestIndex> {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#listed === undefined || nowMs - this.#listed.sinceMs > listServesMs) {
      const index = new RequestIndex();
      this.#listed = { index, complete: this.#fill(index), sinceMs: nowMs };
    }
    const current = this.#listed;
    try {
      await current.complete;
    } catch (thrown) {
      if (this.#listed === current) this.#listed = undefined;
      throw thrown;
    }
    return current.index;
  }

  #fill(index: RequestIndex): Promise<void> {
    const { access, clock, ended } = this.#options;
    const { objects, kind, namespace } = access;
    return withinDeadline(clock, listLimitMs, async (overdue) => {
      const options = { signal: firstOf(overdue, ended), longestText: longestSummaryText };
      for await (const page of objects.listPages(kind.resource, { namespace }, options)) {
        for (const object of page.items) index.put(summarizeRequest(object));
      }
    });
  }
}

/** Active requests of other fingerprints for any resource of the signal's chain, on the signal's cluster. */
function othersActive(index: RequestIndex, item: NormalizedItem): RequestSummary[] {
  const { fingerprint, clusterID = '', resource } = item.signal;
  return item.ownerChain
    .flatMap((member) => index.activeFor(member, resource.namespace))
    .filter((other) => other.fingerprint !== fingerprint && (other.clusterID ?? '') === clusterID);
}

function verdictOn(others: readonly RequestSummary[], strict: boolean): ResourceVerdict {
  if (others.length === 0) return { notices: [] };
  const code = 'OTHER_FINGERPRINT_ACTIVE';
  const message = othersText(others);
  if (!strict) return { notices: [{ code, message }] };
  const hint = `Wait until it has ended, or leave out ${optionName('strictResource')} to have a second one.`;
  return { notices: [], refusal: { code, message, hint } };
}

/** `the resource has an active request under another fingerprint: rr-a1 (Analyzing, Pod/api-7d9, a2a-agent)`. */
function othersText(others: readonly RequestSummary[]): string {
  const named = others.slice(0, mostNamed).map(oneText).join(', ');
  const more = others.length > mostNamed ? ` and ${others.length - mostNamed} more` : '';
  const what = others.length === 1 ? 'an active request' : `${others.length} active requests`;
  const under = others.length === 1 ? 'another fingerprint' : 'other fingerprints';
  return `the resource has ${what} under ${under}: ${named}${more}`;
}

function oneText({ name, phase, target, source }: RequestSummary): string {
  const facts = [phase === '' ? 'no phase yet' : phase];
  if (target !== undefined) facts.push(`${target.kind}/${target.name}`);
  if (source !== undefined) facts.push(source);
  return `${name} (${facts.join(', ')})`;
}

/** A list serves several decisions: the end of one of them must not end it. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
