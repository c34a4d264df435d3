import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RemoteError } from '../../../src/http/remote-error.ts';
import type { NewServiceLog } from '../../../src/ocm/ocm-requests.ts';
import { clusterSearch, quoteSearch, serviceLogSearch } from '../../../src/ocm/search-text.ts';
import { faults } from '../../support/remote-systems/fault.ts';
import { startRemoteSystems, type FakeRemoteSystems } from '../../support/remote-systems/remote-systems.ts';
import { testClients, thrownBy, type TestClients } from '../../support/remote-systems/test-clients.ts';

let systems: FakeRemoteSystems;
let clients: TestClients;
const externalId = '6e7f4c10-0000-4000-8000-000000000001';

beforeEach(async () => {
  systems = await startRemoteSystems();
  clients = testClients(systems);
  systems.ocm.addCluster({ id: 'c1', externalId });
});
afterEach(async () => {
  await clients.http.close();
  await systems.stop();
});

function log(fields: Partial<NewServiceLog> = {}): NewServiceLog {
  return {
    clusterId: 'c1',
    severity: 'Major',
    serviceName: 'SREManualAction',
    summary: 'Action required',
    description: '',
    internalOnly: false,
    ...fields,
  };
}

describe('a service log', () => {
  it('is sent with every field, the empty ones too', async () => {
    const { id } = await clients.ocm.createServiceLog(log());
    expect(id).toBe('log-1');
    expect(systems.ocm.server.calls).toMatchObject([
      {
        method: 'POST',
        path: '/api/service_logs/v1/cluster_logs',
        headers: { 'content-type': 'application/json' },
      },
    ]);
    expect(systems.ocm.server.calls[0]?.body).toEqual({
      kind: 'LogEntry',
      severity: 'Major',
      service_name: 'SREManualAction',
      summary: 'Action required',
      description: '',
      internal_only: false,
      cluster_id: 'c1',
    });
  });

  it.each([
    ['quotes', "it's ''quoted''"],
    ['an attempt to widen the search', "x' or summary like '%"],
    ['a backslash', "a\\' or 1=1 --"],
    ['wildcards', '100% of_it'],
    ['lines', 'a\nb\r\nc'],
    ['every reserved character of a URL', "&=+?#/%20 ;'"],
    ['astral characters', '🤖𐍈'],
    ['65,535 bytes', "'_%".repeat(21_845)],
    ['65,535 bytes without a wildcard', "'_x".repeat(21_845)],
  ])('is found by exactly its summary: %s', async (_name, summary) => {
    await clients.ocm.createServiceLog(log({ summary, description: 'mine' }));
    await clients.ocm.createServiceLog(log({ summary: `${summary}!` }));
    await clients.ocm.createServiceLog(log({ summary: 'other' }));
    const found = await clients.ocm.findServiceLogs(externalId, summary);
    expect(found.map(({ description }) => description)).toEqual(['mine']);
    expect(systems.ocm.server.calls.at(-1)?.path).toBe(
      `/api/service_logs/v1/clusters/${externalId}/cluster_logs`,
    );
  });

  it('is searched for with nothing but the search, and paged through where there are more', async () => {
    systems.ocm.defaultPageSize = 2;
    for (let index = 0; index < 5; index += 1) await clients.ocm.createServiceLog(log());
    systems.ocm.server.calmDown();
    expect(await clients.ocm.findServiceLogs(externalId, 'Action required')).toHaveLength(5);
    const search = "summary='Action required'";
    expect(systems.ocm.server.calls.map(({ query }) => query)).toEqual([
      { search },
      { search, order: 'created_at desc', page: '1', size: '100' },
    ]);
  });

  it('is found by the internal id where the cluster has got no other, and none of another cluster is', async () => {
    systems.ocm.addCluster({ id: 'failed', externalId: '' });
    await clients.ocm.createServiceLog(log({ clusterId: 'failed', description: 'mine' }));
    await clients.ocm.createServiceLog(log({ description: 'of another' }));
    systems.ocm.server.calmDown();
    const found = await clients.ocm.findServiceLogs({ clusterId: 'failed' }, 'Action required');
    expect(found.map(({ description }) => description)).toEqual(['mine']);
    expect(systems.ocm.server.calls.map(({ path, query }) => [path, query])).toEqual([
      [
        '/api/service_logs/v1/clusters/cluster_logs',
        { search: "summary='Action required'", cluster_id: 'failed' },
      ],
    ]);
  });

  it('of another cluster is dropped where the server does not look at the id', async () => {
    const items = ['failed', 'c1'].map((cluster_id) => ({
      summary: 'x',
      description: cluster_id,
      cluster_id,
    }));
    const body = { kind: 'List', items, page: 1, size: 2, total: 2 };
    systems.ocm.server.failOn('GET', { kind: 'status', status: 200, body });
    const found = await clients.ocm.findServiceLogs({ clusterId: 'failed' }, 'x');
    expect(found.map(({ description }) => description)).toEqual(['failed']);
  });

  it('is never searched for by an empty internal id', async () => {
    const search = clients.ocm.findServiceLogs({ clusterId: '' }, 'x');
    await expect(search).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it.each(['', ' ', '.', '..'])('is never searched for on every cluster: %j', async (id) => {
    await expect(clients.ocm.findServiceLogs(id, 'x')).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    expect(systems.ocm.server.calls).toEqual([]);
  });

  it('is not "not there" when the search fails', async () => {
    systems.ocm.server.failOn('GET', { kind: 'status', status: 500 });
    await expect(clients.ocm.findServiceLogs(externalId, 'x')).rejects.toMatchObject({ httpStatus: 500 });
    systems.ocm.server.failOn('GET', { kind: 'html', status: 200, effect: true });
    await expect(clients.ocm.findServiceLogs(externalId, 'x')).rejects.toMatchObject({
      code: 'REMOTE_ERROR',
    });
  });
});

describe('a search', () => {
  it.each([
    ['an error that comes with 200', { kind: 'Error', id: '500', reason: 'no' }],
    ['items of another kind', { items: 'none', total: 0 }],
    ['no items although there are some', { items: null, page: 1, size: 0, total: 3 }],
    ['no number of items', { items: [], total: '0' }],
  ])('is not "not there" either where the answer is %s', async (_name, body) => {
    const fault = { kind: 'status', status: 200, body } as const;
    systems.ocm.server.failOn('GET /api/', fault, 2);
    const search = await thrownBy(() => clients.ocm.findServiceLogs(externalId, 'x'));
    expect(search).toMatchObject({ code: 'REMOTE_ERROR', httpStatus: 200 });
    const list = await thrownBy(() => clients.ocm.listLimitedSupport('c1'));
    expect(list).toMatchObject({ code: 'REMOTE_ERROR', httpStatus: 200 });
  });

  it('is empty where the answer has neither items nor a total', async () => {
    systems.ocm.server.failOn('GET /api/', { kind: 'status', status: 200, body: { kind: 'List' } });
    expect(await clients.ocm.findServiceLogs(externalId, 'x')).toEqual([]);
  });

  it('is one literal whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const quoted = quoteSearch(text);
        expect(quoted.slice(1, -1).replaceAll("''", '')).not.toContain("'");
        expect(quoted.slice(1, -1).replaceAll("''", "'")).toBe(text);
      }),
    );
  });

  it('fits into a URL, and finds the whole summary by its beginning', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 3_000 }),
        (piece, count) => {
          const summary = piece.repeat(count);
          const search = serviceLogSearch(summary);
          expect(new URLSearchParams({ search }).toString().length).toBeLessThan(6_050);
          const [, literal = ''] = /^summary like '(.*)%'$/s.exec(search) ?? [];
          expect(literal).not.toContain('%');
          if (search.startsWith('summary like'))
            expect(summary.startsWith(literal.replaceAll("''", "'"))).toBe(true);
          else expect(search).toBe(`summary=${quoteSearch(summary)}`);
        },
      ),
      // quotes are doubled on their way
      {
        numRuns: 50,
        examples: [
          ["'", 1_029],
          ["'", 3_000],
          ["'%", 3_000],
        ],
      },
    );
  });

  it('of a cluster names all that it may go by', () => {
    expect(clusterSearch("o'c")).toBe(
      "(id like 'o''c' or external_id like 'o''c' or display_name like 'o''c')",
    );
  });
});

