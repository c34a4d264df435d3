import type { ApiRequest, ApiResponse, Send } from '../../src/api/wire.ts';
import { NetworkError } from '../../src/kube/api-error.ts';
import type { Clock } from '../../src/time/clock.ts';
import { isMeant, isNth, type Fault, type FaultRule, type FaultyRequest } from './fault-server.ts';

/**
 * A `Send` that misbehaves as the fault server does, by the same rules, without sockets: for a clock that stands still
 * until it is told to go on. `fault-send.test.ts` holds the two to each other.
 */
export class FaultSend {
  rules: readonly FaultRule[];
  readonly #behind: Send;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #met = new WeakMap<FaultRule, number>();
  /** Breaks off what is being read. */
  readonly #open = new Set<() => void>();

  constructor(behind: Send, { clock, rules = [] }: { clock: Pick<Clock, 'sleep'>; rules?: FaultRule[] }) {
    this.#behind = behind;
    this.#clock = clock;
    this.rules = rules;
  }

  readonly send: Send = async (request) => {
    const fault = this.#faultFor(request);
    switch (fault?.kind) {
      case 'answer':
        return answerOf(fault);
      case 'reset':
        throw connectionReset();
      case 'silent':
        return never(request.signal);
      case 'slow':
        await this.#clock.sleep(fault.ms, request.signal);
        return this.#behind(request);
      case 'lost':
        await this.#behind(request);
        throw connectionReset();
      default:
        return this.#broken(await this.#behind(request), request, fault);
    }
  };

  /** Every answer that is being read ends with a reset. */
  dropConnections(): void {
    for (const drop of this.#open) drop();
  }

  #faultFor({ method, path }: ApiRequest): Fault | undefined {
    const request = { method, url: path } as FaultyRequest;
    for (const rule of this.rules) {
      if (!isMeant(rule, request)) continue;
      const nth = (this.#met.get(rule) ?? 0) + 1;
      this.#met.set(rule, nth);
      if (isNth(rule.nth, nth, request)) return rule.fault;
    }
    return undefined;
  }

  #broken(
    response: ApiResponse,
    { signal }: ApiRequest,
    fault: Extract<Fault, { kind: 'half-dead' | 'cut' }> | undefined,
  ): ApiResponse {
    let drop!: (error: Error) => void;
    const dropped = new Promise<never>((_, reject) => {
      drop = reject;
    });
    dropped.catch(() => undefined);
    const reset = (): void => {
      drop(connectionReset());
    };
    this.#open.add(reset);
    const over = new AbortController();
    if (fault?.kind === 'cut' && fault.afterMs !== undefined) {
      this.#clock.sleep(fault.afterMs, over.signal).then(reset, () => undefined);
    }
    const end = (): void => {
      over.abort();
      this.#open.delete(reset);
    };
    return { ...response, body: brokenBody(response.body, { fault, dropped, signal, end }) };
  }
}

interface Breaking {
  fault: Extract<Fault, { kind: 'half-dead' | 'cut' }> | undefined;
  dropped: Promise<never>;
  signal: AbortSignal | undefined;
  end: () => void;
}

async function* brokenBody(
  body: AsyncIterable<Uint8Array>,
  { fault, dropped, signal, end }: Breaking,
): AsyncGenerator<Uint8Array, void, void> {
  const iterator = body[Symbol.asyncIterator]();
  let left = fault?.afterLines ?? Infinity;
  try {
    while (left > 0) {
      const step = await Promise.race([iterator.next(), dropped]);
      if (step.done === true) return;
      const lines = Buffer.from(step.value)
        .toString()
        .split(/(?<=\n)/);
      const kept = lines.slice(0, left);
      left -= kept.filter((line) => line.endsWith('\n')).length;
      yield Buffer.from(kept.join(''));
    }
    if (fault?.kind === 'cut') throw connectionReset();
    await Promise.race([never(signal), dropped]);
  } finally {
    end();
    // one that waits for its next chunk ends by the request's own signal
    void iterator.return?.();
  }
}

function answerOf({ status, headers = {}, body = '' }: Extract<Fault, { kind: 'answer' }>): ApiResponse {
  return { status, headers, body: textBody(body) };
}

async function* textBody(text: string): AsyncGenerator<Uint8Array, void, void> {
  if (text !== '') yield Buffer.from(text);
  await Promise.resolve();
}

function never(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = (): void => {
      reject(new NetworkError('ABORTED', 'given up', { cause: signal?.reason }));
    };
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function connectionReset(): NetworkError {
  return new NetworkError('UNREACHABLE', 'the connection was reset', { errno: 'ECONNRESET' });
}
