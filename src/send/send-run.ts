/**
 * Signals through a living gateway, one outcome each, in the order of the input.
 *
 * Guarantees: every alert or event is a request of its own, unless webhooks are to go as they are; signals of one
 * fingerprint go one after the other; nothing is sent twice of which anything may have been taken; after `signal` nothing
 * more is sent, and what is under way has five seconds to be answered, since a gateway whose client leaves early leaves
 * its lock behind. Non-guarantee: what the gateway does with a signal whose answer was lost shows only where the cluster
 * can be asked.
 */
import { targetOptionsOf, type TargetSettings } from '../config/target-settings.ts';
import { withDefaults, type SettingValues } from '../config/settings.ts';
import type { DocumentInput } from '../documents/input-files.ts';
import { readDocuments, type ReadOptions } from '../documents/read-documents.ts';
import type { SourceDocument } from '../documents/source-document.ts';
import { openExplainer } from '../explain/explain-run.ts';
import type { GatewayClient } from '../gateway/gateway-client.ts';
import { OrderedWindow } from '../ingest/ordered-window.ts';
import { Semaphore } from '../ingest/semaphore.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ServerObservation } from '../kube/server-observation.ts';
import { ObservedCluster } from '../signal/observed-cluster.ts';
import type { ParsedItem, ParsedSignal } from '../signal/parsed-signal.ts';
import { signalParser, type ParseOptions } from '../signal/parse-signals.ts';
import { ScopeCheck, scopeModeOf } from '../signal/scope.ts';
import { SignalResolver, type RepeatOptions } from '../signal/signal-resolver.ts';
import { checkTargetOptions } from '../signal/target-options.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { Judge } from './judge-answer.ts';
import { refusedItem, SignalPreparation, type PreparedSignal } from './prepare-signal.ts';
import { RequestLookup } from './request-lookup.ts';
import { sendOutcomes, type SendItem, type SendSummary } from './send-item.ts';
import { notRun, SignalSender } from './signal-sender.ts';

/** Settings of a run, named as in the configuration. */
export type SendSettings = Pick<
  SettingValues,
  | 'namespace'
  | 'leaseNamespace'
  | 'ingest.concurrency'
  | 'ingest.clusterIdScope'
  | 'ingest.skipScopeCheck'
  | 'ingest.strictResource'
> &
  TargetSettings;

/** What `startSend` works with. */
export interface SendOptions
  extends Pick<ParseOptions, 'includeSuppressed' | 'includePending'>, RepeatOptions {
  /** The gateway; its connections stay open. */
  gateway: GatewayClient;
  /** The cluster that the gateway works on, for what it keeps to itself; or the embedded store, for owners alone. */
  client: KubeClient;
  inputs: readonly DocumentInput[];
  read: ReadOptions;
  /** Default: every setting as in a configuration that says nothing of it. */
  settings?: Partial<SendSettings>;
  clock: Clock;
  random: Random;
  /** Stops the run. */
  signal: AbortSignal;
  /** What the client's observers measure; default: nothing is known of the server's clock. */
  server?: Pick<ServerObservation, 'clockSkew'>;
  /** Sends each webhook as it is, in place of one for each alert. Default: false. */
  batch?: boolean;
  /** Puts our own walk beside every answer. Default: false. */
  compare?: boolean;
  /** Sends nothing. Default: false. */
  dryRun?: boolean;
  /** Does not send signals that the gateway would refuse for their time. Default: false. */
  enforceFreshness?: boolean;
}

/** A run under way, from `startSend`. */
export interface StartedSend {
  /** One for each signal, in the order of the input; to be iterated once. */
  items(): AsyncIterable<SendItem>;
  /** Complete once the items have ended. */
  readonly summary: SendSummary;
  /** The input was not read to its end. */
  readonly wasCut: boolean;
}

const windowLimits = { items: 256, bytes: 2 * 1024 * 1024 };

/** What is under way when the run is stopped is cut after so long. */
const graceMs = 5_000;

/** A stopped run goes on reading for so long, to list what it leaves out. */
const listRestMs = 2_000;

/**
 * Begins a run; nothing is read or sent before its items are asked for.
 * @throws INVALID_OPTION for options of targets that name nothing that is served; with a comparison what discovery throws
 */
