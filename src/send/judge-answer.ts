/** From a gateway's word about one signal to its outcome, with the reason that the gateway keeps to itself. */
import type { Notice, Reason } from '../errors/reason.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { verdictOf, type ClaimedCount, type GatewayVerdict } from '../gateway/gateway-verdict.ts';
import { failureOf } from '../ingest/failure.ts';
import { leaseName } from '../lease/lease-name.ts';
import { messageOf } from '../errors/remedy-error.ts';
import type { RequestSummary } from '../request/request-summary.ts';
import type { Clock } from '../time/clock.ts';
import type { PreparedSignal } from './prepare-signal.ts';
import type { Before, Found, RequestLookup } from './request-lookup.ts';
import type { SendItem, SentDeduplication } from './send-item.ts';

/** What a judge works with. */
export interface JudgeOptions {
  lookup: RequestLookup;
  clock: Clock;
  /** Ends look-ups. */
  signal: AbortSignal;
}

/** The gateway's word about one signal: its answer, a result of a batch, or that there is none. */
export type Word =
  | Exclude<GatewayVerdict, { kind: 'batch' }>
  | { kind: 'batched'; outcome: 'created' | 'duplicate'; fingerprint?: string | undefined }
  | { kind: 'dropped' }
  | { kind: 'unaligned' }
  | { kind: 'notTaken'; error: RemedyError }
  | { kind: 'lost'; error: RemedyError };

/** The part of a result that the gateway decides. */
export type Judged = Pick<SendItem, 'outcome' | 'request' | 'deduplication' | 'reason' | 'error'> & {
  warnings?: Notice[];
};

/** A gateway that has not answered may still be at work: so long until a second look. */
const secondLookMs = 2_000;

/** What we find wrong of which a gateway can make no request, whatever its answer says. */
const impossible = new Set(['NO_TARGET', 'INVALID_FIELD']);

/** Judges signals one by one. */
export class Judge {
  readonly #options: JudgeOptions;

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  /** Rejects for bugs alone. */
  async judge(word: Word, prepared: PreparedSignal, before: Before | undefined): Promise<Judged> {
    switch (word.kind) {
      case 'created':
      case 'duplicate':
        return this.#taken(word);
      case 'batched':
        return this.#batched(word);
      case 'open':
        return word.isDone
          ? this.#open(word.detail, prepared, before)
          : this.#lost(`the gateway answered ${word.detail}`, prepared, before);
      case 'lost':
        return this.#lost(word.error.message, prepared, before);
      default:
        return settled(word, prepared);
    }
  }

