import type { FailureFacts } from './recorded-failure.ts';

/** What one request gets. */
export interface ScriptedAnswer {
  /** What was asked, such as `create leases.coordination.k8s.io`; absent where a record does not say. */
  readonly request?: string | undefined;
  readonly durationMs: number;
  /** Absent: it succeeds. */
  readonly failure?: FailureFacts | undefined;
  /** No request was sent: it failed before (a circuit breaker was open). */
  readonly unsent?: boolean | undefined;
}

/** Stands in for the API server of a replay. */
export interface ScriptedServer {
  /** The answers to all requests of the n-th try (from 1) of an operation that begins at `atMs`. */
  tryAnswers(attempt: number, atMs: number): readonly ScriptedAnswer[];
  /** The answer to the next request of this kind, such as `get leases.coordination.k8s.io`, sent at `atMs`. */
  answer(request: string, atMs: number): ScriptedAnswer;
  /** What of this kind is still to be answered, without answering it; empty where nobody knows. */
  ahead(): readonly ScriptedAnswer[];
}

/** What comes after the last recorded outcome. */
export type Sequel = 'repeat' | 'ok' | { readonly failure: FailureFacts };

const succeeds: ScriptedAnswer = { durationMs: 0 };

/** Answers as recorded: the n-th try as the n-th did, and the n-th request of a verb as the n-th of that verb. */
export class RecordedServer implements ScriptedServer {
  readonly #tries: readonly (readonly ScriptedAnswer[])[];
  readonly #sequel: Sequel;
  /** The verb that answers without a request stand for. */
  readonly #verb: string;
  #left: ScriptedAnswer[];
  readonly #last = new Map<string, ScriptedAnswer>();

  constructor(
    tries: readonly (readonly ScriptedAnswer[])[],
    options: { sequel: Sequel; verb?: string | undefined },
  ) {
    this.#tries = tries;
    this.#sequel = options.sequel;
    this.#verb = options.verb ?? '';
    this.#left = options.verb === undefined ? [] : tries.flat();
  }

  tryAnswers(attempt: number): readonly ScriptedAnswer[] {
    const last = this.#tries.at(-1);
    return this.#tries[attempt - 1] ?? this.#after(last?.[0]?.request, last ?? [succeeds]);
  }

  answer(request: string): ScriptedAnswer {
    const verb = verbOf(request);
    const at = this.#left.findIndex((answer) => verbOf(answer.request ?? this.#verb) === verb);
    const found = this.#left[at];
    if (found !== undefined) {
      this.#left = this.#left.filter((_, index) => index !== at);
      this.#last.set(verb, found);
      return found;
    }
    const last = this.#last.get(verb);
    // reads that a record leaves out, such as the look at a lease in the way, succeed
    return last === undefined ? succeeds : (this.#after(request, [last])[0] ?? succeeds);
  }

  ahead(): readonly ScriptedAnswer[] {
    return this.#left;
  }

  #after(request: string | undefined, last: readonly ScriptedAnswer[]): readonly ScriptedAnswer[] {
    if (this.#sequel === 'repeat') return last;
    const durationMs = last.at(-1)?.durationMs ?? 0;
    return [{ request, durationMs, failure: this.#sequel === 'ok' ? undefined : this.#sequel.failure }];
  }
}

function verbOf(request: string): string {
  return request.split(' ', 1)[0] ?? '';
}
