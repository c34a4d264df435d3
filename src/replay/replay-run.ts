/** Replays whole traces, block by block, in memory that does not grow with them. */
import { setImmediate as settled } from 'node:timers/promises';
import type { Distribution } from '../retry/distribution.ts';
import { distributionOf } from '../retry/distribution.ts';
import { replayTogether } from '../retry/replay.ts';
import type { ReplaySide } from '../retry/replay-side.ts';
import type { RetryPolicy } from '../retry/retry-policy.ts';
import { StormCount } from '../retry/request-storm.ts';
import type { RequestStorm } from '../retry/request-storm.ts';
import { seconds } from '../retry/trace-format.ts';
import { ExpectationTally } from './expectation.ts';
import type { Expectation } from './expectation.ts';
import { describePolicy } from '../retry/policy-notation.ts';
import { policyOf, replayOf } from './replay-plan.ts';
import type { ReplaySettings } from './replay-plan.ts';
import { differencesOf } from './side-difference.ts';
import { SignalTally } from './signal-tally.ts';
import type { SignalTotals } from './signal-tally.ts';
import type { TraceOperation } from './trace-operation.ts';
import { whyEnded } from './why-ended.ts';
import type { FailedEnd } from './why-ended.ts';

/** One operation of a trace: what was recorded, and what a replay made of it. */
export interface ReplayItem {
  /** Which trace, where there are several. */
  trace?: string;
  id: number | string;
  operation: string;
  object?: string;
  /** The policy that held for the replay; absent where nothing is retried. */
  policy?: Record<string, string | number>;
  /** As it was recorded; of a trace that somebody wrote, as it replays without other settings. */
  recorded: ReplaySide;
  replayed: ReplaySide;
  /** Why the replayed side failed. */
  failed?: FailedEnd;
  differs: boolean;
  differences?: string[];
  distribution?: Distribution;
  storm?: RequestStorm;
}

/** The counts of a run. `totalSeconds` adds up the times of all replayed operations. */
export interface ReplaySummary {
  operations: number;
  differing: number;
  ok: number;
  error: number;
  /** Of the replayed side, all together. */
  requests: number;
  totalSeconds: number;
  /** Absent where the trace is none of signals. */
  signals?: SignalTotals;
  expectations: ReturnType<ExpectationTally['results']>;
}

/** What a run does with each operation. */
export interface ReplayOptions {
  settings: ReplaySettings;
  seed: number;
  /** Replays of each operation, each with other chances. */
  runs: number;
  /** Clients that do the same at once. */
  clients: number;
  expectations: readonly Expectation[];
  /** Names of the operations to replay; empty: all. */
  only: readonly string[];
  signal: AbortSignal;
  /** Called as replays are made. */
  onProgress?: (() => void) | undefined;
}

/** Replays of one operation that go over one clock at once. */
const runsAtOnce = 1_000;
const unchanged: ReplaySettings = { sequel: 'repeat' };