  async #taken({
    kind,
    request,
    claimed,
  }: Extract<Word, { kind: 'created' | 'duplicate' }>): Promise<Judged> {
    const { lookup, signal } = this.#options;
    const unread = { outcome: kind, request, ...unreadCount(claimed) };
    if (!lookup.isPossible) return unread;
    try {
      const found = await lookup.read(request, signal);
      if (found === undefined) return { ...unread, warnings: [goneNotice(request.name)] };
      return { outcome: kind, ...readFacts(found, claimed) };
    } catch (thrown) {
      return { ...unread, warnings: [unreadNotice(request.name, thrown)] };
    }
  }

  /** A result of a batch names no request. */
  async #batched({ outcome, fingerprint }: Extract<Word, { kind: 'batched' }>): Promise<Judged> {
    const { lookup, signal } = this.#options;
    if (fingerprint === undefined || !lookup.isPossible) return { outcome };
    try {
      const found = await lookup.standing(fingerprint, signal);
      if (found === undefined) return { outcome, warnings: [goneNotice(`one of ${fingerprint}`)] };
      return { outcome, ...readFacts(found, {}) };
    } catch (thrown) {
      return { outcome, warnings: [unreadNotice(`of ${fingerprint}`, thrown)] };
    }
  }

  /** An end without a word about it: the gateway is done, so what is not there will not come. */
  async #open(detail: string, prepared: PreparedSignal, before: Before | undefined): Promise<Judged> {
    const { own } = prepared;
    if (own !== undefined && impossible.has(own.code)) return rejected(withDetail(own, detail));
    const found = await this.#find(prepared, before);
    if ('failure' in found) return unknownFor(`the gateway answered ${detail}`, found.failure);
    if (found.outcome !== 'nothing') return lookedUp(found, `the gateway answered ${detail}`);
    const error = new RemedyError(
      'REMOTE_ERROR',
      `the gateway answered ${detail}, and no request came of it${guess(prepared)}`,
      { hint: openHint(prepared, detail) },
    );
    return failedAs(error);
  }

  /** No answer, or none of the gateway's own: it may be at it still. */
  async #lost(what: string, prepared: PreparedSignal, before: Before | undefined): Promise<Judged> {
    const { clock, signal, lookup } = this.#options;
    let found = await this.#find(prepared, before);
    if ('outcome' in found && found.outcome === 'nothing' && lookup.isPossible) {
      await clock.sleep(secondLookMs, signal).catch(() => undefined);
      found = await this.#find(prepared, before);
    }
    if ('failure' in found) return unknownFor(what, found.failure);
    if (found.outcome !== 'nothing') return lookedUp(found, what);
    return unknownFor(what, 'no request came of it so far');
  }

  #find(prepared: PreparedSignal, before: Before | undefined): Promise<Found> {
    const { lookup, signal } = this.#options;
    const fingerprint = fingerprintOf(prepared);
    if (fingerprint === undefined || before === undefined) {
      return Promise.resolve({ failure: 'the fingerprint that the gateway has for it is not known' });
    }
    return lookup.after(fingerprint, before, signal);
  }
}

/** By which its request is found: the gateway's own, as far as it can be foretold. */
export function fingerprintOf({ reading, described }: PreparedSignal): string | undefined {
  return reading.fate === 'answered' ? reading.fingerprint : described.signal?.fingerprint;
}

/** The word of an answer to one signal. */
export function wordOf(answer: Parameters<typeof verdictOf>[0]): Word {
  const verdict = verdictOf(answer);
  if (verdict.kind !== 'batch') return verdict;
  return { kind: 'open', detail: 'HTTP 207, which is no answer to one signal', isDone: true };
}

type LookedInto = Extract<Word, { kind: 'created' | 'duplicate' | 'batched' | 'open' | 'lost' }>;

/** A word that needs no look at the cluster. */
function settled(word: Exclude<Word, LookedInto>, prepared: PreparedSignal): Judged {
  switch (word.kind) {
    case 'unmanaged':
      return rejected(unmanagedReason(word, prepared.own));
    case 'refused':
      return rejected(refusalReason(word.detail, prepared.own));
    case 'dropped':
      return { outcome: 'dropped', reason: droppedReason(prepared) };
    case 'unaligned':
      return { outcome: 'unknown', reason: unalignedReason(prepared) };
    case 'failed':
    case 'notTaken':
      return failedAs(word.error);
  }
}

function rejected(reason: Reason): Judged {
  return { outcome: 'rejected', reason };
}

function failedAs(error: RemedyError): Judged {
  return { outcome: 'failed', ...failureOf(error) };
}

function unmanagedReason(
  { message, action }: Extract<Word, { kind: 'unmanaged' }>,
  own: Reason | undefined,
): Reason {
  const hint = own?.code === 'UNMANAGED' ? own.hint : action;
  return { code: 'UNMANAGED', message, ...(hint === undefined ? {} : { hint }) };
}

const aboutTime = /startsAt|timestamp/i;

