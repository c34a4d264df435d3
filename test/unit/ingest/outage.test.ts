import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/objects.ts';
import type { ApiRequest, Send } from '../../../src/api/wire.ts';
import type { IngestItem } from '../../../src/ingest/ingest-item.ts';
import { IngestRun } from '../../../src/ingest/pipeline.ts';
import { SignalDecider } from '../../../src/ingest/signal-decider.ts';
import { NetworkError } from '../../../src/kube/api-error.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { OutageGuard } from '../../../src/kube/outage-guard.ts';
import { HeldLocks } from '../../../src/lease/held-locks.ts';
import { LeaseLock } from '../../../src/lease/lease-lock.ts';
import type { ParsedSignal } from '../../../src/signal/parsed-signal.ts';
import type { SourceDocument } from '../../../src/documents/source-document.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import {
  fingerprintOf,
  namespace,
  openStoreBench,
  readySignal,
  runContext,
  type StoreBench,
} from '../../support/ingest-context.ts';

const signals = 40;
const stepMs = 100;
const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const requests = `/apis/kubernaut.ai/v1alpha1/namespaces/${namespace}/remediationrequests`;

/** What a server that is away does with a request that reaches it. */
const away: Record<string, (request: ApiRequest, pass: Send) => ReturnType<Send>> = {
  'refuses connections': () =>
    Promise.reject(new NetworkError('UNREACHABLE', 'refused', { errno: 'ECONNREFUSED' })),
  hangs: ({ signal }) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        reject(new NetworkError('ABORTED', 'given up'));
      });
    }),
  'does it and loses the answer': async (request, pass) => {
    await pass(request);
    throw new NetworkError('UNREACHABLE', 'reset', { errno: 'ECONNRESET' });
  },
};

let clock: MockClock;
let bench: StoreBench;
/** Requests that the store is at work on: time stands still for them. */
let atWork = 0;

beforeEach(async () => {
  clock = new MockClock();
  atWork = 0;
  bench = await openStoreBench(clock);
  const { direct } = bench;
  bench.direct = async (request) => {
    atWork += 1;
    try {
      return await direct(request);
    } finally {
      atWork -= 1;
    }
  };
});
afterEach(() => bench.close());

/** Lets the store finish, then time pass, until it is over. */
async function pass(ms: number, isOver: () => boolean = () => false): Promise<void> {
  for (let passedMs = 0; passedMs < ms && !isOver(); passedMs += stepMs) {
    for (let quiet = 0; quiet < 5; quiet += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (atWork > 0) quiet = 0;
    }
    await clock.advance(stepMs);
  }
}

async function ended<T>(promise: Promise<T>): Promise<T> {
  let isOver = false;
  const note = (): void => {
    isOver = true;
  };
  promise.then(note, note);
  await pass(3_600_000, () => isOver);
  return promise;
}

/** Takes `signals` signals of as many resources; the server goes away with the request number `after`. */
async function start(how: string, { after = 60, giveUpAfterMs = 60_000 } = {}) {
  const stop = new AbortController();
  const server = { isAway: false, sent: 0, read: 0 };
  const send: Send = (request) => {
    server.sent += 1;
    if (server.sent === after) server.isAway = true;
    return server.isAway ? (away[how] ?? bench.direct)(request, bench.direct) : bench.direct(request);
  };
  const random = new SeededRandom(1);
  const stopping = new AbortController();
  const heldLocks = new HeldLocks();
  const base = await runContext(bench, { clock, random });
  const guard = new OutageGuard({
    send,
    clock,
    random,
    probePath: `${requests}/remedyctl-probe`,
    giveUpAfterMs,
    stop: stop.signal,
    onReturn: () => {
      base.breaker.reset();
    },
  });
  guard.gaveUp.addEventListener('abort', () => {
    stopping.abort(guard.gaveUp.reason);
  });
  stop.signal.addEventListener('abort', () => {
    stopping.abort(stop.signal.reason);
  });
  const objects = new ObjectAccess(guard.send);
  const identity = { host: 'test', pid: 1 };
  const lock = new LeaseLock({ objects, namespace, clock, random, identity, heldLocks });
  const decider = new SignalDecider({ ...base, send: guard.send, lock, server: guard }, stopping.signal);
  const run = new IngestRun(
    {
      documents: documents(server),
      parse: ({ document }) => [{ outcome: 'parsed', source: sourceOf(document) } as unknown as ParsedSignal],
      resolve: async ({ source }) => {
        await objects.list({ ...leaseOf }, { namespace, limit: 1 });
        return { ...readySignal(`app-${source.document}`).item, source };
      },
      checkScope: () => Promise.resolve({}),
      decide: (fingerprint, group) => decider.decide(fingerprint, group),
    },
    { clock, concurrency: 4, stop: stopping.signal, server: guard },
  );
  const all = async (): Promise<IngestItem[]> => {
    const items: IngestItem[] = [];
    for await (const item of run.items()) items.push(item);
    await decider.close();
    await heldLocks.releaseAll();
    guard.close();
    return items;
  };
  return { guard, heldLocks, run, server, stop, all };
}

const leaseOf = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  singular: 'lease',
  kind: 'Lease',
  namespaced: true,
};

// eslint-disable-next-line @typescript-eslint/require-await -- the reader is asynchronous, this one has all at hand
async function* documents(server: { read: number }): AsyncGenerator<SourceDocument> {
  for (let document = 0; document < signals; document += 1) {
    server.read += 1;
    yield { kind: 'document', ...sourceOf(document), text: '' } as unknown as SourceDocument;
  }
}

