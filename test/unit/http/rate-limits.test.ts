import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemoteError } from '../../../src/http/remote-error.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import type { Fault } from '../../support/remote-systems/fault.ts';
import { startRemoteSystems, type FakeRemoteSystems } from '../../support/remote-systems/remote-systems.ts';
import { testClients, thrownBy, type TestClients } from '../../support/remote-systems/test-clients.ts';

const lastOfTheWindow: Fault = {
  kind: 'status',
  status: 200,
  headers: { 'ratelimit-remaining': '0', 'ratelimit-reset': '20' },
  body: { notes: [] },
};
const limited: Fault = { kind: 'status', status: 429, headers: { 'ratelimit-reset': '20' } };

let systems: FakeRemoteSystems;
let clients: TestClients;
let clock: MockClock;
let waits: { waitMs: number; why: string }[];

beforeEach(async () => {
  systems = await startRemoteSystems();
  systems.pagerDuty.addIncident({ id: 'Q1' });
  systems.ocm.addCluster({ id: 'c1' });
  clock = new MockClock();
  waits = [];
  clients = testClients(systems, { clock });
});
afterEach(async () => {
  await clients.http.close();
  await systems.stop();
});

const onHeld = (waitMs: number, why: string): void => void waits.push({ waitMs, why });
const sent = (): number => systems.pagerDuty.server.calls.length;

/** Real time for requests over real sockets; the clients' clock stands still. */
async function aWhile(): Promise<void> {
  await new RealClock().sleep(50);
}

it('a refusal says how long the system asks to be left alone', async () => {
  systems.pagerDuty.server.failOn('GET', limited);
  const refused = await thrownBy(() => clients.pagerDuty.listNotes('Q1'));
  expect(refused).toMatchObject({ httpStatus: 429, hint: 'It asks to be left alone for 20 s.' });
});

describe('requests to a system whose allowance is used up', () => {
  it('leave after its reset, none of them before', async () => {
    systems.pagerDuty.server.failOn('GET', lastOfTheWindow);
    await clients.pagerDuty.listNotes('Q1');
    const answers = Promise.all([1, 2, 3].map(() => clients.pagerDuty.getIncident('Q1', { onHeld })));
    await aWhile();
    await clock.advance(19_999);
    await aWhile();
    expect(sent()).toBe(1);
    expect(waits).toHaveLength(3);
    await clock.advance(2_001);
    expect(await answers).toHaveLength(3);
    expect(sent()).toBe(4);
  });

  it('wait for the 429 that another request was given, and do not hold up other systems', async () => {
    systems.pagerDuty.server.failOn('GET', limited);
    expect(await thrownBy(() => clients.pagerDuty.listNotes('Q1'))).toMatchObject({ httpStatus: 429 });
    const answer = clients.pagerDuty.getIncident('Q1', { onHeld });
    expect(await clients.ocm.getCluster('c1', { onHeld })).toMatchObject({ id: 'c1' });
    expect(sent()).toBe(1);
    await clock.advance(22_000);
    expect(await answer).toMatchObject({ id: 'Q1' });
    expect(waits.map(({ why }) => why)).toEqual(['the rate limit of PagerDuty is used up']);
    expect(waits[0]?.waitMs).toBeGreaterThanOrEqual(20_000);
  });

  it.each(['signal', 'hold'] as const)(
    'are given up while they wait when their %s says so, unwritten and unsent',
    async (name) => {
      systems.pagerDuty.server.failOn('GET', limited);
      await thrownBy(() => clients.pagerDuty.listNotes('Q1'));
      const stop = new AbortController();
      const written: unknown[] = [];
      const beforeSend = (request: unknown): void => void written.push(request);
      const thrown = thrownBy(() =>
        clients.pagerDuty.createNote('Q1', 'text', { [name]: stop.signal, beforeSend }),
      );
      await aWhile();
      stop.abort();
      const error = await thrown;
      expect(error).toBeInstanceOf(RemoteError);
      expect(error).toMatchObject({ code: 'ABORTED' });
      expect([written, sent(), clock.sleepers]).toEqual([[], 1, 0]);
    },
  );

  it('are not held by a hold once they have left', async () => {
    const hold = new AbortController();
    const answer = clients.pagerDuty.getIncident('Q1', {
      hold: hold.signal,
      beforeSend: () => {
        hold.abort();
      },
    });
    expect(await answer).toMatchObject({ id: 'Q1' });
  });

  it('are given up when the connections are closed', async () => {
    systems.sso.server.failOn('POST', limited);
    await thrownBy(() => clients.ocm.getCluster('c1'));
    const thrown = thrownBy(() => clients.ocm.getCluster('c1'));
    await aWhile();
    expect(systems.sso.server.calls).toHaveLength(1);
    await clients.http.close();
    expect(await thrown).toMatchObject({ code: 'ABORTED', system: 'sso' });
    expect(clock.sleepers).toBe(0);
  });
});