/** The gateway's text, and where it says nothing what is wrong with the signal as far as we see. */
function refusalReason(detail: string, own: Reason | undefined): Reason {
  if (aboutTime.test(detail)) return { code: 'STALE', message: `the gateway refused it: ${detail}` };
  if (own !== undefined && own.code !== 'UNMANAGED') return withDetail(own, detail);
  const hint = 'Its log has the reason; from here nothing speaks against the signal.';
  return { code: 'GATEWAY_REFUSED', message: `the gateway refused it: ${detail}`, hint };
}

function withDetail(own: Reason, detail: string): Reason {
  return { ...own, message: `${own.message} (the gateway: ${detail})` };
}

function droppedReason({ own, reading }: PreparedSignal): Reason {
  const why = reading.fate === 'dropped' ? reading.reason : own;
  const message = 'the gateway left it out of its answer';
  if (why === undefined) return { code: 'GATEWAY_DROPPED', message };
  return { ...why, code: 'GATEWAY_DROPPED', message: `${message}: ${why.message}` };
}

function unalignedReason({ reading }: PreparedSignal): Reason {
  const why = reading.fate === 'unknown' ? `: ${reading.why}` : '';
  return {
    code: 'OUTCOME_UNKNOWN',
    message: `the gateway's answer does not tell which result is of this alert${why}`,
    hint: 'Sent one by one, every alert has an answer of its own.',
  };
}

function unknownFor(what: string, why: string): Judged {
  const reason: Reason = {
    code: 'OUTCOME_UNKNOWN',
    message: `${what}; ${why}`,
    hint: 'Look whether a request is there before it is sent again: remedyctl dedup list',
  };
  return { outcome: 'unknown', reason };
}

function lookedUp(found: Extract<Found, { request: RequestSummary }>, why: string): Judged {
  const { outcome, request } = found;
  const told =
    outcome === 'created' ? `${request.name} was created since` : `the count of ${request.name} rose since`;
  const message = `${why}; ${told}`;
  return { outcome, ...readFacts(request, {}), warnings: [{ code: 'OUTCOME_LOOKED_UP', message }] };
}

/** A gateway without a fleet refuses what names a cluster, and says nothing of it. */
function guess({ described }: PreparedSignal): string {
  const cluster = described.signal?.clusterID;
  return cluster === undefined ? '' : `; a gateway without a fleet refuses signals of a named cluster`;
}

function openHint(prepared: PreparedSignal, detail: string): string | undefined {
  const fingerprint = fingerprintOf(prepared);
  if (!detail.startsWith('HTTP 504') || fingerprint === undefined)
    return 'The log of the gateway has the reason.';
  return `It may have left its lock behind, for half a minute: remedyctl lease get ${leaseName(fingerprint)}`;
}

function readFacts(
  found: RequestSummary,
  claimed: ClaimedCount,
): Pick<SendItem, 'request' | 'deduplication'> {
  const { namespace, name, uid, deduplication = {} } = found;
  const { occurrenceCount: count } = deduplication;
  const persisted = count !== undefined && count >= (claimed.occurrenceCount ?? 1);
  const claim = claimed.occurrenceCount === undefined ? {} : { claimedCount: claimed.occurrenceCount };
  return { request: { namespace, name, uid }, deduplication: { ...deduplication, ...claim, persisted } };
}

function unreadCount({ occurrenceCount, ...times }: ClaimedCount): { deduplication?: SentDeduplication } {
  if (occurrenceCount === undefined && Object.keys(times).length === 0) return {};
  const claim = occurrenceCount === undefined ? {} : { claimedCount: occurrenceCount };
  return { deduplication: { ...claim, ...times } };
}

function goneNotice(name: string): Notice {
  const message = `the request ${name} is not in this cluster: it is gone by now, or the gateway works on another one`;
  return { code: 'REQUEST_NOT_FOUND', message };
}

function unreadNotice(name: string, thrown: unknown): Notice {
  if (!(thrown instanceof RemedyError)) throw thrown;
  return { code: 'COUNT_NOT_READ', message: `the request ${name} could not be read: ${messageOf(thrown)}` };
}
