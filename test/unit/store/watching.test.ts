import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  lease,
  leases,
  remediationRequest,
  requests,
  StoreUnderTest,
  type Json,
} from './store-under-test.ts';

let api: StoreUnderTest;
let stop: AbortController;

beforeEach(async () => {
  api = await StoreUnderTest.open();
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await api.close();
});

async function watch(from: StoreUnderTest, query: string): Promise<AsyncGenerator<Json>> {
  const path = `${requests}?watch=true&${query}`;
  const answer = await from.store.send({ method: 'GET', path, stream: true, signal: stop.signal });
  expect(answer.status).toBe(200);
  return (async function* () {
    let rest = '';
    for await (const chunk of answer.body) {
      const lines = (rest + Buffer.from(chunk).toString('utf8')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as Json;
    }
  })();
}

async function next(events: AsyncGenerator<Json>): Promise<string> {
  const { value } = (await events.next()) as { value: Json | undefined };
  if (value === undefined) return 'end';
  const name = value['object']?.['metadata']?.['name'];
  return `${JSON.stringify(value['type'])} ${JSON.stringify(name)}`.replaceAll('"', '');
}

describe('a watch', () => {
  it('sees the writes of another connection', async () => {
    const other = await StoreUnderTest.open(api.directory);
    const events = await watch(api, `resourceVersion=${api.store.info().resourceVersion}`);
    const pending = next(events);
    await other.post(requests, remediationRequest('a'));
    expect(await pending).toBe('ADDED a');
    await other.patch(`${requests}/a/status`, { status: { overallPhase: 'Pending' } });
    await other.remove(`${requests}/a`);
    expect([await next(events), await next(events)]).toEqual(['MODIFIED a', 'DELETED a']);
    await other.store.close();
  });

  it('shows what two connections write by turns, and a third reads it alike', async () => {
    const other = await StoreUnderTest.open(api.directory);
    const third = await StoreUnderTest.open(api.directory);
    const from = `resourceVersion=${api.store.info().resourceVersion}`;
    const watches = [await watch(api, from), await watch(other, from), await watch(third, from)];
    const seen = watches.map(async (events) => {
      const lines: unknown[] = [];
      for (let index = 0; index < 60; index += 1) {
        const { value } = (await events.next()) as { value: Json };
        lines.push([value['type'], value['object']]);
      }
      return lines;
    });
    for (let index = 0; index < 15; index += 1) {
      const [one, two] = index % 3 === 0 ? [other, api] : [api, other];
      await one.post(requests, remediationRequest(`r${index}`));
      await two.post(requests, remediationRequest(`s${index}`));
      await one.post(leases, lease(`l${index}`));
      await one.patch(`${requests}/s${index}/status`, { status: { overallPhase: 'Pending' } });
      await Promise.all([one.remove(`${requests}/r${index}`), two.remove(`${leases}/l${index}`)]);
    }
    const [own, others, thirds] = await Promise.all(seen);
    const versions = (own as [string, Json][]).map(([, object]) =>
      Number(object['metadata']?.['resourceVersion']),
    );
    expect(versions).toEqual([...versions].sort((left, right) => left - right));
    expect(new Set(versions).size).toBe(60);
    expect(others).toEqual(own);
    expect(thirds).toEqual(own);
    await other.store.close();
    await third.store.close();
  });

  it('shows all of a write that is too much to be remembered', async () => {
    const events = await watch(api, `resourceVersion=${api.store.info().resourceVersion}`);
    const originalPayload = 'x'.repeat(900_000);
    await Promise.all(
      ['a', 'b', 'c'].map((name) => api.post(requests, remediationRequest(name, { originalPayload }))),
    );
    await api.remove(`${requests}/b`);
    const seen = [await next(events), await next(events), await next(events), await next(events)];
    expect(seen).toEqual(['ADDED a', 'ADDED b', 'ADDED c', 'DELETED b']);
  });

  it('misses nothing and repeats nothing while the initial objects are still being read', async () => {
    const filling = 'x'.repeat(60_000);
    for (let index = 0; index < 30; index += 1) {
      await api.post(requests, remediationRequest(`r${index}`, { originalPayload: filling }));
    }
    const events = await watch(api, '');
    const seen = [await next(events)];
    await api.remove(`${requests}/r9`);
    await api.post(requests, remediationRequest('s'));
    while (seen.length < 32) seen.push(await next(events));
    expect(new Set(seen).size).toBe(32);
    expect(seen.slice(30)).toEqual(['DELETED r9', 'ADDED s']);
  });

  it('ends with 410 when the history that it has not read is gone', async () => {
    const events = await watch(api, 'resourceVersion=1');
    await api.post(requests, remediationRequest('a'));
    api.store.dropHistory();
    const { value } = (await events.next()) as { value: Json };
    expect(value).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    expect(await next(events)).toBe('end');
  });

  it('ends when the store closes', async () => {
    const other = await StoreUnderTest.open(api.directory);
    const events = await watch(other, `resourceVersion=${other.store.info().resourceVersion}`);
    const pending = next(events);
    await other.store.close();
    expect(await pending).toBe('end');
  });

  it('shows each state of an object that changed several times before it was read', async () => {
    const start = api.store.info().resourceVersion;
    await api.post(requests, remediationRequest('a'));
    for (const overallPhase of ['Pending', 'Processing', 'Completed']) {
      await api.patch(`${requests}/a/status`, { status: { overallPhase } });
    }
    const events = await watch(api, `resourceVersion=${start}`);
    const phases: unknown[] = [];
    for (let index = 0; index < 4; index += 1) {
      const { value } = (await events.next()) as { value: Json };
      phases.push(value['object']?.['status']?.['overallPhase']);
    }
    expect(phases).toEqual([undefined, 'Pending', 'Processing', 'Completed']);
  });
});
