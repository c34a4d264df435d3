/** The answer to the create is lost, somebody else acts, and only then the request is found to be ours. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IngestItem } from '../../../src/ingest/ingest-item.ts';
import { NetworkError } from '../../../src/kube/api-error.ts';
import {
  decideOnce,
  namespace,
  openStoreBench,
  runContext,
  shortened,
  withDecider,
} from '../../support/ingest-context.ts';
import type { StoreBench } from '../../support/ingest-context.ts';
import { refused } from '../../support/refused.ts';

const put = 'PUT remediationrequests/NAME/status';
const patch = 'PATCH remediationrequests/NAME/status';
const executing = { overallPhase: 'Executing', message: 'it is being worked on' };
const seenAt = '2026-08-22T12:00:30Z';

const ways = [
  { view: 'single', bulk: false, found: 'by the next attempt', settled: false },
  { view: 'single', bulk: false, found: 'by a look at its name', settled: true },
  { view: 'shared', bulk: true, found: 'by the next attempt', settled: false },
  { view: 'shared', bulk: true, found: 'by a look at its name', settled: true },
];

describe.each(ways)('a request of our own that is found $found, $view view', ({ bulk, settled }) => {
  let bench: StoreBench;

  beforeEach(async () => {
    bench = await openStoreBench();
  });

  afterEach(() => bench.close());

  /** The first POST takes effect without an answer; where it is to be settled, the next is refused for good. */
  async function create(meanwhile: () => Promise<unknown>, times = 1): Promise<IngestItem[]> {
    let posts = 0;
    bench.intercept = async (request, pass) => {
      if (shortened(request) !== 'POST remediationrequests') return pass(request);
      posts += 1;
      if (posts > 1) return settled ? refused(403, 'Forbidden') : pass(request);
      await pass(request);
      await meanwhile();
      throw new NetworkError('UNREACHABLE', 'read ECONNRESET', { errno: 'ECONNRESET' });
    };
    const context = await runContext(bench, { bulk });
    return withDecider(context, (decider) => decideOnce(decider, 'a', times));
  }

  async function setStatus(status: object): Promise<void> {
    const { kind } = await runContext({ ...bench, send: bench.direct, sent: [] });
    const { name } = (await stored()).metadata;
    await bench.objects.mergePatch(kind.resource, { namespace, name }, { status }, { subresource: 'status' });
  }

  async function stored() {
    const { kind } = await runContext({ ...bench, send: bench.direct, sent: [] });
    const { items } = await bench.objects.list(kind.resource, { namespace });
    expect(items).toHaveLength(1);
    return items[0]!;
  }

  async function anotherCounts(): Promise<void> {
    const direct = { ...bench, send: bench.direct, sent: [] };
    const context = await runContext(direct, { identity: { host: 'other', pid: 7 } });
    const [item] = await withDecider(context, (decider) => decideOnce(decider, 'a'));
    expect(item).toMatchObject({
      outcome: 'duplicate',
      deduplication: { occurrenceCount: 2, persisted: true },
    });
  }

  const statusWrites = (): string[] => bench.sent.filter((request) => request === put || request === patch);

  it('keeps the phase of a controller and the count of another writer, and writes nothing', async () => {
    const [item] = await create(async () => {
      await setStatus(executing);
      await anotherCounts();
    });
    expect(item).toMatchObject({
      outcome: 'created',
      deduplication: { occurrenceCount: 2, persisted: true },
    });
    expect((await stored())['status']).toMatchObject({ ...executing, deduplication: { occurrenceCount: 2 } });
    expect(statusWrites()).toEqual([]);
  });

  it('patches a count into the status of a controller', async () => {
    const [item] = await create(() => setStatus(executing));
    expect(item).toMatchObject({
      outcome: 'created',
      deduplication: { occurrenceCount: 1, persisted: true },
    });
    expect((await stored())['status']).toMatchObject({ ...executing, deduplication: { occurrenceCount: 1 } });
    expect(statusWrites()).toEqual([patch]);
  });

  it('leaves a request that is done by now as done', async () => {
    const [item] = await create(() => setStatus({ overallPhase: 'Completed' }));
    expect(item).toMatchObject({ outcome: 'created', deduplication: { persisted: true } });
    expect((await stored())['status']).toMatchObject({ overallPhase: 'Completed' });
  });

  it('adds the creation to what a gateway has counted', async () => {
    const deduplication = { occurrenceCount: 1, firstSeenAt: seenAt, lastSeenAt: seenAt };
    const [item] = await create(() => setStatus({ deduplication }));
    expect(item).toMatchObject({
      outcome: 'created',
      deduplication: { occurrenceCount: 2, persisted: true },
    });
    expect((await stored())['status']).toMatchObject({ deduplication: { occurrenceCount: 2 } });
  });

  it('counts the signals that wait with it on what was found', async () => {
    const items = await create(anotherCounts, 3);
    expect(items.map(({ outcome }) => outcome)).toEqual(['created', 'duplicate', 'duplicate']);
    expect(items.map(({ deduplication }) => deduplication?.occurrenceCount)).toEqual([2, 3, 4]);
    expect((await stored())['status']).toMatchObject({ deduplication: { occurrenceCount: 4 } });
  });

  it('reads again where somebody writes before its patch', async () => {
    let patches = 0;
    const creation = create(() => setStatus(executing));
    const lose = bench.intercept!;
    bench.intercept = async (request, pass) => {
      if (shortened(request) === patch && (patches += 1) === 1) await anotherCounts();
      return lose(request, pass);
    };
    const [item] = await creation;
    expect(item).toMatchObject({
      outcome: 'created',
      deduplication: { occurrenceCount: 2, persisted: true },
    });
    expect((await stored())['status']).toMatchObject({ ...executing, deduplication: { occurrenceCount: 2 } });
  });
});

describe('a request of our own whose create was answered', () => {
  let bench: StoreBench;

  beforeEach(async () => {
    bench = await openStoreBench();
  });

  afterEach(() => bench.close());

  it('is counted in where a gateway’s duplicate comes before its own count', async () => {
    const context = await runContext(bench);
    bench.intercept = async (request, pass) => {
      if (shortened(request) === put) {
        const name = /remediationrequests\/([^/]+)/.exec(request.path)?.[1] ?? '';
        const deduplication = { occurrenceCount: 1, firstSeenAt: seenAt, lastSeenAt: seenAt };
        const change = { status: { deduplication } };
        await bench.objects.mergePatch(context.kind.resource, { namespace, name }, change, {
          subresource: 'status',
        });
      }
      return pass(request);
    };
    const [item] = await withDecider(context, (decider) => decideOnce(decider, 'a'));
    expect(item).toMatchObject({
      outcome: 'created',
      deduplication: { occurrenceCount: 2, persisted: true },
    });
    expect(bench.sent.slice(-4).sort()).toEqual(
      ['DELETE leases/LOCK', 'GET remediationrequests/NAME', patch, put].sort(),
    );
  });
});
