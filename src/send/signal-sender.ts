/** Sends one signal, or one webhook as it is, and says what became of each signal in it. */
import type { RemedyError } from '../errors/remedy-error.ts';
import type { Notice, Reason } from '../errors/reason.ts';
import { gatewayLimitBytes, type GatewayDoor } from '../gateway/gateway-contract.ts';
import type { Delivered, GatewayAnswer, GatewayClient } from '../gateway/gateway-client.ts';
import { verdictOf } from '../gateway/gateway-verdict.ts';
import { optionName } from '../errors/option-name.ts';
import type { Delivery } from '../signal/delivery.ts';
import type { JsonObject } from '../signal/known-fields.ts';
import type { WrittenTime } from '../time/rfc3339.ts';
import { align, type ExpectedResult, type GivenResult } from './align.ts';
import { compared } from './compare.ts';
import { fingerprintOf, wordOf, type Judge, type Judged, type Word } from './judge-answer.ts';
import type { PreparedSignal } from './prepare-signal.ts';
import type { Before, RequestLookup } from './request-lookup.ts';
import type { DeliveryFacts, GatewayFacts, SendItem } from './send-item.ts';

/** What a sender works with. */
export interface SenderOptions {
  gateway: GatewayClient;
  lookup: RequestLookup;
  judge: Judge;
  dryRun: boolean;
  /** Since when the signals are said to fire, in place of their own time. */
  start?: WrittenTime | undefined;
  /** Ends waits between attempts. */
  stop: AbortSignal;
  /** Cuts what is under way; later than `stop`. */
  cut: AbortSignal;
}

/** A result of a batch, and the word that it is. */
type Given = GivenResult & { word: Word };

/** Sends to one gateway, and remembers whether it is there and takes us in. */
export class SignalSender {
  readonly #options: SenderOptions;
  /** Nobody answered at all; later signals find out by one attempt each. */
  #isAway = false;
  #refusal: RemedyError | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Why nothing more needs to be sent: the gateway refuses whoever we are, or is none. */
  get refusal(): RemedyError | undefined {
    return this.#refusal;
  }

