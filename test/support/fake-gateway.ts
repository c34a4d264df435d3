/**
 * A gateway as the recorded one answers: the same texts, statuses and headers, in the same order of checks, over a real
 * socket, with its requests and locks in whatever answers behind a `Send`. `test/unit/gateway/recorded-answers.test.ts`
 * holds it to the recordings.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Send } from '../../src/api/wire.ts';
import { serverDiscovery } from '../../src/kube/discovery.ts';
import { isApiError } from '../../src/kube/api-error.ts';
import { ObjectAccess } from '../../src/kube/object-access.ts';
import { leaseResource } from '../../src/kube/well-known-resources.ts';
import { leaseName } from '../../src/lease/lease-name.ts';
import { buildRemediationRequest, requestName } from '../../src/request/build-request.ts';
import { decideDeduplication } from '../../src/request/deduplication-decision.ts';
import { RequestFinder } from '../../src/request/find-requests.ts';
import { gatewayReading, type GatewayReading } from '../../src/signal/gateway-reading.ts';
import { ObservedCluster } from '../../src/signal/observed-cluster.ts';
import { parseSignals } from '../../src/signal/parse-signals.ts';
import type { ParsedSignal } from '../../src/signal/parsed-signal.ts';
import { ScopeCheck } from '../../src/signal/scope.ts';
import type { NormalizedSignal } from '../../src/signal/signal.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { formatUtcSeconds } from '../../src/time/rfc3339.ts';
import { SystemRandom } from '../../src/time/system-random.ts';
import { bodyTimeProblem, timestampProblem } from './gateway-times.ts';

/** What a token is: whose, and whether its user may send. */
export interface KnownToken {
  user: string;
  mayCreate: boolean;
}

export interface FakeGatewayOptions {
  /** Where it makes requests and locks, and looks for owners. */
  send: Send;
  tokens: Record<string, KnownToken> | ((token: string) => Promise<KnownToken | undefined>);
  /** Where requests live; default kubernaut-system. */
  namespace?: string;
  /** How far its clock is from ours, in milliseconds. */
  clockOffsetMs?: number;
  /** Requests that it works on at once; default: any number. */
  maxInFlight?: number;
  /** For its own requests about one body, in milliseconds; default 3,000. */
  deadlineMs?: number;
  /** After which a connection without an answer is cut, in milliseconds; default 12,000. */
  writeTimeoutMs?: number;
  prefix?: string;
  /** Certificate and key, as PEM; default: plain HTTP, as the recorded one. */
  tls?: { cert: string; key: string };
}

/** What its own API server says when it asks who somebody is: nothing, an error, or nothing for ever. */
export type ReviewFault = 'error' | 'hang' | undefined;

export interface SeenBody {
  path: string;
  headers: IncomingMessage['headers'];
  text: string;
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

interface Outcome {
  status: 'created' | 'duplicate' | 'rejected' | 'failed' | 'invalid' | 'timeout';
  fingerprint?: string;
  message?: string;
  error?: string;
  name?: string;
  metadata?: object;
  rejection?: object;
}

const doors = ['/api/v1/signals/prometheus', '/api/v1/signals/kubernetes-event'];
const bodyLimit = 262_144;
const webhookLimit = 102_400;

export class FakeGateway {
  /** Every body that was taken in, whatever became of it. */
  readonly seen: SeenBody[] = [];
  tokenReview: ReviewFault;
  accessReview: ReviewFault;
  /** Its writes of counts fail; its answers do not tell. */
  failsToCount = false;
  /** What /readyz answers; undefined where its health is served elsewhere, as the recorded one's is. */
  readiness: number | undefined;
  /**
   * Answers the next request to a door so, before anything else; `cut` ends the connection after the work is done, `half`
   * in the middle of the answer's body.
   */
  readonly next: (Answer | 'cut' | 'cut before' | 'half')[] = [];
  /** Work on a body waits for this, once it is there. */
  hold: Promise<void> | undefined;
  readonly #options: FakeGatewayOptions;
  readonly #objects: ObjectAccess;
  readonly #clock = new RealClock();
  readonly #random = new SystemRandom();
  #server: Server | undefined;
  #inFlight = 0;

  constructor(options: FakeGatewayOptions) {
    this.#options = options;
    this.#objects = new ObjectAccess(options.send);
  }

