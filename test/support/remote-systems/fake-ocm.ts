import { RealClock } from '../../../src/time/real-clock.ts';
import type { FakeAnswer, FakeBehaviour, SeenCall } from './fake-server.ts';
import { FakeServer, type LineOf } from './fake-server.ts';
import type { FakeSso } from './fake-sso.ts';

export interface FakeCluster {
  id: string;
  externalId: string;
  name: string;
  product: string;
  state: string;
}

type Fields = Record<string, unknown>;

/** OCM as far as plans reach: service logs, limited support reasons, clusters. */
export class FakeOcm implements FakeBehaviour {
  readonly server: FakeServer;
  readonly clusters = new Map<string, FakeCluster>();
  readonly serviceLogs: Fields[] = [];
  /** The types of which the account may create none: ServiceLog, InternalServiceLog. */
  readonly denied = new Set<string>();
  readonly reasons: { clusterId: string; reason: Fields }[] = [];
  /** The page that a search without a size gets. */
  defaultPageSize = 100;
  readonly #sso: FakeSso;

  constructor(sso: FakeSso, lineOf?: LineOf) {
    this.#sso = sso;
    this.server = new FakeServer(this, lineOf);
  }

  addCluster(fields: Partial<FakeCluster> & { id: string }): FakeCluster {
    const externalId = '6e7f4c10-0000-4000-8000-000000000001';
    const cluster = { externalId, name: 'prod-east', product: 'rosa', state: 'ready', ...fields };
    this.clusters.set(cluster.id, cluster);
    return cluster;
  }

  answer(call: SeenCall): FakeAnswer {
    if (!this.#sso.accepts(call.headers.authorization))
      return this.#error(401, 'Bearer token is unverifiable');
    const route = `${call.method} ${call.path}`;
    if (route === 'POST /api/service_logs/v1/cluster_logs') return this.#addServiceLog(call.body as Fields);
    if (route === 'POST /api/authorizations/v1/self_access_review') return this.#review(call.body as Fields);
    const logs = /^GET \/api\/service_logs\/v1\/clusters\/([^/]+)\/cluster_logs$/.exec(route);
    if (logs?.[1] !== undefined) return this.#findServiceLogs('cluster_uuid', logs[1], call);
    if (route === 'GET /api/service_logs/v1/clusters/cluster_logs') {
      return this.#findServiceLogs('cluster_id', call.query['cluster_id'], call);
    }
    if (route === 'GET /api/clusters_mgmt/v1/clusters') return this.#findClusters(call);
    const [, method, id = '', part] =
      /^(\w+) \/api\/clusters_mgmt\/v1\/clusters\/([^/]+)(\/limited_support_reasons)?$/.exec(route) ?? [];
    const cluster = this.clusters.get(id);
    if (cluster === undefined) return this.#error(404, `Cluster '${id}' not found`);
    if (part === undefined) return { status: 200, body: clusterBody(cluster) };
    return method === 'POST'
      ? this.#addReason(cluster, call.body as Fields)
      : this.#listReasons(cluster, call);
  }

  errorBody(status: number, reason = `the fake answers ${status}`): unknown {
    const code = `CLUSTERS-MGMT-${status}`;
    return {
      kind: 'Error',
      id: status,
      href: `/api/clusters_mgmt/v1/errors/${status}`,
      code,
      reason,
      operation_id: 'op-1',
    };
  }

  #addServiceLog(body: Fields): FakeAnswer {
    const cluster = this.clusters.get(String(body['cluster_id']));
    if (cluster === undefined) return this.#error(404, 'Cluster not found');
    const log = {
      ...body,
      id: `log-${this.serviceLogs.length + 1}`,
      cluster_uuid: cluster.externalId,
      created_at: nowText(),
    };
    this.serviceLogs.push(log);
    return { status: 201, body: log };
  }

  #review({ action, resource_type, cluster_id }: Fields): FakeAnswer {
    if (!this.clusters.has(String(cluster_id))) return this.#error(404, 'Cluster not found');
    const allowed = action === 'create' && !this.denied.has(String(resource_type));
    return { status: 200, body: { allowed, action, resource_type, cluster_id } };
  }

  /** Without an id those of every cluster. */
  #findServiceLogs(key: string, id: string | undefined, { query }: SeenCall): FakeAnswer {
    const search = query['search'] ?? '';
    const matches = this.serviceLogs.filter(
      (log) => (id === undefined || log[key] === id) && summaryMatches(search, String(log['summary'])),
    );
    return { status: 200, body: pageOf(matches, query, this.defaultPageSize) };
  }

  #addReason(cluster: FakeCluster, body: Fields): FakeAnswer {
    if (cluster.state === 'uninstalling') {
      return this.#error(400, "Operation is not allowed for a cluster in 'uninstalling' state");
    }
    const { summary, details, detection_type } = body;
    const id = `reason-${this.reasons.length + 1}`;
    const reason = {
      kind: 'LimitedSupportReason',
      id,
      summary,
      details,
      detection_type,
      creation_timestamp: nowText(),
    };
    this.reasons.push({ clusterId: cluster.id, reason });
    return { status: 201, body: reason };
  }

  #listReasons(cluster: FakeCluster, { query }: SeenCall): FakeAnswer {
    const own = this.reasons.filter(({ clusterId }) => clusterId === cluster.id).map(({ reason }) => reason);
    return { status: 200, body: pageOf(own, query, this.defaultPageSize) };
  }

  #findClusters({ query }: SeenCall): FakeAnswer {
    const wanted = /^\(id like '((?:[^']|'')*)' or /.exec(query['search'] ?? '')?.[1]?.replaceAll("''", "'");
    const found = [...this.clusters.values()].filter(
      ({ id, externalId, name }) =>
        wanted !== undefined && [id, externalId, name].some((text) => isLike(text, wanted)),
    );
    return { status: 200, body: pageOf(found.map(clusterBody), query, this.defaultPageSize) };
  }

  #error(status: number, reason: string): FakeAnswer {
    return { status, body: this.errorBody(status, reason) };
  }
}

const clock = new RealClock();

function nowText(): string {
  return new Date(clock.now()).toISOString();
}

/** The two forms of search that are understood, as SQL reads them; every other one matches nothing. */
function summaryMatches(search: string, summary: string): boolean {
  const [, form, literal = ''] = /^summary(=| like )'((?:[^']|'')*)'$/s.exec(search) ?? [];
  const text = literal.replaceAll("''", "'");
  if (form === undefined) return false;
  return form === '=' ? summary === text : isLike(summary, text);
}

function isLike(text: string, pattern: string): boolean {
  const escaped = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}$`, 's').test(text);
}

function pageOf(all: readonly unknown[], query: SeenCall['query'], defaultSize: number): unknown {
  const page = Number(query['page'] ?? 1);
  const size = Number(query['size'] ?? defaultSize);
  const items = all.slice((page - 1) * size, page * size);
  return { kind: 'List', items, page, size: items.length, total: all.length };
}

function clusterBody(cluster: FakeCluster): unknown {
  return {
    kind: 'Cluster',
    id: cluster.id,
    href: `/api/clusters_mgmt/v1/clusters/${cluster.id}`,
    external_id: cluster.externalId,
    name: cluster.name,
    display_name: cluster.name,
    state: cluster.state,
    product: { kind: 'ProductLink', id: cluster.product },
  };
}