function sourceOf(document: number): { file: string; document: number; index: number } {
  return { file: 'test.json', document, index: 0 };
}

function outcomes(items: IngestItem[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of items) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

async function stored(path: string): Promise<KubeObject[]> {
  const answer = await bench.direct({ method: 'GET', path });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return (JSON.parse(Buffer.concat(chunks).toString('utf8')) as { items: KubeObject[] }).items;
}

/** Names of those that have not expired. */
async function standingLeases(): Promise<string[]> {
  const isStanding = ({ spec }: KubeObject & { spec?: unknown }): boolean =>
    Date.parse((spec as { renewTime: string }).renewTime) + 30_000 > clock.now();
  return (await stored(leases)).filter(isStanding).map(({ metadata }) => metadata.name);
}

/** Every resource has one request at most; returns how many there are. */
async function requestsOnce(): Promise<number> {
  const fingerprints = (await stored(requests)).map(
    (request) => (request['spec'] as { signalFingerprint: string }).signalFingerprint,
  );
  expect(new Set(fingerprints).size).toBe(fingerprints.length);
  return fingerprints.length;
}

describe('a server that stops answering in the middle of a run', () => {
  const places = [40, 42, 45, 47, 49, 51];
  it.each(places.flatMap((after) => ['refuses connections', 'hangs'].map((how) => [how, after] as const)))(
    '%s with request %i, and comes back after 20 s: every signal is handled, each request made once',
    async (how, after) => {
      const { guard, server, all, heldLocks } = await start(how, { after });
      const done = all();
      await pass(20_000);
      expect(server.isAway).toBe(true);
      // hanging requests hang on: those that had left are not answered any more
      server.isAway = false;
      const items = await ended(done);
      const counts = outcomes(items);
      // A create that hung and was given up may stand in doubt; nothing else may be lost.
      const doubtful = items.filter(({ warnings = [] }) =>
        warnings.some(({ code }) => code === 'CREATION_UNCERTAIN'),
      );
      expect({ ...counts, failed: counts['failed'] ?? 0 }).toEqual({
        created: signals - doubtful.length,
        failed: doubtful.length,
      });
      if (how !== 'hangs') expect(doubtful).toEqual([]);
      expect(guard.outages).toBe(1);
      expect(await requestsOnce()).toBe(signals - doubtful.length);
      // A release that was not answered leaves its lease, and says so; by now it has expired, or is named.
      const left = heldLocks.left(clock.now()).map(({ leaseName }) => leaseName);
      expect(left).toEqual(expect.arrayContaining(await standingLeases()));
    },
  );

  it.each(places)('loses the answers from request %i on: no request is made twice', async (after) => {
    const { server, all } = await start('does it and loses the answer', { after });
    const done = all();
    await pass(20_000);
    server.isAway = false;
    const items = await ended(done);
    expect(items).toHaveLength(signals);
    expect(items.filter(({ outcome }) => outcome !== 'created' && outcome !== 'duplicate')).toEqual([]);
    expect(await requestsOnce()).toBe(signals);
  });

  it.each(['refuses connections', 'hangs'])(
    '%s and stays away: what was not begun is not run, and no item is missing',
    async (how) => {
      const { guard, run, server, all } = await start(how);
      const startedMs = clock.monotonicMs();
      const items = await ended(all());
      expect(guard.gaveUp.aborted).toBe(true);
      expect(clock.monotonicMs() - startedMs).toBeLessThan(75_000);
      const counts = outcomes(items);
      expect(items.map(({ source }) => source.document)).toEqual(
        Array.from({ length: signals }, (_, nth) => nth),
      );
      expect(counts['failed'] ?? 0).toBeLessThanOrEqual(4);
      expect(counts['notRun']).toBeGreaterThan(15);
      expect(run.summary).toMatchObject({ total: signals, notRun: counts['notRun'] });
      server.isAway = false;
      expect(await requestsOnce()).toBe(counts['created'] ?? 0);
    },
  );

  it('names the locks that could not be let go, until they expire', async () => {
    const { heldLocks, all } = await start('refuses connections', { after: 51, giveUpAfterMs: 2_000 });
    await ended(all());
    const left = heldLocks.left(clock.now()).map(({ leaseName }) => leaseName);
    const standing = await standingLeases();
    expect(standing).not.toEqual([]);
    expect(left).toEqual(expect.arrayContaining(standing));
    expect(heldLocks.left(clock.now() + 31_000)).toEqual([]);
  });

  it('reads no further while it is waited for', async () => {
    const { server, all, stop } = await start('hangs', { giveUpAfterMs: 600_000 });
    const done = all();
    await pass(40_000);
    const { read } = server;
    await pass(400_000);
    expect(server.read).toBe(read);
    stop.abort('stopped');
    const stoppedMs = clock.monotonicMs();
    await ended(done);
    expect(clock.monotonicMs() - stoppedMs).toBeLessThan(1_000);
  });

  it('is not waited for where one signal alone goes unanswered', async () => {
    const { guard, server, all } = await start('hangs', { after: Infinity });
    const slow = fingerprintOf('app-7').slice(0, 16);
    const { direct } = bench;
    bench.direct = (request) =>
      request.method === 'POST' && (request.body ?? '').includes(slow)
        ? (away['hangs']?.(request, direct) ?? direct(request))
        : direct(request);
    const items = await ended(all());
    expect([guard.outages, server.isAway]).toEqual([0, false]);
    expect(outcomes(items)).toEqual({ created: signals - 1, failed: 1 });
  });
});