describe('a limited support reason', () => {
  it('is sent as found by hand, and listed with all others', async () => {
    for (let index = 0; index < 230; index += 1) {
      systems.ocm.reasons.push({ clusterId: 'c1', reason: { id: `r${index}`, summary: 's', details: 'd' } });
    }
    const made = await clients.ocm.createLimitedSupport('c1', { summary: 'a', details: 'b' });
    expect(made).toMatchObject({ id: 'reason-231', summary: 'a', details: 'b' });
    expect(systems.ocm.server.calls[0]).toMatchObject({
      method: 'POST',
      path: '/api/clusters_mgmt/v1/clusters/c1/limited_support_reasons',
    });
    expect(systems.ocm.server.calls[0]?.body).toEqual({
      kind: 'LimitedSupportReason',
      summary: 'a',
      details: 'b',
      detection_type: 'manual',
    });
    systems.ocm.server.calmDown();
    const all = await clients.ocm.listLimitedSupport('c1');
    expect(all).toHaveLength(231);
    expect(all.at(-1)).toMatchObject({ summary: 'a', details: 'b' });
    expect(systems.ocm.server.calls.map(({ query }) => query)).toEqual(
      ['1', '2', '3'].map((page) => ({ page, size: '100' })),
    );
  });

  it('of a cluster that is being uninstalled is refused in OCM’s own words', async () => {
    systems.ocm.addCluster({ id: 'c2', state: 'uninstalling' });
    const thrown = (await thrownBy(() =>
      clients.ocm.createLimitedSupport('c2', { summary: 's', details: 'd' }),
    )) as RemoteError;
    expect(thrown).toMatchObject({
      httpStatus: 400,
      remoteCode: 'CLUSTERS-MGMT-400',
      remoteMessages: ["Operation is not allowed for a cluster in 'uninstalling' state"],
    });
  });
});

