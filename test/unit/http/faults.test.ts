import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { RemoteError, UnknownOutcomeError } from '../../../src/http/remote-error.ts';
import type { CallOptions } from '../../../src/http/remote-request.ts';
import type { NewServiceLog } from '../../../src/ocm/ocm-requests.ts';
import { classifyFailure } from '../../../src/retry/classify.ts';
import { faults, type FaultName } from '../../support/remote-systems/fault.ts';
import type { FakeServer } from '../../support/remote-systems/fake-server.ts';
import { startRemoteSystems, type FakeRemoteSystems } from '../../support/remote-systems/remote-systems.ts';
import { testClients, thrownBy, type TestClients } from '../../support/remote-systems/test-clients.ts';

let systems: FakeRemoteSystems;
let clients: TestClients;

/** Time enough for the request to arrive, also through prism. */
const stallTimeoutMs = inject('prismLines') === undefined ? 300 : 700;

/** Short only where a stall is met: a busy machine takes its time for everything else. */
async function withTimeout(name: string): Promise<void> {
  await clients.http.close();
  clients = testClients(systems, name.includes('stall') ? { timeoutMs: stallTimeoutMs } : {});
}

beforeAll(async () => {
  systems = await startRemoteSystems();
});
beforeEach(() => {
  clients = testClients(systems);
  systems.pagerDuty.addIncident({ id: 'Q1' });
  systems.ocm.addCluster({ id: 'c1' });
});
afterEach(async () => {
  await clients.http.close();
  for (const fake of [systems.pagerDuty, systems.ocm, systems.backplane, systems.sso]) fake.server.calmDown();
  systems.pagerDuty.notes.length = 0;
  systems.ocm.serviceLogs.length = 0;
  systems.ocm.reasons.length = 0;
  systems.backplane.reports.length = 0;
});
afterAll(() => systems.stop());

const log: NewServiceLog = {
  clusterId: 'c1',
  severity: 'Info',
  serviceName: 'SREManualAction',
  summary: 'a summary',
  description: '',
  internalOnly: false,
};

interface Write {
  readonly match: string;
  readonly server: () => FakeServer;
  readonly call: (options?: CallOptions) => Promise<unknown>;
  readonly effects: () => number;
}

const writes: Record<string, Write> = {
  note: {
    match: 'POST /incidents/Q1/notes',
    server: () => systems.pagerDuty.server,
    call: (options) => clients.pagerDuty.createNote('Q1', 'a note', options),
    effects: () => systems.pagerDuty.notes.length,
  },
  incident: {
    match: 'PUT /incidents/Q1',
    server: () => systems.pagerDuty.server,
    call: (options) => clients.pagerDuty.updateIncident('Q1', { title: 'changed' }, options),
    effects: () => (systems.pagerDuty.incidents.get('Q1')?.title === 'changed' ? 1 : 0),
  },
  'service log': {
    match: 'POST /api/service_logs',
    server: () => systems.ocm.server,
    call: (options) => clients.ocm.createServiceLog(log, options),
    effects: () => systems.ocm.serviceLogs.length,
  },
  'limited support': {
    match: 'POST /api/clusters_mgmt',
    server: () => systems.ocm.server,
    call: (options) => clients.ocm.createLimitedSupport('c1', { summary: 's', details: 'd' }, options),
    effects: () => systems.ocm.reasons.length,
  },
  report: {
    match: 'POST /backplane',
    server: () => systems.backplane.server,
    call: (options) => clients.backplane.createReport('c1', { summary: 's', data: 'd' }, options),
    effects: () => systems.backplane.reports.length,
  },
};

type Verdict =
  | { outcome: 'done' }
  | { outcome: 'unknown'; httpStatus?: number | 'expected'; errno?: string }
  | { outcome: 'refused'; httpStatus: number; retryAfterMs?: number };

