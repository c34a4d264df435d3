import type { KubeObject } from '../../../src/api/objects.ts';
import type { ApiRequest, ApiResponse, Send } from '../../../src/api/wire.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';

type Step = (request: ApiRequest) => ApiResponse;

/** An API that gives prepared answers one after the other, and says that it is through when there are no more. */
export class ScriptedApi {
  /** Paths as they were asked for, queries decoded. */
  readonly asked: string[] = [];
  /** Answers whose body was read to its end or left. */
  closed = 0;
  readonly #steps: Step[];
  readonly #onEnd: () => void;

  constructor(steps: readonly Step[], onEnd: () => void) {
    this.#steps = [...steps];
    this.#onEnd = onEnd;
  }

  readonly send: Send = (request) => {
    this.asked.push(decodeURIComponent(request.path));
    const step = this.#steps.shift();
    if (step === undefined) {
      this.#onEnd();
      return Promise.reject(new DOMException('stopped', 'AbortError'));
    }
    const { body, ...answer } = step(request);
    return Promise.resolve({ ...answer, body: this.#noting(body) });
  };

  async *#noting(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } finally {
      this.closed += 1;
    }
  }
}

export function objectOf(name: string, version: number, fields: { uid?: string; phase?: string } = {}) {
  const { uid = `uid-${name}`, phase = 'Pending' } = fields;
  const metadata = { name, namespace: 'shop', uid, resourceVersion: String(version) };
  return { metadata, status: { phase } } satisfies KubeObject;
}

async function* bodyOf(...values: readonly unknown[]): AsyncGenerator<Uint8Array> {
  for (const value of values) yield await Promise.resolve(Buffer.from(`${JSON.stringify(value)}\n`));
}

/** A LIST of version `version`; `next` is the token of the page after it. */
export function listOf(version: number, items: readonly KubeObject[], next?: string): Step {
  const metadata = { resourceVersion: String(version), continue: next };
  return () => ({ status: 200, headers: {}, body: bodyOf({ metadata, items }) });
}

export const eventOf = (type: string, object: object) => ({ type, object });
export const bookmarkAt = (version: number) =>
  eventOf('BOOKMARK', { metadata: { resourceVersion: String(version) } });
export const expired = eventOf('ERROR', statusOf(410, 'Expired'));

/** A watch of these events, which the server ends after them. */
export function watchOf(...events: readonly object[]): Step {
  return () => ({ status: 200, headers: {}, body: bodyOf(...events) });
}

/** A watch of these events that stays open until the signal aborts. */
export function openWatchOf(...events: readonly object[]): Step {
  return ({ signal }) => ({
    status: 200,
    headers: {},
    body: (async function* () {
      yield* bodyOf(...events);
      await new MockClock().sleep(1, signal);
    })(),
  });
}

export function refusal(code: number, reason: string, headers: Record<string, string> = {}): Step {
  return () => ({ status: code, headers, body: bodyOf(statusOf(code, reason)) });
}

function statusOf(code: number, reason: string): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, code, message: reason };
}
