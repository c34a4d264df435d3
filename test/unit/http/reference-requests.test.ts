/** What the reference sends, call by call, against what the clients send for the same facts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceLogSeverities, type ServiceLogSeverity } from '../../../src/ocm/ocm-wire.ts';
import type { IncidentChanges } from '../../../src/pagerduty/incident-requests.ts';
import type { SeenCall } from '../../support/remote-systems/fake-server.ts';
import { startRemoteSystems, type FakeRemoteSystems } from '../../support/remote-systems/remote-systems.ts';
import { testClients, type TestClients } from '../../support/remote-systems/test-clients.ts';
import { hasShared, readVectors } from '../../support/shared.ts';

interface VectorRequest {
  system: string;
  method: string;
  path: string;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
  again?: number;
}

interface Vectors {
  cases: { id: string; requests?: VectorRequest[] }[];
}

type Wire = Pick<SeenCall, 'method' | 'path'> & { query: object; body: unknown };
type Fields = Record<string, never>;

/** Each with its DO: how what the reference sends becomes what is right. */
const exceptions: Record<string, (request: Wire) => Wire | undefined> = {
  'an incident is updated in the single form': ({ path, body, ...request }) => {
    const [incident] = (body as { incidents?: Fields[] } | undefined)?.incidents ?? [];
    if (path !== '/incidents' || incident === undefined) return undefined;
    const { id, ...changes } = incident;
    return {
      ...request,
      path: `/incidents/${String(id)}`,
      body: { incident: { ...changes, type: 'incident_reference' } },
    };
  },
  'a note has no empty user': ({ body, ...request }) => {
    const { user, ...note } = (body as { note?: Record<string, unknown> } | undefined)?.note ?? {};
    return user === undefined ? undefined : { ...request, body: { note } };
  },
  'quotes are escaped in a search': (request) => {
    const { search } = request.query as { search?: string };
    const summary = /^summary='([\s\S]*)'$/.exec(search ?? '')?.[1];
    if (summary === undefined || !summary.includes("'")) return undefined;
    return { ...request, query: { search: `summary='${summary.replaceAll("'", "''")}'` } };
  },
};

/** Requests that are never sent; each with its DO. */
const refusals: Record<string, (request: Wire) => boolean> = {
  'an empty silent policy is refused': ({ body }) => {
    const policy = fieldOf(fieldOf(body, 'incident'), 'escalation_policy');
    return policy !== undefined && textOf(policy, 'id') === '';
  },
  'a severity outside the enum is refused': ({ body }) =>
    fieldOf(body, 'severity') !== undefined && severityOf(body) === undefined,
  'an empty external id is refused': ({ path }) => path.endsWith('/v1/clusters/cluster_logs'),
};

const vectors = (name: string): VectorRequest[] =>
  hasShared ? readVectors<Vectors>(name).cases.flatMap(({ requests = [] }) => requests) : [];

/** The reference's own long text is there by its digest only; the texts are the plan's matter. */
function isDigest({ body }: VectorRequest): boolean {
  return typeof fieldOf(fieldOf(body, 'note'), 'content') === 'object';
}

function distinctRequests(): VectorRequest[] {
  const all = [...vectors('cad-actions'), ...vectors('cad-execution')].filter(
    (request) => request.again === undefined && !isDigest(request),
  );
  return [
    ...new Map(
      all.map((request) => [
        JSON.stringify([request.method, request.path, request.query, request.body]),
        request,
      ]),
    ).values(),
  ];
}