  get url(): string {
    const { port } = this.#server?.address() as AddressInfo;
    const scheme = this.#options.tls === undefined ? 'http' : 'https';
    return `${scheme}://127.0.0.1:${port}${this.#options.prefix ?? ''}`;
  }

  async start(port = 0): Promise<this> {
    const listener: RequestListener = (asked, reply) => {
      this.#handle(asked, reply).catch((thrown: unknown) => {
        reply.destroy(thrown instanceof Error ? thrown : undefined);
      });
    };
    const { tls } = this.#options;
    const server = tls === undefined ? createServer(listener) : createHttpsServer(tls, listener);
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #now(): number {
    return Date.now() + (this.#options.clockOffsetMs ?? 0);
  }

  async #handle(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    if (this.#inFlight >= (this.#options.maxInFlight ?? Infinity)) {
      this.#write(reply, overloaded);
      return;
    }
    this.#inFlight += 1;
    const cut = setTimeout(() => asked.socket.destroy(), this.#options.writeTimeoutMs ?? 12_000);
    try {
      const other = this.#isDoor(asked) ? this.next.shift() : undefined;
      if (other === 'cut before') asked.socket.destroy();
      else if (typeof other === 'object') {
        await readText(asked, Infinity);
        this.#write(reply, other);
      } else {
        const answer = await this.#answer(asked);
        if (other === 'cut') asked.socket.destroy();
        else if (other === 'half') await writeHalf(reply, answer);
        else this.#write(reply, answer);
      }
    } finally {
      clearTimeout(cut);
      this.#inFlight -= 1;
    }
  }

  #write(reply: ServerResponse, { status, headers = {}, body }: Answer): void {
    const isJson = typeof body === 'object' && body !== null;
    const type = typeof body === 'string' ? { 'content-type': 'text/plain; charset=utf-8' } : {};
    const json = isJson ? { 'content-type': 'application/json' } : {};
    reply.writeHead(status, {
      ...type,
      ...json,
      ...headers,
      date: new Date(this.#now()).toUTCString(),
    });
    reply.end(typeof body === 'string' ? body : isJson ? JSON.stringify(body) : undefined);
  }

  #pathOf(asked: IncomingMessage): string {
    const { prefix = '' } = this.#options;
    const [path = ''] = (asked.url ?? '/').split('?');
    return path.startsWith(prefix) ? path.slice(prefix.length) : path;
  }

  #isDoor(asked: IncomingMessage): boolean {
    return asked.method === 'POST' && doors.includes(this.#pathOf(asked));
  }

  async #answer(asked: IncomingMessage): Promise<Answer> {
    const path = this.#pathOf(asked);
    if (asked.method === 'OPTIONS' && doors.includes(path)) return preflight;
    if (path === '/readyz' && this.readiness !== undefined) return { status: this.readiness };
    if (!doors.includes(path)) return { status: 404, body: '404 page not found' };
    if (asked.method !== 'POST') return { status: 405, headers: { allow: 'POST' } };
    const refused = (await this.#authenticate(asked)) ?? mediaProblem(asked, path);
    if (refused !== undefined) return refused;
    const isTimed = asked.headers['x-timestamp'] !== undefined && path === doors[0];
    const stamped = isTimed ? timestampProblem(String(asked.headers['x-timestamp']), this.#now()) : undefined;
    if (stamped !== undefined) return badTime(stamped);
    const text = await readText(asked, bodyLimit);
    if (text === undefined) return tooLarge(isTimed ? path : '', isTimed);
    this.seen.push({ path, headers: asked.headers, text });
    await this.hold;
    const late = isTimed ? undefined : bodyTimeProblem(text, path === doors[0], this.#now());
    if (late !== undefined) return badTime(late);
    return this.#take(text, path);
  }

  async #authenticate(asked: IncomingMessage): Promise<Answer | undefined> {
    const { authorization } = asked.headers;
    if (authorization === undefined) return denied(401, 'Unauthorized', 'Missing Authorization header');
    if (!authorization.startsWith('Bearer ') || authorization === 'Bearer ') {
      return denied(401, 'Unauthorized', 'Invalid Authorization header format');
    }
    if (this.tokenReview === 'hang') await new Promise(() => undefined);
    if (this.tokenReview === 'error') {
      return denied(500, 'Internal Server Error', 'Authentication service unavailable');
    }
    const { tokens } = this.#options;
    const given = authorization.slice('Bearer '.length).trim();
    const token = typeof tokens === 'function' ? await tokens(given) : tokens[given];
    if (token === undefined) return denied(401, 'Unauthorized', 'Invalid or expired token');
    if (this.accessReview === 'error') {
      return denied(500, 'Internal Server Error', 'Authorization service unavailable');
    }
    return token.mayCreate ? undefined : denied(403, 'Forbidden', 'Insufficient permissions');
  }

  async #take(text: string, path: string): Promise<Answer> {
    const isEvent = path === doors[1];
    const parseFailure = isEvent ? 'Failed to parse signal' : 'Failed to parse batch payload';
    const signals = !isEvent && Buffer.byteLength(text) > webhookLimit ? [] : parsedSignals(text, isEvent);
    const cluster = new ObservedCluster({
      objects: this.#objects,
      discovery: serverDiscovery(this.#options.send),
      clock: this.#clock,
    });
    const read = [];
    for (const parsed of signals) {
      const reading = await gatewayReading(parsed, { cluster, targetKind: 'cluster' });
      if (reading.fate === 'answered') read.push({ parsed, reading });
    }
    const [only] = read;
    if (only === undefined) return problem(400, parseFailure, path);
    const ends = AbortSignal.timeout(this.#options.deadlineMs ?? 3_000);
    const work = (one: typeof only): Promise<Outcome> => this.#process(one, { text, cluster, ends });
    if (read.length === 1) return singleAnswer(await work(only), path, this.#namespace);
    const outcomes: Outcome[] = [];
    for (const one of read) {
      const wasOver = ends.aborted;
      const outcome = await work(one);
      const error = wasOver ? 'request timeout exceeded' : 'Processing failed';
      outcomes.push(isFailure(outcome) ? { ...outcome, status: 'failed', error } : outcome);
    }
    return batchAnswer(outcomes);
  }

  get #namespace(): string {
    return this.#options.namespace ?? 'kubernaut-system';
  }

  async #process(
    { parsed, reading }: { parsed: ParsedSignal; reading: GatewayReading & { fate: 'answered' } },
    { text, cluster, ends }: { text: string; cluster: ObservedCluster; ends: AbortSignal },
  ): Promise<Outcome> {
    const { fingerprint, resourceText } = reading;
    if (parsed.signalName === '') {
      return { status: 'invalid', fingerprint, error: 'Signal validation failed: alertName is required' };
    }
    const signal = signalOf(parsed, reading, this.#now());
    const scope = new ScopeCheck({ cluster, mode: 'check', clusterIdScope: 'refuse' });
    const { reason } = await scope.check(signal);
    if (reason?.code === 'UNMANAGED') return rejection(resourceText);
    try {
      if (reason !== undefined) throw new Error(reason.message);
      return await this.#locked(fingerprint, ends, () => this.#store(signal, { parsed, text, ends }));
    } catch {
      return { status: ends.aborted ? 'timeout' : 'failed', fingerprint };
    }
  }

  /** A lock outlives a body whose time is over, as that of the recorded one does. */
  async #locked(fingerprint: string, ends: AbortSignal, work: () => Promise<Outcome>): Promise<Outcome> {
    const place = { namespace: this.#namespace, name: leaseName(fingerprint) };
    const held = await this.#objects
      .get(leaseResource, place, { signal: ends })
      .catch((thrown: unknown) =>
        isApiError(thrown) && thrown.httpStatus === 404 ? undefined : Promise.reject(thrown as Error),
      );
    if (held !== undefined) throw new Error('the lock is held');
    const time = new Date(this.#now()).toISOString().replace('Z', '000Z');
    const spec = {
      holderIdentity: 'gateway-0',
      leaseDurationSeconds: 30,
      acquireTime: time,
      renewTime: time,
    };
    await this.#objects.create(
      leaseResource,
      { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: place, spec },
      { signal: ends },
    );
    try {
      return await work();
    } finally {
      if (!ends.aborted) await this.#objects.delete(leaseResource, place);
    }
  }

  async #store(
    signal: NormalizedSignal,
    { parsed, text, ends }: { parsed: ParsedSignal; text: string; ends: AbortSignal },
  ): Promise<Outcome> {
    const { fingerprint } = signal;
    const kind = await serverDiscovery(this.#options.send).remediationRequests();
    const access = { objects: this.#objects, kind, namespace: this.#namespace };
    const finder = new RequestFinder(access);
    const found = await finder.byFingerprint(fingerprint, { consistency: 'consistent', signal: ends });
    const { request } = decideDeduplication(found, this.#now());
    if (request !== undefined) return this.#countOn(request.name, fingerprint, ends);
    const item = {
      ...parsed,
      outcome: 'normalized' as const,
      resolution: 'resource' as const,
      ownerChain: [],
      signal,
      originalPayload: () => ({ text }),
    };
    const name = requestName(fingerprint, this.#random);
    const built = buildRemediationRequest(item, {
      name,
      namespace: this.#namespace,
      kind,
      createdAtMs: this.#now(),
      managedBy: 'gateway-service',
    });
    await this.#patiently(ends, () => this.#objects.create(kind.resource, built, { signal: ends }));
    await this.#countOn(name, fingerprint, ends);
    return { status: 'created', fingerprint, name, message: 'RemediationRequest CRD created successfully' };
  }

  /** Its client repeats whatever asks for it by Retry-After, as long as there is time. */
  async #patiently<T>(ends: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (thrown) {
        const waitSeconds = isApiError(thrown) ? thrown.retryAfterSeconds : undefined;
        if (waitSeconds === undefined) throw thrown;
        await this.#clock.sleep(waitSeconds * 1_000, ends);
      }
    }
  }

  /** A failed write is only logged: the answer has the count as if it were written. */
  async #countOn(name: string, fingerprint: string, ends: AbortSignal): Promise<Outcome> {
    const kind = await serverDiscovery(this.#options.send).remediationRequests();
    const place = { namespace: this.#namespace, name };
    const request = await this.#objects.get(kind.resource, place, { signal: ends });
    const now = formatUtcSeconds(this.#now());
    const status = (request['status'] ?? {}) as { deduplication?: Record<string, unknown> };
    const { deduplication: old = {} } = status;
    const count = Number(old['occurrenceCount'] ?? 0) + 1;
    const deduplication = { firstSeenAt: old['firstSeenAt'] ?? now, lastSeenAt: now, occurrenceCount: count };
    if (!this.failsToCount)
      await this.#objects
        .replace(
          kind.resource,
          { ...request, status: { ...status, deduplication } },
          { subresource: 'status' },
        )
        .catch(() => undefined);
    const ref = `${this.#namespace}/${name}`;
    return {
      status: 'duplicate',
      fingerprint,
      name,
      message: 'Duplicate signal (K8s status-based deduplication)',
      metadata: {
        count,
        remediationRequestRef: ref,
        firstOccurrence: deduplication.firstSeenAt,
        lastOccurrence: now,
      },
    };
  }
}

const overloaded: Answer = { status: 429, body: 'Server capacity exceeded.' };

const preflight: Answer = {
  status: 200,
  headers: {
    'access-control-allow-methods': 'POST',
    'access-control-allow-origin': '*',
    'access-control-max-age': '300',
  },
};

/** As much of a body as its length promises, but for the second half. */
async function writeHalf(reply: ServerResponse, { status, body }: Answer): Promise<void> {
  const text = JSON.stringify(body);
  reply.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  await new Promise<unknown>((written) => reply.write(text.slice(0, text.length / 2), written));
  reply.destroy();
}

async function readText(asked: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of asked as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? undefined : Buffer.concat(chunks).toString('utf8');
}

function parsedSignals(text: string, isEvent: boolean): ParsedSignal[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || Object.hasOwn(value as object, isEvent ? 'alerts' : 'involvedObject')) return [];
  const document = { kind: 'document' as const, file: '', document: 0, line: 1, value, text, warnings: [] };
  const items = [...parseSignals(document, { includeResolved: true })];
  const signals = items.filter((item) => item.outcome === 'parsed');
  return signals.filter(({ seen }) => (seen.rule === 'event') === isEvent);
}

function signalOf(
  parsed: ParsedSignal,
  { fingerprint, resourceText }: GatewayReading & { fate: 'answered' },
  nowMs: number,
): NormalizedSignal {
  const [name = '', kind = '', namespace = ''] = resourceText.split(':').reverse();
  const { signalName, severity, signalSource, labels, annotations, firingTime } = parsed;
  const { commonLabels = {} } = parsed.delivery().body as { commonLabels?: Record<string, string> };
  const { cluster } = commonLabels;
  return {
    fingerprint,
    signalName,
    severity,
    signalType: 'alert',
    signalSource,
    ...(cluster === undefined ? {} : { clusterID: cluster }),
    namespace,
    resource: { kind, name, ...(namespace === '' ? {} : { namespace }) },
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(firingTime === undefined ? {} : { firingTime }),
    receivedTime: formatUtcSeconds(nowMs),
  };
}

function mediaProblem(asked: IncomingMessage, path: string): Answer | undefined {
  const type = asked.headers['content-type'];
  if (type === undefined) return undefined;
  const [media = '', ...parameters] = type.split(';').map((part) => part.trim());
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(media) || parameters.some((one) => !one.includes('='))) {
    return problem(400, 'Invalid Content-Type header format', path);
  }
  if (media.toLowerCase() === 'application/json') return undefined;
  const answer = problem(415, 'Content-Type must be application/json', path);
  return { ...answer, headers: { ...answer.headers, accept: 'application/json' } };
}

const problems: Record<number, [type: string, title: string]> = {
  400: ['validation-error', 'Bad Request'],
  413: ['payload-too-large', 'Request Entity Too Large'],
  415: ['unsupported-media-type', 'Unsupported Media Type'],
  500: ['internal-error', 'Internal Server Error'],
  504: ['gateway-timeout', 'Gateway Timeout'],
};

function problem(status: number, detail: string, instance: string): Answer {
  const [type, title] = problems[status] ?? ['', ''];
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: { type: `https://kubernaut.ai/problems/${type}`, title, detail, status, instance },
  };
}