export async function startSend(options: SendOptions): Promise<StartedSend> {
  const settings = withDefaults(options.settings ?? {});
  const { client, clock, random, signal } = options;
  const over = new AbortController();
  const cut = cutAfter(signal, { clock, over: over.signal });
  const cluster = new ObservedCluster({
    objects: client.objects,
    discovery: client.discovery,
    clock,
    signal: cut,
  });
  const targets = targetOptionsOf(settings);
  await checkTargetOptions(targets, cluster);
  const lookup = new RequestLookup({
    client,
    namespace: settings.namespace,
    clock,
    random,
    skew: () => options.server?.clockSkew(),
  });
  const preparation = new SignalPreparation({
    cluster,
    targetKind: client.target.kind,
    resolver: new SignalResolver({
      cluster,
      targetKind: client.target.kind,
      clock,
      enforceFreshness: options.enforceFreshness === true,
      resolveOwners: true,
      targets,
      onlyFingerprint: options.onlyFingerprint,
      start: options.start,
    }),
    scope: new ScopeCheck({
      cluster,
      mode: scopeModeOf(client.target.kind, settings['ingest.skipScopeCheck']),
      clusterIdScope: settings['ingest.clusterIdScope'],
    }),
    explainer:
      options.compare === true ? await openExplainer({ ...options, settings, signal: cut }) : undefined,
  });
  const sender = new SignalSender({
    gateway: options.gateway,
    lookup,
    judge: new Judge({ lookup, clock, signal: cut }),
    dryRun: options.dryRun === true,
    start: options.start,
    stop: signal,
    cut,
  });
  const concurrency = settings['ingest.concurrency'];
  return new SendRun(options, { preparation, sender, concurrency, over });
}

/** Aborts a while after another signal, unless everything is over by then: nobody is to wait for that. */
function cutAfter(signal: AbortSignal, { clock, over }: { clock: Clock; over: AbortSignal }): AbortSignal {
  const cut = new AbortController();
  const begin = (): void => {
    clock.sleep(graceMs, over).then(
      () => {
        cut.abort(signal.reason);
      },
      () => undefined,
    );
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true, signal: over });
  return cut.signal;
}

interface RunParts {
  preparation: SignalPreparation;
  sender: SignalSender;
  concurrency: number;
  /** Aborted when there is nothing left to wait for. */
  over: AbortController;
}

class SendRun implements StartedSend {
  readonly summary: SendSummary;
  wasCut = false;
  readonly #options: SendOptions;
  readonly #parts: RunParts;
  readonly #slots: Semaphore;
  readonly #window = new OrderedWindow<SendItem[]>(windowLimits);
  /** By fingerprint: settles when what was put in before has been sent. */
  readonly #lanes = new Map<string, Promise<unknown>>();
  /** Settles when everything that came earlier stands in its lane. */
  #earlier: Promise<unknown> = Promise.resolve();
  #stoppedAtMs: number | undefined;

  constructor(options: SendOptions, parts: RunParts) {
    this.#options = options;
    this.#parts = parts;
    // webhooks hold several fingerprints each
    this.#slots = new Semaphore(options.batch === true ? 1 : parts.concurrency);
    const counts = Object.fromEntries(sendOutcomes.map((outcome) => [outcome, 0]));
    this.summary = {
      total: 0,
      ...(counts as Omit<SendSummary, 'total'>),
      ...(options.compare === true ? { differs: 0 } : {}),
    };
  }

  async *items(): AsyncGenerator<SendItem, void, void> {
    const reading = this.#read();
    try {
      for await (const items of this.#window) {
        for (const item of items) {
          this.#count(item);
          yield item;
        }
      }
    } finally {
      this.#window.end();
      await reading;
      this.#parts.over.abort();
    }
  }

