import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterId, incidentId, PlanBench, planText, silencing } from '../plan-run/plan-file.ts';

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
});
afterEach(async () => {
  await bench.stop();
});

interface Validated {
  readonly messages: string[];
  readonly fields: string[];
  readonly stderr: string;
}

async function validate(text: string): Promise<Validated> {
  const file = await bench.write('plan.yaml', text);
  const { exitCode, stdout, stderr } = await bench.run('plan', 'validate', file, '--online', '-o', 'json');
  const { problems } = JSON.parse(stdout) as { problems: { message: string; field: string }[] };
  expect(exitCode).toBe(problems.length === 0 ? 0 : 2);
  return {
    messages: problems.map(({ message }) => message),
    fields: problems.map(({ field }) => field),
    stderr,
  };
}

async function messages(text: string): Promise<string[]> {
  return (await validate(text)).messages;
}

/** Every request that the systems have seen, without queries. */
function asked(): string[] {
  const { ocm, pagerDuty, backplane } = bench.systems;
  const calls = [ocm, pagerDuty, backplane].flatMap(({ server }) => server.calls);
  return calls.map(({ method, path }) => `${method} ${path}`).sort();
}

const text = planText(silencing);

describe('plan validate --online', () => {
  it('finds nothing where the cluster is meant and the incident open, and writes nothing', async () => {
    expect(await messages(text)).toStrictEqual([]);
    expect(asked()).toStrictEqual([
      `GET /api/clusters_mgmt/v1/clusters/${clusterId}`,
      `GET /backplane/cluster/${clusterId}/reports`,
      'GET /escalation_policies/PSILENT1',
      `GET /incidents/${incidentId}`,
      `GET /incidents/${incidentId}/alerts`,
      'GET /users',
      'GET /users/me',
      'POST /api/authorizations/v1/self_access_review',
    ]);
    expect(bench.effects()).toMatchObject({ limitedSupports: 0, serviceLogs: 0, reports: 0, notes: 0 });
  });

  it('names a cluster that is another one or goes away, and an incident that is resolved', async () => {
    bench.systems.ocm.addCluster({
      id: clusterId,
      externalId: 'other',
      product: 'osd',
      state: 'uninstalling',
    });
    bench.systems.pagerDuty.addIncident({ id: incidentId, status: 'resolved' });
    expect(await messages(text)).toStrictEqual([
      `spec.cluster: the external id of cluster ${clusterId} is other, not 6e7f4c10-0000-4000-8000-000000000001`,
      `spec.cluster: the product of cluster ${clusterId} is osd, not rosa`,
      `spec.cluster: cluster ${clusterId} is uninstalling, and takes no limited support`,
      `spec.incident: incident ${incidentId} is resolved`,
    ]);
  });

  it('holds links to the product that OCM names, where the plan names none', async () => {
    const linked = text
      .replace(', product: rosa', '')
      .replace(/details: [^,}]+/, 'details: docs.openshift.com/rosa/x');
    expect(linked).not.toContain('product');
    expect(await messages(linked)).toStrictEqual([]);
    bench.systems.ocm.addCluster({
      id: clusterId,
      externalId: '6e7f4c10-0000-4000-8000-000000000001',
      product: 'osd',
    });
    expect(await messages(linked)).toStrictEqual([
      'the documentation link "docs.openshift.com/rosa/x" is about ROSA, and the cluster is OpenShift Dedicated',
    ]);
  });

  it.each([
    ['another cluster', { cluster_id: 'another' }, true],
    ['the cluster', { cluster_id: clusterId }, false],
    ['the external id', { notes: 'cluster_id: 6e7f4c10-0000-4000-8000-000000000001' }, false],
    ['no cluster', {}, false],
  ])('warns where the alerts of the incident are about another cluster: %s', async (_, details, warns) => {
    bench.systems.pagerDuty.addIncident({ id: incidentId, alerts: [{ id: 'PALERT1', details }] });
    for (const plan of [text, text.replace(/externalId: \S+ /, '')]) {
      const { messages: said, stderr } = await validate(plan.replace(/^.*service_log.*$/m, ''));
      expect(said).toStrictEqual([]);
      const warning = `warning: the alerts of incident ${incidentId} are about cluster another, not ${clusterId}`;
      expect(stderr.includes(warning)).toBe(warns);
    }
  });

  it('names what is not there', async () => {
    bench.systems.ocm.clusters.clear();
    bench.systems.pagerDuty.incidents.clear();
    bench.systems.pagerDuty.escalationPolicies.clear();
    expect(await messages(text)).toStrictEqual([
      expect.stringMatching(/^spec\.cluster: .*404/),
      expect.stringMatching(/^spec\.incident: .*404/),
      expect.stringMatching(/^the silent policy: .*404/),
    ]);
  });

  it('asks nobody about what will not run', async () => {
    expect(await messages(planText(['pagerduty_note'], '{ mode: manual }'))).toStrictEqual([]);
    const { ocm, pagerDuty } = bench.systems;
    expect([...ocm.server.calls, ...pagerDuty.server.calls]).toStrictEqual([]);
  });
});