function badTime(detail: string): Answer {
  return problem(400, detail, '');
}

function tooLarge(instance: string, closes: boolean): Answer {
  const answer = problem(413, 'Request body too large', instance);
  return closes ? { ...answer, headers: { ...answer.headers, connection: 'close' } } : answer;
}

function denied(status: number, title: string, detail: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: { detail, status, title, type: 'about:blank' },
  };
}

function rejection(resource: string): Outcome {
  const [name = '', kind = '', namespace] = resource.split(':').reverse();
  const place = namespace === undefined ? '' : `-n ${namespace} `;
  return {
    status: 'rejected',
    message: `Signal rejected: resource ${resource} is not managed by Kubernaut`,
    rejection: {
      status: 'rejected',
      reason: 'unmanaged_resource',
      message: `Resource ${resource} is not in Kubernaut's management scope`,
      resource,
      action: `To manage this resource, add the label: kubectl label ${place}${kind.toLowerCase()} ${name} kubernaut.ai/managed=true`,
    },
  };
}

function isFailure({ status }: Outcome): boolean {
  return status === 'failed' || status === 'timeout';
}

function singleAnswer(outcome: Outcome, path: string, namespace: string): Answer {
  const { status, fingerprint = '', message, error = '', name, metadata, rejection: refused } = outcome;
  if (status === 'invalid') return problem(400, error, path);
  if (status === 'timeout') return problem(504, 'Request processing timed out', path);
  if (status === 'failed') return problem(500, 'Internal server error', path);
  if (status === 'rejected') {
    return { status: 200, body: { status, message, fingerprint: '', duplicate: false, rejection: refused } };
  }
  const body = {
    status,
    message,
    fingerprint,
    duplicate: status === 'duplicate',
    remediationRequestName: name,
    remediationRequestNamespace: namespace,
    ...(metadata === undefined ? {} : { metadata }),
  };
  return { status: status === 'created' ? 201 : 202, body };
}

function batchAnswer(outcomes: readonly Outcome[]): Answer {
  const results = outcomes.map(({ status, fingerprint, message, error }) => ({
    status: status === 'invalid' ? 'rejected' : status,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(message === undefined ? {} : { message }),
    ...(error === undefined ? {} : { error }),
  }));
  const count = (wanted: string): number => results.filter(({ status }) => status === wanted).length;
  return {
    status: 207,
    body: {
      results,
      summary: {
        total: results.length,
        created: count('created'),
        deduplicated: count('duplicate'),
        rejected: count('rejected'),
        failed: count('failed'),
      },
    },
  };
}