  #count({ outcome, differs }: SendItem): void {
    this.summary.total += 1;
    this.summary[outcome] += 1;
    if (differs === true) this.summary.differs = (this.summary.differs ?? 0) + 1;
  }

  async #read(): Promise<void> {
    const { inputs, read, signal, batch, clock } = this.#options;
    const { includeSuppressed, includePending, includeEnded } = this.#options;
    const parse = signalParser({
      clock: includeEnded === true ? undefined : clock,
      includeResolved: batch === true,
      includeSuppressed,
      includePending,
      unsaid: read.textSkipped,
    });
    try {
      for await (const document of readDocuments(inputs, { ...read, signal, readsFilesOn: true })) {
        this.wasCut = this.#isOverdue();
        if (this.#window.isEnded || this.wasCut) break;
        await this.#take(document, parse);
      }
      this.#window.end();
    } catch (cause) {
      if (signal.aborted) this.wasCut = true;
      this.#window.end(signal.aborted ? undefined : { cause });
    }
  }

  #isOverdue(): boolean {
    const { clock, signal } = this.#options;
    if (!signal.aborted) return false;
    this.#stoppedAtMs ??= clock.monotonicMs();
    return clock.monotonicMs() - this.#stoppedAtMs > listRestMs;
  }

  async #take(
    document: SourceDocument,
    parse: (document: SourceDocument) => Iterable<ParsedItem>,
  ): Promise<void> {
    let bytes = document.kind === 'unreadable' ? 0 : document.text.length;
    for (const group of this.#groups(parse(document))) {
      await this.#window.room(bytes);
      this.#window.push(this.#handle(group), bytes);
      bytes = 0;
    }
  }

  /** The alerts of one webhook where it goes as it is, else each item alone. */
  *#groups(items: Iterable<ParsedItem>): Iterable<ParsedItem[]> {
    if (this.#options.batch !== true) {
      for (const item of items) yield [item];
      return;
    }
    let group: ParsedItem[] = [];
    for (const item of items) {
      const [first] = group;
      if (first !== undefined && !isOfOneWebhook(first, item)) {
        yield group;
        group = [];
      }
      group.push(item);
    }
    if (group.length > 0) yield group;
  }

  async #handle(group: ParsedItem[]): Promise<SendItem[]> {
    const [only] = group;
    if (group.length === 1 && only !== undefined && only.outcome !== 'parsed') return [refusedItem(only)];
    const signals = group.filter((item) => item.outcome === 'parsed');
    const prepared = this.#slots.run(() => Promise.all(signals.map((one) => this.#prepare(one))));
    const sent = Promise.all([prepared, this.#earlier]).then(([ready]) => {
      const key = this.#options.batch === true ? '' : laneOf(ready);
      return { done: this.#inLane(key, () => this.#slots.run(() => this.#send(ready), 'urgent')) };
    });
    this.#earlier = sent.catch(() => undefined);
    return (await sent).done;
  }

  /** One after the other in a lane. */
  #inLane<T>(key: string | undefined, work: () => Promise<T>): Promise<T> {
    if (key === undefined) return work();
    const before = this.#lanes.get(key) ?? Promise.resolve();
    const done = before.then(work);
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    this.#lanes.set(key, settled);
    void settled.then(() => {
      if (this.#lanes.get(key) === settled) this.#lanes.delete(key);
    });
    return done;
  }

  async #prepare(parsed: ParsedSignal): Promise<PreparedSignal | SendItem> {
    if (this.#hasEnded()) return notRun({ described: { source: parsed.source, warnings: [] } });
    return this.#parts.preparation.prepare(parsed);
  }

  #hasEnded(): boolean {
    return this.#options.signal.aborted || this.#parts.sender.refusal !== undefined;
  }

  async #send(ready: (PreparedSignal | SendItem)[]): Promise<SendItem[]> {
    const { sender } = this.#parts;
    const prepared = ready.filter((one) => 'parsed' in one);
    const [first] = prepared;
    if (first === undefined || this.#hasEnded())
      return ready.map((one) => ('parsed' in one ? notRun(one) : one));
    const { webhook } = first.parsed.delivery();
    if (this.#options.batch !== true || webhook === undefined || prepared.length < ready.length) {
      const items: SendItem[] = [];
      for (const one of ready) items.push('parsed' in one ? await sender.sendOne(one) : one);
      return items;
    }
    return sender.sendWebhook(prepared, webhook.text());
  }
}

function laneOf(ready: readonly (PreparedSignal | SendItem)[]): string | undefined {
  const [first] = ready;
  if (first === undefined || !('parsed' in first)) return undefined;
  const { reading, described } = first;
  return described.signal?.fingerprint ?? (reading.fate === 'answered' ? reading.fingerprint : undefined);
}

function isOfOneWebhook(a: ParsedItem, b: ParsedItem): boolean {
  if (a.outcome !== 'parsed' || b.outcome !== 'parsed') return false;
  const { webhook } = a.delivery();
  return webhook !== undefined && webhook === b.delivery().webhook;
}
