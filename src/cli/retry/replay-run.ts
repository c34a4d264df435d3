/** Replays whole traces, block by block, in memory that does not grow with them. */
import type { Distribution } from '../../retry/distribution.ts';
import { distributionOf } from '../../retry/distribution.ts';
import { replayTogether } from '../../retry/replay.ts';
import type { ReplaySide } from '../../retry/replay-side.ts';
import type { RetryPolicy } from '../../retry/retry-policy.ts';
import { StormCount } from '../../retry/request-storm.ts';
import type { RequestStorm } from '../../retry/request-storm.ts';
import { seconds } from '../../retry/trace-format.ts';
import { ExpectationTally } from './expectation.ts';
import type { Expectation } from './expectation.ts';
import { describePolicy } from './policy-notation.ts';
import { policyOf, replayOf } from './replay-plan.ts';
import type { ReplaySettings } from './replay-plan.ts';
import { differencesOf } from './side-difference.ts';
import type { TraceOperation } from './trace-operation.ts';

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
  differs: boolean;
  differences?: string[];
  distribution?: Distribution;
  storm?: RequestStorm;
}

export interface ReplaySummary {
  operations: number;
  differing: number;
  ok: number;
  error: number;
  /** Of the replayed side, all together. */
  requests: number;
  totalSeconds: number;
  expectations: ReturnType<ExpectationTally['results']>;
}

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
}

/** Replays of one operation that go over one clock at once. */
const runsAtOnce = 1_000;
const unchanged: ReplaySettings = { sequel: 'repeat' };

export class ReplayRun {
  readonly #options: ReplayOptions;
  readonly #tally: ExpectationTally;
  readonly #summary = { operations: 0, differing: 0, ok: 0, error: 0, requests: 0, totalMs: 0 };

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#tally = new ExpectationTally(options.expectations);
  }

  get allHold(): boolean {
    return this.#tally.allHold;
  }

  summary(): ReplaySummary {
    const { totalMs, ...counts } = this.#summary;
    return { ...counts, totalSeconds: seconds(totalMs), expectations: this.#tally.results() };
  }

  /** `trace`: the name to show, where there are several. */
  async *items(
    blocks: AsyncIterable<TraceOperation[]>,
    trace: string | undefined,
  ): AsyncGenerator<ReplayItem, void> {
    const { only, signal } = this.#options;
    for await (const block of blocks) {
      signal.throwIfAborted();
      const chosen = only.length === 0 ? block : block.filter(({ operation }) => only.includes(operation));
      yield* await this.#block(chosen, trace);
    }
  }

  async #block(operations: readonly TraceOperation[], trace: string | undefined): Promise<ReplayItem[]> {
    const { settings, seed } = this.#options;
    const first = this.#summary.operations;
    this.#summary.operations += operations.length;
    const replayed = await replayTogether(
      operations.map((operation, index) => replayOf(operation, settings, seedOf(seed, first + index, 0))),
    );
    const written = operations.filter(({ recorded }) => recorded === undefined);
    const asWritten = isUnchanged(settings)
      ? undefined
      : await replayTogether(
          written.map((operation, index) => replayOf(operation, unchanged, seedOf(seed, index, 0))),
        );
    const items: ReplayItem[] = [];
    for (const [index, operation] of operations.entries()) {
      const side = replayed[index];
      if (side === undefined) continue;
      const recorded = operation.recorded ?? asWritten?.[written.indexOf(operation)] ?? side;
      const item = itemOf(operation, { recorded, replayed: side, settings, trace });
      this.#count(item);
      items.push(await this.#withFigures(item, operation, first + index));
    }
    return items;
  }

  #count({ id, replayed, differs }: ReplayItem): void {
    const summary = this.#summary;
    if (differs) summary.differing += 1;
    summary[replayed.result === 'ok' ? 'ok' : 'error'] += 1;
    summary.requests += replayed.attempts.length;
    summary.totalMs += (replayed.totalSeconds ?? 0) * 1_000;
    if (this.#options.runs === 1 && this.#options.clients === 1)
      this.#tally.check(replayed, `operation ${id}`);
  }

  async #withFigures(item: ReplayItem, operation: TraceOperation, number: number): Promise<ReplayItem> {
    const { runs, clients } = this.#options;
    if (runs > 1) item.distribution = await this.#distribution(operation, number);
    if (clients > 1) item.storm = await this.#storm(operation, number);
    return item;
  }

  async #distribution(operation: TraceOperation, number: number): Promise<Distribution> {
    const { settings, seed, runs, signal } = this.#options;
    const figures: { totalSeconds: number; requests: number; ok: boolean }[] = [];
    for (let from = 0; from < runs; from += runsAtOnce) {
      signal.throwIfAborted();
      const count = Math.min(runsAtOnce, runs - from);
      const sides = await replayTogether(
        Array.from({ length: count }, (_, run) =>
          replayOf(operation, settings, seedOf(seed, number, from + run)),
        ),
      );
      sides.forEach((side, run) => {
        this.#tally.check(side, `operation ${operation.id}, run ${from + run + 1}`);
        const { totalSeconds, attempts, result } = side;
        figures.push({ totalSeconds, requests: attempts.length, ok: result === 'ok' });
      });
    }
    return distributionOf(figures);
  }

  async #storm(operation: TraceOperation, number: number): Promise<RequestStorm> {
    const { settings, seed, clients } = this.#options;
    const count = new StormCount();
    const sides = await replayTogether(
      Array.from({ length: clients }, (_, client) =>
        replayOf(operation, settings, seedOf(seed, number, client)),
      ),
      (atMs) => {
        count.add(atMs);
      },
    );
    sides.forEach((side, client) => {
      this.#tally.check(side, `operation ${operation.id}, client ${client + 1}`);
    });
    return count.storm(clients);
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
  const differences = recorded === replayed ? [] : differencesOf(recorded, replayed);
  return {
    ...(trace === undefined ? {} : { trace }),
    id: operation.id,
    operation: operation.operation,
    ...(operation.object === undefined ? {} : { object: operation.object }),
    ...(policy === undefined ? {} : { policy: described(policy) }),
    recorded,
    replayed,
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

/** Neighbouring seeds share nothing, and no two replays of a run have the same. */
function seedOf(seed: number, operation: number, run: number): number {
  return seed + operation * 1_000_003 + run;
}