/** A run over one trace or several, which counts as it goes. */
export class ReplayRun {
  readonly #options: ReplayOptions;
  readonly #tally: ExpectationTally;
  readonly #signals = new SignalTally();
  readonly #summary = { operations: 0, differing: 0, ok: 0, error: 0, requests: 0, totalMs: 0 };
  /** Replays made of the operation whose distribution or storm is being made. */
  #underWay: { id: TraceOperation['id']; done: number } | undefined;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#tally = new ExpectationTally(options.expectations);
  }

  get allHold(): boolean {
    return this.#tally.allHold;
  }

  summary(): ReplaySummary {
    const { totalMs, ...counts } = this.#summary;
    const signals = this.#signals.totals();
    return {
      ...counts,
      totalSeconds: seconds(totalMs),
      ...(signals === undefined ? {} : { signals }),
      expectations: this.#tally.results(),
    };
  }

  /** How far a run got that was stopped: whole operations, and the replays of the one under way. */
  progress(): { operations: number; underWay: { id: TraceOperation['id']; done: number } | undefined } {
    const { operations } = this.#summary;
    return { operations: operations - (this.#underWay === undefined ? 0 : 1), underWay: this.#underWay };
  }

  /** `trace`: the name to show, where there are several. */
  async *items(
    blocks: AsyncIterable<TraceOperation[]>,
    trace: string | undefined,
  ): AsyncGenerator<ReplayItem, void> {
    const { only, signal } = this.#options;
    for await (const block of blocks) {
      await settled();
      signal.throwIfAborted();
      const chosen = only.length === 0 ? block : block.filter(({ operation }) => only.includes(operation));
      yield* await this.#block(chosen, trace);
    }
  }

  async #block(operations: readonly TraceOperation[], trace: string | undefined): Promise<ReplayItem[]> {
    const { settings, seed, signal } = this.#options;
    const replayed = await replayTogether(
      operations.map((operation) => replayOf(operation, settings, seedOf(seed, operation, 0))),
      { signal },
    );
    const written = operations.filter(({ recorded }) => recorded === undefined);
    const asWritten = isUnchanged(settings)
      ? undefined
      : await replayTogether(
          written.map((operation) => replayOf(operation, unchanged, seedOf(seed, operation, 0))),
          { signal },
        );
    const items: ReplayItem[] = [];
    for (const [index, operation] of operations.entries()) {
      const side = replayed[index];
      if (side === undefined) continue;
      const recorded = operation.recorded ?? asWritten?.[written.indexOf(operation)] ?? side;
      const item = itemOf(operation, { recorded, replayed: side, settings, trace });
      this.#count(item);
      this.#signals.add(operation, { ...item, end: item.failed }, trace);
      items.push(await this.#withFigures(item, operation));
    }
    return items;
  }

  #count({ id, replayed, differs }: ReplayItem): void {
    const summary = this.#summary;
    summary.operations += 1;
    this.#options.onProgress?.();
    if (differs) summary.differing += 1;
    summary[replayed.result === 'ok' ? 'ok' : 'error'] += 1;
    summary.requests += replayed.attempts.length;
    summary.totalMs += (replayed.totalSeconds ?? 0) * 1_000;
    if (this.#options.runs === 1 && this.#options.clients === 1)
      this.#tally.check(replayed, `operation ${id}`);
  }

  async #withFigures(item: ReplayItem, operation: TraceOperation): Promise<ReplayItem> {
    const { runs, clients } = this.#options;
    if (runs === 1 && clients === 1) return item;
    this.#underWay = { id: operation.id, done: 0 };
    if (runs > 1) item.distribution = await this.#distribution(operation);
    if (clients > 1) item.storm = await this.#storm(operation);
    this.#underWay = undefined;
    return item;
  }

  async #distribution(operation: TraceOperation): Promise<Distribution> {
    const { settings, seed, runs, signal } = this.#options;
    const figures: { totalSeconds: number; requests: number; ok: boolean }[] = [];
    for (let from = 0; from < runs; from += runsAtOnce) {
      signal.throwIfAborted();
      const count = Math.min(runsAtOnce, runs - from);
      const sides = await replayTogether(
        Array.from({ length: count }, (_, run) =>
          replayOf(operation, settings, seedOf(seed, operation, from + run)),
        ),
        { signal },
      );
      this.#replayed(count);
      await settled();
      sides.forEach((side, run) => {
        this.#tally.check(side, `operation ${operation.id}, run ${from + run + 1}`);
        const { totalSeconds, attempts, result } = side;
        figures.push({ totalSeconds, requests: attempts.length, ok: result === 'ok' });
      });
    }
    return distributionOf(figures);
  }

  async #storm(operation: TraceOperation): Promise<RequestStorm> {
    const { settings, seed, clients, signal } = this.#options;
    const count = new StormCount();
    const onRequest = (atMs: number): void => {
      count.add(atMs);
    };
    for (let from = 0; from < clients; from += runsAtOnce) {
      const sides = await replayTogether(
        Array.from({ length: Math.min(runsAtOnce, clients - from) }, (_, client) =>
          replayOf(operation, settings, seedOf(seed, operation, from + client)),
        ),
        { signal, onRequest },
      );
      sides.forEach((side, client) => {
        this.#tally.check(side, `operation ${operation.id}, client ${from + client + 1}`);
      });
      this.#replayed(sides.length);
      await settled();
      signal.throwIfAborted();
    }
    return count.storm(clients);
  }

  #replayed(count: number): void {
    if (this.#underWay !== undefined) this.#underWay.done += count;
    this.#options.onProgress?.();
  }
}

function itemOf(
  operation: TraceOperation,
  parts: {
    recorded: ReplaySide;
    replayed: ReplaySide;
    settings: ReplaySettings;
    trace: string | undefined;
  },
): ReplayItem {
  const { recorded, replayed, settings, trace } = parts;
  const policy = policyOf(operation, settings);
  const failed = whyEnded(operation, replayed, settings);
  const differences = recorded === replayed ? [] : differencesOf(recorded, replayed);
  return {
    ...(trace === undefined ? {} : { trace }),
    id: operation.id,
    operation: operation.operation,
    ...(operation.object === undefined ? {} : { object: operation.object }),
    ...(policy === undefined ? {} : { policy: described(policy) }),
    recorded,
    replayed,
    ...(failed === undefined ? {} : { failed }),
    differs: differences.length > 0,
    ...(differences.length === 0 ? {} : { differences }),
  };
}

function isUnchanged({ changePolicy, outage, sequel }: ReplaySettings): boolean {
  return changePolicy === undefined && outage === undefined && sequel === 'repeat';
}

const descriptions = new WeakMap<object, Record<string, string | number>>();

/** A trace has few policies and many operations. */
function described(policy: RetryPolicy): Record<string, string | number> {
  const known = descriptions.get(policy) ?? describePolicy({ policy });
  descriptions.set(policy, known);
  return known;
}

/**
 * The seed of an operation's own stream of chance, by its id: it does not depend on what else is replayed, nor on the
 * side. Neighbouring seeds share nothing (`SeededRandom`), so runs may be counted on.
 */
function seedOf(seed: number, { id }: TraceOperation, run: number): number {
  return seed + Math.imul(typeof id === 'number' ? id - 1 : numberOfText(id), 1_000_003) + run;
}

/** FNV-1a, 32 bits, over UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/). */
function numberOfText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}