describe('a cluster', () => {
  it('is read by its internal id', async () => {
    expect(await clients.ocm.getCluster('c1')).toEqual({
      id: 'c1',
      externalId,
      name: 'prod-east',
      product: 'rosa',
      state: 'ready',
    });
    await expect(clients.ocm.getCluster('c9')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is found by each of its names, and never by a name that only looks like it', async () => {
    systems.ocm.addCluster({ id: 'c2', externalId: 'e2', name: 'prod_east' });
    for (const name of ['c1', externalId, 'prod-east']) {
      expect((await clients.ocm.findClusters(name)).map(({ id }) => id)).toEqual(['c1']);
    }
    expect((await clients.ocm.findClusters('prod_east')).map(({ id }) => id)).toEqual(['c2']);
    expect(await clients.ocm.findClusters('%')).toEqual([]);
  });
});

describe('a refusal of OCM', () => {
  it.each([
    [{ kind: 'Error', id: '400', code: 'CLUSTERS-MGMT-400', reason: 'why' }, 'CLUSTERS-MGMT-400', ['why']],
    [{ kind: 'Error', id: 400, reason: 'why' }, '400', ['why']],
    [{}, undefined, []],
    ['text', undefined, []],
  ])('is an error whatever its body: %j', async (body, remoteCode, remoteMessages) => {
    systems.ocm.server.failOn('POST', { kind: 'status', status: 400, body });
    const thrown = await thrownBy(() => clients.ocm.createServiceLog(log()));
    expect(thrown).toMatchObject({ code: 'REMOTE_ERROR', httpStatus: 400, remoteCode, remoteMessages });
  });
});

describe('the question whether this account may create something', () => {
  const question = { action: 'create', resourceType: 'InternalServiceLog', clusterId: 'c1' } as const;

  it('is a POST whose answer is yes or no', async () => {
    expect(await clients.ocm.may(question)).toBe(true);
    systems.ocm.denied.add('InternalServiceLog');
    expect(await clients.ocm.may(question)).toBe(false);
    expect(await clients.ocm.may({ ...question, resourceType: 'ServiceLog' })).toBe(true);
    expect(systems.ocm.server.calls[0]).toMatchObject({
      method: 'POST',
      path: '/api/authorizations/v1/self_access_review',
      body: { action: 'create', resource_type: 'InternalServiceLog', cluster_id: 'c1' },
    });
  });

  it.each([
    ['500 before the effect', 'REMOTE_ERROR'],
    ['reset before the effect', 'UNREACHABLE'],
    ['truncated body', 'UNREACHABLE'],
    ['no body', 'REMOTE_ERROR'],
    ['HTML instead of JSON', 'REMOTE_ERROR'],
  ] as const)('changes nothing, so that %s leaves nothing open', async (fault, code) => {
    systems.ocm.server.failOn('POST', faults[fault]);
    expect(await thrownBy(() => clients.ocm.may(question))).toMatchObject({ code });
  });

  it.each([{}, { allowed: 'true' }, { allowed: null }, []])('takes %j for no answer', async (body) => {
    systems.ocm.server.failOn('POST', { kind: 'status', status: 200, body });
    expect(await thrownBy(() => clients.ocm.may(question))).toMatchObject({ code: 'REMOTE_ERROR' });
  });
});