describe.skipIf(!hasShared)('the requests of the reference', () => {
  let systems: FakeRemoteSystems;
  let clients: TestClients;

  beforeAll(async () => {
    systems = await startRemoteSystems();
    clients = testClients(systems);
  });
  afterAll(async () => {
    await clients.http.close();
    await systems.stop();
  });

  async function sentFor(request: Wire): Promise<Wire | undefined> {
    const servers = [systems.pagerDuty.server, systems.ocm.server, systems.backplane.server];
    for (const server of servers) server.calmDown();
    // what the fakes make of it is not the matter here
    await call(clients, request).catch(() => undefined);
    const [seen] = servers.flatMap(({ calls }) => calls);
    if (seen === undefined) return undefined;
    const { method, path, query, body } = seen;
    return { method, path, query, body };
  }

  it('are those of the clients, but for the exceptions, each of which occurs', async () => {
    const requests = distinctRequests();
    const used = new Set<string>();
    for (const { method, path, query = {}, body } of requests) {
      let expected: Wire = { method, path: decodeURIComponent(path), query, body };
      for (const [rule, apply] of Object.entries(exceptions)) {
        const changed: Wire | undefined = apply(expected);
        if (changed === undefined) continue;
        used.add(rule);
        expected = changed;
      }
      const refused = Object.keys(refusals).find((rule) => refusals[rule]?.(expected));
      if (refused !== undefined) used.add(refused);
      expect
        .soft(await sentFor(expected), JSON.stringify({ method, path, body }))
        .toEqual(refused === undefined ? expected : undefined);
    }
    expect(requests.length).toBeGreaterThan(200);
    expect([...used].sort()).toEqual([...Object.keys(exceptions), ...Object.keys(refusals)].sort());
  }, 60_000);
});

/** The client's call for these facts; a request that is none of its calls is an error. */
function call(
  { pagerDuty, ocm, backplane }: TestClients,
  { method, path, query, body }: Wire,
): Promise<unknown> {
  const text = (key: string): string => textOf(body, key);
  const [, incident = ''] = /^\/incidents\/(.*?)(?:\/notes)?$/.exec(path) ?? [];
  const [, cluster = ''] = /\/clusters?\/(.*)\//.exec(path) ?? [];
  switch (`${method} ${path.replace(/\/(incidents|clusters?)\/.*?(\/[a-z_]+)?$/, '/$1/*$2')}`) {
    case 'POST /incidents/*/notes':
      return pagerDuty.createNote(incident, textOf(fieldOf(body, 'note'), 'content'));
    case 'PUT /incidents/*':
      return pagerDuty.updateIncident(incident, changesOf(fieldOf(body, 'incident')));
    case 'POST /api/service_logs/v1/cluster_logs': {
      const severity = severityOf(body);
      // the type of the call does not let it through
      if (severity === undefined) return Promise.reject(new Error('no such severity'));
      return ocm.createServiceLog({
        clusterId: text('cluster_id'),
        severity,
        serviceName: text('service_name'),
        summary: text('summary'),
        description: text('description'),
        internalOnly: fieldOf(body, 'internal_only') === true,
      });
    }
    case 'GET /api/service_logs/v1/clusters/*':
    case 'GET /api/service_logs/v1/clusters/*/cluster_logs': {
      const { search = '' } = query as { search?: string };
      return ocm.findServiceLogs(cluster, search.slice("summary='".length, -1).replaceAll("''", "'"));
    }
    case 'POST /api/clusters_mgmt/v1/clusters/*/limited_support_reasons':
      return ocm.createLimitedSupport(cluster, {
        summary: text('summary'),
        details: text('details'),
      });
    case 'POST /backplane/cluster/*/reports': {
      const data = Buffer.from(text('data'), 'base64').toString('utf8');
      return backplane.createReport(cluster, { summary: text('summary'), data });
    }
    default:
      throw new Error(`no call makes ${method} ${path}`);
  }
}

function changesOf(incident: unknown): IncidentChanges {
  const level = fieldOf(incident, 'escalation_level');
  const policy = fieldOf(incident, 'escalation_policy');
  return {
    ...(fieldOf(incident, 'title') === undefined ? {} : { title: textOf(incident, 'title') }),
    ...(level === undefined ? {} : { escalationLevel: Number(level) }),
    ...(policy === undefined ? {} : { escalationPolicy: textOf(policy, 'id') }),
  };
}

function severityOf(body: unknown): ServiceLogSeverity | undefined {
  return serviceLogSeverities.find((severity) => severity === fieldOf(body, 'severity'));
}

function fieldOf(value: unknown, key: string): unknown {
  return (value as Record<string, unknown> | undefined)?.[key];
}

function textOf(value: unknown, key: string): string {
  const text = fieldOf(value, key);
  return typeof text === 'string' ? text : '';
}