  async sendOne(prepared: PreparedSignal): Promise<SendItem> {
    const delivery = withStart(prepared.parsed.delivery(), this.#options.start);
    const { as, body } = delivery;
    const text = textOf(delivery);
    const early = this.#unsent([prepared], { door: as, text, body });
    if (early !== undefined) return early[0] ?? notRun(prepared);
    const before = await this.#before(prepared);
    const delivered = await this.#deliver(as, text);
    if (isStopped(delivered, this.#options.stop)) return notRun(prepared);
    const word = wordFor(delivered);
    const judged = await this.#options.judge.judge(word, prepared, before);
    return resultOf(prepared, judged, { delivered, gateway: gatewayFacts(delivered) });
  }

  /** All alerts of one webhook in one request; as many results as signals, in their order. */
  async sendWebhook(prepared: readonly PreparedSignal[], text: string): Promise<SendItem[]> {
    const early = this.#unsent(prepared, { door: 'alert', text, body: undefined });
    if (early !== undefined) return early;
    const befores = await Promise.all(prepared.map((one) => this.#before(one)));
    const delivered = await this.#deliver('alert', text);
    if (isStopped(delivered, this.#options.stop)) return prepared.map(notRun);
    const words = wordsOf(delivered, prepared);
    const items: SendItem[] = [];
    for (const [index, one] of prepared.entries()) {
      const { word, result } = words[index] ?? { word: { kind: 'unaligned' } as const };
      const judged = await this.#options.judge.judge(word, one, befores[index]);
      const gateway = gatewayFacts(delivered);
      const facts = gateway === undefined || result === undefined ? gateway : { ...gateway, result };
      items.push(resultOf(one, judged, { delivered, gateway: facts }));
    }
    return items;
  }

  /** Results of what is not sent: a dry run's, and of a body that the gateway does not read. */
  #unsent(
    prepared: readonly PreparedSignal[],
    { door, text, body }: { door: GatewayDoor; text: string; body: JsonObject | undefined },
  ): SendItem[] | undefined {
    const bytes = Buffer.byteLength(text);
    const limit = gatewayLimitBytes[door];
    if (bytes > limit) {
      const reason = tooLarge({ bytes, limit, isBatch: body === undefined });
      return prepared.map((one) => withWarnings(one, { outcome: 'rejected', reason }));
    }
    if (!this.#options.dryRun) return undefined;
    const url = this.#options.gateway.urlOf(door);
    const delivery: DeliveryFacts = { url, bytes, body: body ?? (JSON.parse(text) as JsonObject) };
    return prepared.map((one) => ({
      ...withWarnings(one, { outcome: 'wouldSend' }),
      ...(one.own === undefined ? {} : { reason: one.own }),
      delivery,
      ...(one.ours === undefined ? {} : { ours: one.ours }),
    }));
  }

  async #before(prepared: PreparedSignal): Promise<Before | undefined> {
    const fingerprint = fingerprintOf(prepared);
    return fingerprint === undefined
      ? undefined
      : this.#options.lookup.before(fingerprint, this.#options.cut);
  }

  async #deliver(door: GatewayDoor, text: string): Promise<Delivered> {
    const { gateway, stop, cut } = this.#options;
    const delivered = await gateway.deliver(door, text, { stop, signal: cut, isPatient: !this.#isAway });
    this.#isAway = delivered.kind === 'notTaken' && delivered.answer === undefined;
    if (delivered.kind === 'answered') this.#refusal ??= standingRefusal(delivered.answer);
    return delivered;
  }
}

/** What stands for every signal alike, and no retry mends. */
const standing = new Set([301, 302, 303, 307, 308, 401, 403, 404, 405]);

function standingRefusal(answer: GatewayAnswer): RemedyError | undefined {
  if (!standing.has(answer.status)) return undefined;
  const verdict = verdictOf(answer);
  return verdict.kind === 'failed' ? verdict.error : undefined;
}

function isStopped({ kind }: Delivered, stop: AbortSignal): boolean {
  return kind === 'notTaken' && stop.aborted;
}

function wordFor(delivered: Delivered): Word {
  return delivered.kind === 'answered' ? wordOf(delivered.answer) : delivered;
}

/** Whose word is whose: each alert's result, or the one word for all of them. */
function wordsOf(
  delivered: Delivered,
  prepared: readonly PreparedSignal[],
): { word: Word; result?: number }[] {
  const given = delivered.kind === 'answered' ? resultsIn(delivered.answer) : undefined;
  if (given === undefined) {
    const word = wordFor(delivered);
    return prepared.map(() => ({ word }));
  }
  return align(prepared.map(expectedOf), given).map((place) => {
    if (place === 'dropped') return { word: { kind: 'dropped' } };
    if (place === 'unknown') return { word: { kind: 'unaligned' } };
    return { word: given[place]?.word ?? { kind: 'unaligned' }, result: place };
  });
}

/** The results of an answer; where a gateway dropped all alerts but one, it answers as to that one alone. */
function resultsIn(answer: GatewayAnswer): Given[] | undefined {
  const verdict = verdictOf(answer);
  if (verdict.kind === 'batch') {
    return verdict.results.map(({ status, fingerprint, text }) => {
      if (status === 'rejected') return { fingerprint, text, word: rejectedWord(text) };
      if (status === 'failed')
        return { fingerprint, text, word: { kind: 'open', detail: text, isDone: true } };
      return { fingerprint, text, word: { kind: 'batched', outcome: status, fingerprint } };
    });
  }
  if (verdict.kind === 'created' || verdict.kind === 'duplicate') {
    return [{ fingerprint: verdict.fingerprint, text: '', word: verdict }];
  }
  return verdict.kind === 'unmanaged' ? [{ text: verdict.message, word: verdict }] : undefined;
}

function rejectedWord(text: string): Word {
  return / is not (managed|in Kubernaut)/.test(text)
    ? { kind: 'unmanaged', message: text }
    : { kind: 'refused', detail: text };
}

function expectedOf({ reading }: PreparedSignal): ExpectedResult {
  if (reading.fate === 'dropped') return { isDropped: true };
  if (reading.fate === 'unknown') return {};
  return { fingerprint: reading.fingerprint, resourceText: reading.resourceText };
}

function gatewayFacts(delivered: Delivered): GatewayFacts | undefined {
  if (delivered.answer === undefined) return undefined;
  const { status, body } = delivered.answer;
  return { status, body };
}

function resultOf(
  prepared: PreparedSignal,
  { warnings = [], ...judged }: Judged,
  { delivered, gateway }: { delivered: Delivered; gateway: GatewayFacts | undefined },
): SendItem {
  const item: SendItem = {
    ...withWarnings(prepared, judged, warnings),
    ...(delivered.attempts > 1 ? { attempts: delivered.attempts } : {}),
    ...(gateway === undefined ? {} : { gateway }),
  };
  return prepared.ours === undefined ? item : compared(item, prepared.ours);
}

function withWarnings(
  { described }: PreparedSignal,
  judged: Omit<Judged, 'warnings'>,
  more: readonly Notice[] = [],
): SendItem {
  const { warnings: own, ...facts } = described;
  const warnings = [...own, ...more];
  return { ...facts, ...judged, ...(warnings.length > 0 ? { warnings } : {}) };
}

/** A signal that was not sent because the run had ended. */
export function notRun({ described }: Pick<PreparedSignal, 'described'>): SendItem {
  const { source, resolution, ownerChain, signal, about } = described;
  return {
    source,
    outcome: 'notRun',
    ...(resolution === undefined ? {} : { resolution }),
    ...(ownerChain === undefined ? {} : { ownerChain }),
    ...(signal === undefined ? {} : { signal }),
    ...(about === undefined ? {} : { about }),
  };
}

function tooLarge({ bytes, limit, isBatch }: { bytes: number; limit: number; isBatch: boolean }): Reason {
  const message = `a gateway reads at most ${limit} bytes, and this has ${bytes}; it was not sent`;
  const hint = `Without ${optionName('batch')} each alert goes alone.`;
  return { code: 'DOCUMENT_TOO_LARGE', message, ...(isBatch ? { hint } : {}) };
}

/** As it stands in the input, where that is not longer than a gateway reads: spaces count. */
function textOf({ as, body, text }: Delivery): string {
  const written = text?.();
  const fits = written !== undefined && Buffer.byteLength(written) <= gatewayLimitBytes[as];
  return fits ? written : JSON.stringify(body);
}

function withStart(delivery: Delivery, start: WrittenTime | undefined): Delivery {
  if (start === undefined) return delivery;
  const { as, body } = delivery;
  if (as === 'event') return { as, body: { ...body, lastTimestamp: start.text } };
  const alerts = Array.isArray(body['alerts']) ? (body['alerts'] as unknown[]) : [];
  const restarted = alerts.map((alert) => ({ ...(alert as JsonObject), startsAt: start.text }));
  return { as, body: { ...body, alerts: restarted } };
}
