import type { ApiRequest, ApiResponse, Send } from '../../../src/api/wire.ts';
import type { IngestItem } from '../../../src/ingest/ingest-item.ts';
import { startIngest } from '../../../src/ingest/ingest-run.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { serverDiscovery } from '../../../src/kube/discovery.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { repeatedSend } from '../../../src/kube/repeated-send.ts';
import { silentProgress } from '../../../src/notes/notes.ts';
import type { Clock } from '../../../src/time/clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';

export interface SimulatedRunOptions {
  send: Send;
  clock: Clock;
  /** Where the checkpoint is. */
  directory: string;
  seed: number;
  /** Told of each outcome as it comes. */
  onItem: (item: IngestItem) => void;
  stream?: string;
}

/** `signal ingest --follow` as a process that can be killed: what it has begun then never comes to anything in it. */
export class SimulatedRun {
  /** What it said. */
  readonly said: string[] = [];
  /** How it ended. */
  readonly ended: Promise<void>;
  isEnded = false;
  readonly #options: SimulatedRunOptions;
  readonly #stop = new AbortController();
  #isAlive = true;
  #killIn: { requests: number; kills: (request: ApiRequest) => boolean } | undefined;

  constructor(options: SimulatedRunOptions) {
    this.#options = options;
    this.ended = this.#run().finally(() => {
      this.isEnded = true;
    });
    this.ended.catch(() => undefined);
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** SIGTERM. */
  stop(): void {
    this.#stop.abort(new DOMException('stopped', 'AbortError'));
  }

  /** SIGKILL, at the end of that one of the requests that count. */
  killAfter(requests: number, kills: (request: ApiRequest) => boolean): void {
    this.#killIn = { requests, kills };
  }

  kill(): void {
    this.#isAlive = false;
  }

  async #run(): Promise<void> {
    const { clock, directory, seed, onItem, stream = 'events' } = this.#options;
    const sendOnce = this.#send;
    const repeats = { clock: this.#clock(), random: new SeededRandom(seed), requestTimeoutMs: 30_000 };
    const repeating = (once: Send): Send => repeatedSend(once, repeats);
    const send = repeating(sendOnce);
    const client: KubeClient = {
      target: { kind: 'cluster', server: 'https://simulated.test', namespace: 'kubernaut-system' },
      send,
      sendOnce,
      repeating,
      objects: new ObjectAccess(send, { clock }),
      discovery: serverDiscovery(send),
      clientNodeApis: () => Promise.reject(new Error('not asked for')),
      close: () => Promise.resolve(),
    };
    const say = (text: string): void => void this.said.push(text);
    const run = await startIngest({
      client,
      inputs: [],
      follow: { stream, checkpoint: 'checkpoint.json' },
      read: { cwd: directory, stdin: (async function* () {})() },
      settings: { namespace: 'kubernaut-system', 'ingest.giveUpAfter': Number.POSITIVE_INFINITY },
      clock: this.#clock(),
      random: new SeededRandom(seed),
      signal: this.#stop.signal,
      identity: { user: 'someone', host: 'here', pid: seed },
      notes: { say, sayOnce: say, warn: say, detail: () => undefined },
      progress: silentProgress,
    });
    try {
      for await (const item of run.items()) onItem(item);
    } finally {
      const failures = await run.close();
      for (const { message } of failures) say(message);
    }
  }

  readonly #send: Send = async (request) => {
    if (!this.#isAlive) return never();
    const response = await this.#options.send(request);
    if (this.#killIn?.kills(request) === true) {
      this.#killIn.requests -= 1;
      if (this.#killIn.requests <= 0) this.kill();
    }
    return this.isAlive ? { ...response, body: this.#living(response.body) } : never();
  };

  async *#living(body: ApiResponse['body']): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of body) {
      if (!this.#isAlive) await never();
      yield chunk;
    }
    if (!this.#isAlive) await never();
  }

  #clock(): Clock {
    const { clock } = this.#options;
    return {
      now: () => clock.now(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        if (!this.#isAlive) await never();
      },
    };
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
