import type { FailureFacts } from './recorded-failure.ts';
import type { ScriptedAnswer, ScriptedServer } from './scripted-server.ts';

/** A time in which the server fails; it ends before `toMs`. */
export interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
  /** What it fails with. */
  readonly failure: FailureFacts;
}

/** When a server fails. Times in milliseconds from the beginning of the trace. */
export interface OutagePlan {
  readonly outages: readonly Outage[];
  /** How long an answer takes, also one that is a failure. */
  readonly latencyMs: number;
}

/** What a server under an outage answers where nothing else is said. */
export const unavailable: FailureFacts = Object.freeze({
  status: 503,
  reason: 'ServiceUnavailable',
  message: 'service unavailable',
});

/** Fails by the time at which a request is sent, whatever it asks for, and else succeeds. */
export class OutageServer implements ScriptedServer {
  readonly #plan: OutagePlan;
  readonly #request: string | undefined;
  readonly #otherwise: ScriptedServer | undefined;
  readonly #spares: (request: string) => boolean;

  /**
   * `request`: what the tries of a retried operation ask for. `otherwise`: answers while there is no outage. `spares`:
   * whether a request succeeds in an outage too.
   */
  constructor(
    plan: OutagePlan,
    options: {
      request?: string | undefined;
      otherwise?: ScriptedServer | undefined;
      spares?: ((request: string) => boolean) | undefined;
    } = {},
  ) {
    this.#plan = plan;
    this.#request = options.request;
    this.#otherwise = options.otherwise;
    this.#spares = options.spares ?? (() => false);
  }

  tryAnswers(_attempt: number, atMs: number): readonly ScriptedAnswer[] {
    return [this.#at(this.#request, atMs)];
  }

  answer(request: string, atMs: number): ScriptedAnswer {
    return this.#at(request, atMs);
  }

  ahead(): readonly ScriptedAnswer[] {
    return [];
  }

  #at(request: string | undefined, atMs: number): ScriptedAnswer {
    const { outages, latencyMs } = this.#plan;
    const outage = outages.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
    if (outage !== undefined && !this.#spares(request ?? ''))
      return { request, durationMs: latencyMs, failure: outage.failure };
    const usual = this.#otherwise?.answer(request ?? '', atMs);
    return usual === undefined ? { request, durationMs: latencyMs } : { ...usual, durationMs: latencyMs };
  }
}