describe('plan validate --online, on who may write', () => {
  const internal = planText(['service_log']).replace(
    'description: Open the firewall.',
    'description: Open the firewall., internalOnly: true',
  );

  it('takes the address of a user however its letters are written, on any page', async () => {
    const { users } = bench.systems.pagerDuty;
    const others = Array.from({ length: 120 }, (_, index) => ({
      id: `PU${index}`,
      name: `Like sre@example.com ${index}`,
      email: `other-sre@example.com`,
      role: 'observer',
    }));
    users.splice(0, 1, ...others, {
      id: 'PSRE',
      name: 'SRE',
      email: 'SRE@Example.com',
      role: 'limited_user',
    });
    expect(await messages(planText(['pagerduty_note']))).toStrictEqual([]);
    expect(asked().filter((call) => call === 'GET /users')).toHaveLength(2);
  });

  it('names an address that no user has', async () => {
    const [user] = bench.systems.pagerDuty.users;
    if (user !== undefined) user.email = 'not-sre@example.com';
    expect(await messages(planText(['pagerduty_note']))).toStrictEqual([
      'pagerduty.from: no user of the account has the e-mail address sre@example.com',
    ]);
  });

  it.each([
    ['observer', false],
    ['read_only_user', false],
    ['read_only_limited_user', false],
    ['admin', true],
    ['owner', true],
    ['limited_user', true],
    ['restricted_access', true],
    ['user', true],
  ])('of a user with the role %s: may write %s', async (role, mayWrite) => {
    const [user] = bench.systems.pagerDuty.users;
    if (user !== undefined) user.role = role;
    expect(await messages(planText(['pagerduty_note']))).toStrictEqual(
      mayWrite ? [] : [`pagerduty.from: sre@example.com has the role ${role}, which may change no incident`],
    );
  });

  it.each([
    ['ServiceLog', planText(['service_log'])],
    ['InternalServiceLog', internal],
  ])('names the service log where this account may create no %s', async (type, text) => {
    const { ocm } = bench.systems;
    ocm.denied.add(type === 'ServiceLog' ? 'InternalServiceLog' : 'ServiceLog');
    expect(await messages(text)).toStrictEqual([]);
    ocm.denied.clear();
    ocm.denied.add(type);
    const { messages: said, fields } = await validate(text);
    expect(said).toStrictEqual([
      `OCM: this account may not create an object of type ${type} for cluster ${clusterId}`,
    ]);
    expect(fields).toStrictEqual(['chgm: action 0 service_log']);
    expect(ocm.serviceLogs).toHaveLength(0);
  });

  it('names the report of a cluster that Backplane refuses', async () => {
    bench.systems.backplane.server.failOn('GET', { kind: 'status', status: 403 });
    const { messages: said, fields } = await validate(planText(['backplane_report']));
    expect(said).toStrictEqual([expect.stringMatching(/^Backplane, GET .*HTTP 403/)]);
    expect(fields).toStrictEqual(['chgm: action 0 backplane_report']);
  });

  it.each([404, 405, 501, 403])('says what cannot be asked, and finds nothing, at %i', async (status) => {
    const { ocm, pagerDuty, backplane } = bench.systems;
    const fault = { kind: 'status', status } as const;
    pagerDuty.server.failOn('GET /users', fault);
    ocm.server.failOn('POST /api/authorizations', fault);
    if (status !== 403) backplane.server.failOn('GET', fault);
    const { messages: said, stderr } = await validate(text);
    expect(said).toStrictEqual([]);
    expect(stderr.match(/^could not ask PagerDuty whether sre@example\.com .*$/gm)).toHaveLength(1);
    expect(stderr.match(/^could not ask OCM whether .* ServiceLog: HTTP \d+$/gm)).toHaveLength(1);
    expect(stderr.match(/^could not ask Backplane /gm) ?? []).toHaveLength(status === 403 ? 0 : 1);
  });

  it('takes a system that fails for a finding', async () => {
    const { ocm, pagerDuty, backplane } = bench.systems;
    pagerDuty.server.failOn('GET /users', { kind: 'status', status: 500 });
    ocm.server.failOn('POST /api/authorizations', { kind: 'reset' });
    backplane.server.failOn('GET', { kind: 'status', status: 503 });
    expect((await messages(text)).sort()).toStrictEqual([
      expect.stringMatching(/^Backplane: .*HTTP 503/),
      expect.stringMatching(/^OCM: .*ECONNRESET/),
      expect.stringMatching(/^pagerduty\.from: .*HTTP 500/),
    ]);
  });

  it('says once that a system cannot be asked at all', async () => {
    delete bench.env['PAGERDUTY_TOKEN'];
    const said = await messages(planText(['pagerduty_note', 'silence_incident', 'limited_support']));
    expect(said.filter((message) => message.endsWith('there is no PAGERDUTY_TOKEN'))).toHaveLength(1);
  });
});
