import type { ApiResponse, Send } from '../../src/api/wire.ts';
import type { Answer, Ask, ContractCase, OpenWatch, ReadWatch } from './contract-case.ts';
import { readBody } from '../support/read-body.ts';
import { Normaliser } from './normalise.ts';

/** The API that the contract is about, with what no request can bring about. */
export interface ContractBackend {
  send: Send;
  /** After it, continue tokens and watches from before are too old. */
  expireHistory(): Promise<void>;
}

const patienceMs = 20_000;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function at(value: unknown, dotted: string): unknown {
  return dotted
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

/** The lines of a watch, handed out one by one. */
class Lines {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #rest = '';

  constructor(answer: ApiResponse) {
    this.#chunks = answer.body[Symbol.asyncIterator]();
  }

  async next(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n');
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line;
      }
      const chunk = await this.#chunks.next();
      if (chunk.done === true) return undefined;
      this.#rest += this.#decoder.decode(chunk.value, { stream: true });
    }
  }
}

interface Watch {
  answer: ApiResponse;
  lines: Lines;
  stop: AbortController;
}

/** Plays one case and gives the answer to each of its steps. */
class Scene {
  readonly answers: Answer[] = [];
  readonly #backend: ContractBackend;
  readonly #normaliser = new Normaliser();
  readonly #saved = new Map<string, string>();
  readonly #watches = new Map<string, Watch>();

  constructor(backend: ContractBackend, namespace: string) {
    this.#backend = backend;
    this.#saved.set('ns', namespace);
    this.#normaliser.saveText('ns', namespace);
  }

  async ask(step: Ask): Promise<void> {
    const answer = await this.#send(step);
    const body = parse(await readBody(answer));
    const picked = step.pick && typeof body === 'object' ? step.pick(body as never) : body;
    for (const [name, path] of Object.entries(step.save ?? {})) {
      const value = String(at(body, path));
      this.#saved.set(name, value);
      if (!/^\d+$/.test(value)) this.#normaliser.saveText(name, value);
    }
    this.answers.push(this.#answer(answer, { body: this.#normaliser.value(picked) }));
  }

  async open(step: OpenWatch): Promise<void> {
    const stop = new AbortController();
    const answer = await this.#backend.send({
      method: 'GET',
      path: this.#fill(step.path),
      headers: { ...step.headers },
      stream: true,
      signal: stop.signal,
    });
    this.#watches.set(step.open, { answer, lines: new Lines(answer), stop });
    this.answers.push(this.#answer(answer, {}));
  }

  async read(step: ReadWatch): Promise<void> {
    const watch = this.#watches.get(step.read);
    if (!watch) throw new Error(`no watch ${step.read} is open`);
    const timer = setTimeout(() => {
      watch.stop.abort(new Error(`the watch ${step.read} said nothing more in ${patienceMs} ms`));
    }, patienceMs);
    const events: unknown[] = [];
    let ended = false;
    try {
      while (step.events === 'all' || events.length < step.events) {
        const line = await watch.lines.next();
        ended = line === undefined;
        if (line === undefined) break;
        events.push(this.#normaliser.value(JSON.parse(line)));
      }
    } finally {
      clearTimeout(timer);
    }
    this.answers.push({ events, ended });
  }

  async expireHistory(): Promise<void> {
    await this.#backend.expireHistory();
    this.answers.push({});
  }

  close(): void {
    for (const watch of this.#watches.values()) watch.stop.abort();
  }

  #send(step: Ask): Promise<ApiResponse> {
    const text = typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
    return this.#backend.send({
      method: step.method,
      path: this.#fill(step.path),
      ...(step.body === undefined ? {} : { body: this.#fill(text) }),
      headers: {
        ...(step.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...step.headers,
      },
    });
  }

  #fill(text: string): string {
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => this.#saved.get(name) ?? whole);
  }

  #answer(answer: ApiResponse, rest: Answer): Answer {
    const type = [answer.headers['content-type'] ?? ''].flat()[0] ?? '';
    const warnings = [answer.headers['warning'] ?? []].flat().map((text) => this.#normaliser.text(text));
    return {
      status: answer.status,
      contentType: type.split(';')[0] ?? '',
      ...(warnings.length > 0 ? { warnings } : {}),
      ...rest,
    };
  }
}

/** Plays one case in `namespace`, which exists and is empty. */
export async function playCase(
  backend: ContractBackend,
  contract: ContractCase,
  namespace: string,
): Promise<Answer[]> {
  const scene = new Scene(backend, namespace);
  try {
    for (const step of contract.steps) {
      if ('open' in step) await scene.open(step);
      else if ('read' in step) await scene.read(step);
      else if ('expireHistory' in step) await scene.expireHistory();
      else await scene.ask(step);
    }
    return scene.answers;
  } finally {
    scene.close();
  }
}

export async function createNamespace(backend: ContractBackend, name: string): Promise<void> {
  const answer = await backend.send({
    method: 'POST',
    path: '/api/v1/namespaces',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  });
  const text = await readBody(answer);
  if (answer.status !== 201) throw new Error(`namespace ${name}: ${answer.status} ${text}`);
}