/** What a write that meets the fault is; whether it took effect is the fault's own `effect`. */
const verdicts: Record<FaultName, Verdict> = {
  '429 with reset': { outcome: 'refused', httpStatus: 429, retryAfterMs: 7_000 },
  '429 without reset': { outcome: 'refused', httpStatus: 429 },
  '500 before the effect': { outcome: 'unknown', httpStatus: 500 },
  '500 after the effect': { outcome: 'unknown', httpStatus: 500 },
  '502 HTML page': { outcome: 'unknown', httpStatus: 502 },
  '503': { outcome: 'refused', httpStatus: 503 },
  '503 with Retry-After': { outcome: 'refused', httpStatus: 503, retryAfterMs: 3_000 },
  'reset before the effect': { outcome: 'unknown', errno: 'ECONNRESET' },
  'reset after the effect': { outcome: 'unknown', errno: 'ECONNRESET' },
  'stall before the effect': { outcome: 'unknown', errno: 'ETIMEDOUT' },
  'stall after the effect': { outcome: 'unknown', errno: 'ETIMEDOUT' },
  'truncated body': { outcome: 'unknown', httpStatus: 'expected', errno: 'ECONNRESET' },
  'stalled body': { outcome: 'unknown', httpStatus: 'expected', errno: 'ETIMEDOUT' },
  'wrong content type': { outcome: 'done' },
  'HTML instead of JSON': { outcome: 'unknown', httpStatus: 'expected' },
  'no body': { outcome: 'unknown', httpStatus: 'expected' },
};

const faultNames = Object.keys(verdicts) as FaultName[];

describe.each(Object.keys(writes))('a write of a %s', (name) => {
  const write = (): Write => {
    const found = writes[name];
    if (found === undefined) throw new Error(name);
    return found;
  };
  const doneStatus = name === 'note' || name === 'incident' ? 200 : 201;

  beforeEach(() => {
    systems.pagerDuty.addIncident({ id: 'Q1' });
  });

  it.each(faultNames)('meets %s in one attempt, and says what is known about it', async (faultName) => {
    const { match, server, call, effects } = write();
    const fault = faults[faultName];
    const verdict = verdicts[faultName];
    server().failOn(match, fault);
    await withTimeout(faultName);
    if (verdict.outcome === 'done') {
      await call();
    } else {
      const thrown = (await thrownBy(call)) as RemoteError;
      expect(thrown).toBeInstanceOf(RemoteError);
      expect(thrown instanceof UnknownOutcomeError).toBe(verdict.outcome === 'unknown');
      const { httpStatus } = verdict;
      expect(thrown.httpStatus).toBe(httpStatus === 'expected' ? doneStatus : httpStatus);
      if (verdict.outcome === 'unknown') {
        expect(thrown.code).toBe('OUTCOME_UNKNOWN');
        expect(thrown.errno).toBe(verdict.errno);
        expect(classifyFailure(thrown)).toMatchObject({ retryable: false });
      } else {
        expect(classifyFailure(thrown)).toEqual({
          type: verdict.httpStatus === 429 ? 'rate_limited' : 'service_unavailable',
          retryable: true,
          ...(verdict.retryAfterMs === undefined ? {} : { retryAfterMs: verdict.retryAfterMs }),
        });
      }
      expect(thrown.message).not.toMatch(/<html>|The proxy says/);
    }
    expect(server().calls).toHaveLength(1);
    expect(effects()).toBe('effect' in fault ? 1 : 0);
  });

  it('is no unknown outcome when nothing listens: not a byte has left', async () => {
    const alone = await startRemoteSystems();
    const dead = testClients(alone);
    alone.sso.expiresIn = 3_600;
    await dead.ocm.findClusters('x');
    await Promise.all([
      alone.pagerDuty.server.stop(),
      alone.ocm.server.stop(),
      alone.backplane.server.stop(),
    ]);
    const kept = clients;
    clients = dead;
    const thrown = await thrownBy(write().call);
    clients = kept;
    await Promise.all([dead.http.close(), alone.sso.server.stop()]);
    expect(thrown).not.toBeInstanceOf(UnknownOutcomeError);
    expect(thrown).toMatchObject({ code: 'UNREACHABLE', errno: 'ECONNREFUSED' });
    expect(classifyFailure(thrown)).toEqual({ type: 'network_error', retryable: true });
  });

  it('is an unknown outcome when its signal aborts after it has left, and none before', async () => {
    const { match, server, call, effects } = write();
    server().failOn(match, faults['stall after the effect']);
    const under = new AbortController();
    const left = thrownBy(() => call({ signal: under.signal }));
    await expect.poll(() => server().calls.length).toBe(1);
    under.abort(new Error('stopped by the test'));
    expect(await left).toBeInstanceOf(UnknownOutcomeError);
    expect(effects()).toBe(1);

    const gone = AbortSignal.abort(new Error('stopped before'));
    const journal: string[] = [];
    const never = await thrownBy(() => call({ signal: gone, beforeSend: () => void journal.push('sent') }));
    expect(never).toMatchObject({ code: 'ABORTED', cause: { message: 'stopped before' } });
    expect(journal).toEqual([]);
    expect(server().calls).toHaveLength(1);
  });

  it('is not sent when the journal cannot write', async () => {
    const { call, server } = write();
    const full = new Error('the disk is full');
    await expect(
      call({
        beforeSend: () => {
          throw full;
        },
      }),
    ).rejects.toBe(full);
    expect(server().calls).toHaveLength(0);
  });

  it('tells the journal what leaves, exactly, and the head of what comes', async () => {
    const { call, server } = write();
    const events: unknown[] = [];
    await call({
      beforeSend: async (sent) => {
        await Promise.resolve();
        events.push(sent.body, server().calls.length);
      },
      onAnswer: ({ httpStatus, requestId }) => void events.push(httpStatus, typeof requestId),
    });
    expect(events).toEqual([server().calls[0]?.text, 0, doneStatus, 'string']);
  });

  it.each([
    [302, 'REMOTE_ERROR', 'URL'],
    [400, 'REMOTE_ERROR', undefined],
    [401, 'CREDENTIALS_FAILED', 'OCM_TOKEN|credentials|API key'],
    [403, 'FORBIDDEN', 'may'],
    [404, 'NOT_FOUND', 'Check the id'],
    [501, 'REMOTE_ERROR', undefined],
  ])('has not happened when the answer is %i', async (status, code, hint) => {
    const { match, server, call } = write();
    server().failOn(match, { kind: 'status', status, headers: { location: server().url } });
    const thrown = await thrownBy(call);
    expect(thrown).toMatchObject({ code, httpStatus: status });
    expect((thrown as RemoteError).hint ?? '').toMatch(hint === undefined ? /^$/ : new RegExp(hint));
    expect(thrown).not.toBeInstanceOf(UnknownOutcomeError);
    expect(classifyFailure(thrown).retryable).toBe(false);
    expect(server().calls).toHaveLength(1);
  });

  it.each([doneStatus === 200 ? 201 : 200, 202, 204])('is open when the answer is %i', async (status) => {
    const { match, server, call } = write();
    server().failOn(match, { kind: 'status', status });
    expect(await thrownBy(call)).toBeInstanceOf(UnknownOutcomeError);
  });
});

