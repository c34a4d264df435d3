/**
 * Every request of the clients and every answer of the fakes, through prism, against the published documents. What the
 * documents leave open (OCM requires no field, a reference may be empty, prism checks nothing inside an answer's
 * incident) is held by the tests of the clients by hand.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BackplaneClient } from '../../src/backplane/backplane-client.ts';
import { UnknownOutcomeError } from '../../src/http/remote-error.ts';
import type { OcmClient } from '../../src/ocm/ocm-client.ts';
import type { PagerDutyClient } from '../../src/pagerduty/pagerduty-client.ts';
import { takeBreaches } from '../support/remote-systems/breaches.ts';
import { faults } from '../support/remote-systems/fault.ts';
import { pagerDutyToken, pagerDutyUser } from '../support/remote-systems/fake-pagerduty.ts';
import { hasPrism } from '../support/remote-systems/prism.ts';
import { startRemoteSystems, type FakeRemoteSystems } from '../support/remote-systems/remote-systems.ts';
import { testClients, thrownBy, type TestClients } from '../support/remote-systems/test-clients.ts';
import { hasShared } from '../support/shared.ts';

const log = {
  clusterId: 'c1',
  severity: 'Major',
  serviceName: 'SREManualAction',
  internalOnly: true,
} as const;
const externalId = '6e7f4c10-0000-4000-8000-000000000001';
const hostile = '\u0000\u001b[31m"\\ <b>*x*</b>\r\n🤖 ✅ \u2028&=+?#/%20 ;';

describe.skipIf(!hasShared || !hasPrism)('by the published documents', () => {
  let systems: FakeRemoteSystems;
  let clients: TestClients;
  let pagerDuty: PagerDutyClient;
  let ocm: OcmClient;
  let backplane: BackplaneClient;

  beforeAll(async () => {
    systems = await startRemoteSystems();
    clients = testClients(systems);
    ({ pagerDuty, ocm, backplane } = clients);
    const alerts = Array.from({ length: 130 }, (_, index) => ({
      id: `A${index}`,
      details: { cluster_id: 'c1' },
    }));
    systems.pagerDuty.addIncident({ id: 'Q1', alerts });
    systems.pagerDuty.addIncident({ id: 'QDONE', status: 'resolved' });
    systems.ocm.addCluster({ id: 'c1', externalId });
    systems.ocm.addCluster({ id: 'c2', externalId: 'e2', name: 'going', state: 'uninstalling' });
  });
  afterEach(async () => {
    for (const fake of [systems.pagerDuty, systems.ocm, systems.backplane]) fake.server.calmDown();
    // a client keeps to the rate limit that a test has told it of
    await clients.http.close();
    clients = testClients(systems);
    ({ pagerDuty, ocm, backplane } = clients);
  });
  afterAll(async () => {
    await clients.http.close();
    await systems.stop();
  });

  describe('prism itself', () => {
    it('refuses a request that breaks the document, and the fake never sees it', async () => {
      const broken = await fetch(`${systems.pagerDuty.server.url}/incidents/Q1`, {
        method: 'PUT',
        headers: { authorization: 'Token token=x', 'content-type': 'application/json' },
        body: '{"incident":{"type":"nonsense"}}',
      });
      expect(broken.status).toBe(422);
      expect(systems.pagerDuty.server.calls).toEqual([]);
      expect(takeBreaches()).toEqual([
        expect.stringMatching(/^PUT \/incidents\/Q1: prism itself answers 422: .*"body","incident","type"/),
      ]);
    });

    it('refuses a path that is in no document', async () => {
      expect((await fetch(`${systems.backplane.server.url}/backplane/nonsense`)).status).toBe(404);
      expect(takeBreaches()).toEqual([expect.stringContaining('prism itself answers 404')]);
    });

    it('turns an answer that breaks the document into a 500', async () => {
      systems.pagerDuty.escalationPolicies.set('PBAD', 3 as never);
      expect(await thrownBy(() => pagerDuty.getEscalationPolicy('PBAD'))).toMatchObject({ httpStatus: 500 });
      expect(takeBreaches().join('\n')).toMatch(/response\.body\.escalation_policy.*string/);
    });

    it('lets an answer through that is broken on purpose, and still holds its request against the document', async () => {
      systems.pagerDuty.server.failOn('GET', { kind: 'status', status: 200, body: { notes: 3 } });
      expect(await thrownBy(() => pagerDuty.listNotes('Q1'))).toMatchObject({
        httpStatus: 200,
        code: 'REMOTE_ERROR',
      });
      systems.pagerDuty.server.failOn('PUT', { kind: 'no body' });
      await fetch(`${systems.pagerDuty.server.url}/incidents/Q1`, { method: 'PUT', body: '{}' });
      expect(takeBreaches().join('\n')).toMatch(/^PUT \/incidents\/Q1: request/m);
    });
  });

  describe('the documents leave open, and the clients do not', () => {
    const request = (base: string, path: string, method: string, body: unknown): Promise<Response> =>
      fetch(base + path, {
        method,
        headers: {
          authorization: base === systems.pagerDuty.server.url ? `Token token=${pagerDutyToken}` : bearer(),
          accept: 'application/vnd.pagerduty+json;version=2',
          from: pagerDutyUser,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      });
    const bearer = (): string => `Bearer ${systems.sso.granted.at(-1) ?? ''}`;

    it('an escalation policy that is empty', async () => {
      const body = { incident: { type: 'incident_reference', escalation_policy: {} } };
      await request(systems.pagerDuty.server.url, '/incidents/Q1', 'PUT', body);
      expect(systems.pagerDuty.server.calls).toMatchObject([{ body }]);
      const empty = thrownBy(() => pagerDuty.updateIncident('Q1', { escalationPolicy: '' }));
      expect(await empty).toMatchObject({ code: 'INVALID_OPTION' });
    });

    it('a service log and a limited support reason with nothing in them', async () => {
      await ocm.getCluster('c1');
      const logs = '/api/service_logs/v1/cluster_logs';
      const reasons = '/api/clusters_mgmt/v1/clusters/c2/limited_support_reasons';
      for (const path of [logs, reasons]) await request(systems.ocm.server.url, path, 'POST', {});
      expect(systems.ocm.server.calls.slice(1)).toMatchObject([
        { path: logs, body: {} },
        { path: reasons, body: {} },
      ]);
      systems.ocm.server.calmDown();
      await ocm.createServiceLog({ ...log, summary: 's', description: 'd' });
      await ocm.createLimitedSupport('c1', { summary: 's', details: 'd' });
      expect(systems.ocm.server.calls.map(({ body }) => body)).toStrictEqual([
        {
          kind: 'LogEntry',
          severity: 'Major',
          service_name: 'SREManualAction',
          summary: 's',
          description: 'd',
          internal_only: true,
          cluster_id: 'c1',
        },
        { kind: 'LimitedSupportReason', summary: 's', details: 'd', detection_type: 'manual' },
      ]);
      systems.ocm.reasons.length = 0;
    });

    it.each(['id', 'title'])('an incident without %s', async (field) => {
      systems.pagerDuty.incidents.set('QBARE', {
        ...systems.pagerDuty.addIncident({ id: 'QBARE' }),
        [field]: undefined,
      });
      expect(await thrownBy(() => pagerDuty.getIncident('QBARE'))).toMatchObject({
        code: 'REMOTE_ERROR',
        httpStatus: 200,
      });
    });

    it('a cluster without anything but its id', async () => {
      const bare = { externalId: undefined, name: undefined, product: undefined, state: undefined };
      systems.ocm.clusters.set('c9', { id: 'c9', ...bare } as never);
      expect(await ocm.getCluster('c9')).toStrictEqual({ id: 'c9' });
    });

    it('what is in an error whose status they do not name: it is as in those that they do', () => {
      for (const status of [400, 401, 403, 404, 406, 429, 500, 502, 503]) {
        expect(systems.pagerDuty.errorBody(status)).toStrictEqual({
          error: { code: expect.any(Number) as number, message: expect.any(String) as string, errors: [] },
        });
        expect(systems.backplane.errorBody(status)).toStrictEqual({
          statusCode: status,
          message: expect.any(String) as string,
        });
      }
    });
  });

  it('an incident is read, changed in every way, and refused when it is resolved', async () => {
    await pagerDuty.updateIncident('Q1', { title: `[CUST] ${hostile}` });
    await pagerDuty.updateIncident('Q1', { escalationLevel: 2 });
    await pagerDuty.updateIncident('Q1', { escalationPolicy: 'PSILENT' });
    await pagerDuty.updateIncident('Q1', { status: 'acknowledged' });
    expect(await pagerDuty.getIncident('Q1')).toMatchObject({
      title: `[CUST] ${hostile}`,
      status: 'acknowledged',
      escalationPolicyId: 'PSILENT',
    });
    expect(systems.pagerDuty.server.calls).toHaveLength(5);
    expect(await thrownBy(() => pagerDuty.updateIncident('QDONE', { title: 'x' }))).toMatchObject({
      httpStatus: 400,
      remoteMessages: ['Invalid Input Provided', 'Incident Already Resolved'],
    });
    expect(await pagerDuty.getEscalationPolicy('PSILENT1')).toStrictEqual({ id: 'PSILENT1', name: 'Silent' });
    await expect(pagerDuty.getIncident('QNONE')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each(['a note', hostile, 'ü'.repeat(32_767)])('a note is written and read: %.20s', async (content) => {
    const { id } = await pagerDuty.createNote('Q1', content);
    const notes = await pagerDuty.listNotes('Q1');
    expect(notes.find((note) => note.id === id)?.content).toBe(content);
  });

  it('users are read to the last page', async () => {
    const [user] = systems.pagerDuty.users;
    const others = Array.from({ length: 120 }, (_, index) => ({
      id: `PU${index}`,
      name: `sre ${index}`,
      email: `sre-${index}@example.com`,
      role: 'read_only_limited_user',
    }));
    systems.pagerDuty.users.unshift(...others);
    const found = [];
    for await (const { email } of pagerDuty.findUsers('sre')) found.push(email);
    expect([found.length, found.at(-1), systems.pagerDuty.server.calls.length]).toEqual([
      121,
      user?.email,
      2,
    ]);
  });

  it('alerts are read to the last page', async () => {
    let count = 0;
    for await (const { details } of pagerDuty.listAlerts('Q1')) {
      expect(details).toEqual({ cluster_id: 'c1' });
      count += 1;
    }
    expect([count, systems.pagerDuty.server.calls.length]).toEqual([130, 2]);
  });

  it.each(['Action required', "it's ''quoted''", hostile])(
    'a service log is sent and found: %j',
    async (summary) => {
      await ocm.createServiceLog({ ...log, summary, description: hostile });
      const [found] = await ocm.findServiceLogs(externalId, summary);
      expect(found).toMatchObject({
        summary,
        description: hostile,
        severity: 'Major',
        internalOnly: true,
      });
    },
  );

  it('service logs are paged through', async () => {
    systems.ocm.defaultPageSize = 1;
    for (const description of ['1', '2', '3']) {
      await ocm.createServiceLog({ ...log, summary: 'paged', description });
    }
    expect(await ocm.findServiceLogs(externalId, 'paged')).toHaveLength(3);
    systems.ocm.defaultPageSize = 100;
  });

  it('a limited support reason is set, listed, and refused of a cluster that is going away', async () => {
    await ocm.createLimitedSupport('c1', { summary: hostile, details: 'details' });
    expect(await ocm.listLimitedSupport('c1')).toMatchObject([{ summary: hostile, details: 'details' }]);
    expect(
      await thrownBy(() => ocm.createLimitedSupport('c2', { summary: 's', details: 'd' })),
    ).toMatchObject({ httpStatus: 400, remoteMessages: [expect.stringContaining('uninstalling')] });
  });

  it('a cluster is read and searched for', async () => {
    expect(await ocm.getCluster('c1')).toMatchObject({ id: 'c1', externalId, product: 'rosa' });
    expect(await ocm.findClusters("o'c")).toEqual([]);
    expect(await ocm.findClusters(externalId)).toMatchObject([{ id: 'c1' }]);
  });

  it('a report is made, listed and read', async () => {
    const { reportId } = await backplane.createReport('c1', { summary: hostile, data: hostile });
    expect(await backplane.listReports('c1', 10)).toMatchObject([{ reportId, summary: hostile }]);
    expect(await backplane.getReport('c1', reportId)).toMatchObject({ data: hostile });
    await expect(backplane.getReport('c1', 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each(['429 with reset', '429 without reset'] as const)('PagerDuty says %s through it', async (name) => {
    systems.pagerDuty.server.failOn('PUT', faults[name]);
    const thrown = await thrownBy(() => pagerDuty.updateIncident('Q1', { title: 'x' }));
    expect(thrown).toMatchObject({
      httpStatus: 429,
      retryAfterSeconds: name === '429 with reset' ? 7 : undefined,
    });
  });

  it.each([429, 500, 503])('OCM says %i through it', async (status) => {
    systems.ocm.server.failOn('POST', { kind: 'status', status });
    const thrown = await thrownBy(() => ocm.createLimitedSupport('c1', { summary: 's', details: 'd' }));
    expect(thrown).toMatchObject({ httpStatus: status, remoteCode: `CLUSTERS-MGMT-${status}` });
    expect(thrown instanceof UnknownOutcomeError).toBe(status === 500);
  });

  it.each([400, 403, 500])('Backplane says %i through it', async (status) => {
    systems.backplane.server.failOn('POST', { kind: 'status', status });
    const thrown = await thrownBy(() => backplane.createReport('c1', { summary: 's', data: 'd' }));
    expect(thrown).toMatchObject({ httpStatus: status, remoteMessages: [`the fake answers ${status}`] });
  });
});