describe('a read', () => {
  const reads: [string, string, () => FakeServer, () => Promise<unknown>][] = [
    [
      'an incident',
      'GET /incidents',
      () => systems.pagerDuty.server,
      () => clients.pagerDuty.getIncident('Q1'),
    ],
    ['notes', 'GET /incidents', () => systems.pagerDuty.server, () => clients.pagerDuty.listNotes('Q1')],
    ['a cluster', 'GET /api', () => systems.ocm.server, () => clients.ocm.getCluster('c1')],
    ['reasons', 'GET /api', () => systems.ocm.server, () => clients.ocm.listLimitedSupport('c1')],
    [
      'reports',
      'GET /backplane',
      () => systems.backplane.server,
      () => clients.backplane.listReports('c1', 5),
    ],
  ];

  it.each(reads)('of %s is never an unknown outcome', async (_name, match, server, call) => {
    for (const name of faultNames.filter((fault) => verdicts[fault].outcome !== 'done')) {
      server().failOn(match, faults[name]);
      await withTimeout(name);
      const thrown = await thrownBy(call);
      expect.soft(thrown, name).toBeInstanceOf(RemoteError);
      expect.soft(thrown, name).not.toBeInstanceOf(UnknownOutcomeError);
    }
    await withTimeout('none');
    await call();
  });

  it('ends when its answer grows too long', async () => {
    const small = testClients(systems, { maxBodyBytes: 64 });
    const thrown = await thrownBy(() => small.pagerDuty.getIncident('Q1'));
    await small.http.close();
    expect(thrown).toMatchObject({
      code: 'REMOTE_ERROR',
      message: expect.stringContaining('longer than 64 bytes') as string,
    });
  });
});
