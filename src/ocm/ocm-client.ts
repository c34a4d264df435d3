import { asObject, known, listIn, numberIn, objectIn, textIn, truthIn } from '../http/json-fields.ts';
import { RemoteEndpoint } from '../http/remote-endpoint.ts';
import type { RemoteHttp } from '../http/remote-http.ts';
import type { CallOptions, RemoteRequest } from '../http/remote-request.ts';
import { ocmRefusal } from './ocm-refusal.ts';
import type {
  AccessQuestion,
  LoggedCluster,
  NewLimitedSupport,
  NewServiceLog,
  Page,
} from './ocm-requests.ts';
import {
  createLimitedSupportRequest,
  createServiceLogRequest,
  findClustersRequest,
  findServiceLogsRequest,
  getClusterRequest,
  listLimitedSupportRequest,
  selfAccessReviewRequest,
} from './ocm-requests.ts';
import type { ClusterFields, LimitedSupportFields, ListAnswer, ServiceLogFields } from './ocm-wire.ts';
import type { OcmToken } from './ocm-token.ts';
import { clusterSearch, serviceLogSearch } from './search-text.ts';

/** A service log that was sent. */
export interface ServiceLogEntry {
  readonly id?: string;
  readonly summary: string;
  readonly description: string;
  readonly severity?: string;
  readonly serviceName?: string;
  /** Hidden from the customer; absent: the customer sees it. */
  readonly internalOnly?: true;
  /** RFC 3339. */
  readonly createdAt?: string;
  /** The account that has sent it. */
  readonly createdBy?: string;
}

/** A reason why a cluster is in limited support. */
export interface LimitedSupportReason {
  readonly id?: string;
  readonly summary: string;
  readonly details: string;
  /** It is there and does not count: an override is enabled. */
  readonly overridden?: true;
  /** RFC 3339. */
  readonly createdAt?: string;
}

/** A cluster as far as plans need it. */
export interface ManagedCluster {
  readonly id: string;
  readonly externalId?: string;
  readonly name?: string;
  /** `product.id`: rosa, osd, … */
  readonly product?: string;
  /** ready, uninstalling, … */
  readonly state?: string;
}

/**
 * OCM: service logs v1 and clusters_mgmt v1. Every call is one HTTP attempt per page, after a token where a new one
 * is needed; errors are RemoteError, UnknownOutcomeError from the two creates, and INVALID_OPTION for an id that is
 * empty, `.` or `..`.
 */
export interface OcmClient {
  /** Sends a service log; OCM takes the same one twice. */
  createServiceLog(log: NewServiceLog, options?: CallOptions): Promise<ServiceLogEntry>;
  /** Those with exactly this summary, of all pages, by external id, or by `clusterId`. Errors: INVALID_OPTION for an empty id. */
  findServiceLogs(cluster: LoggedCluster, summary: string, options?: CallOptions): Promise<ServiceLogEntry[]>;
  /** Adds a reason; OCM takes the same one twice. */
  createLimitedSupport(
    clusterId: string,
    reason: NewLimitedSupport,
    options?: CallOptions,
  ): Promise<LimitedSupportReason>;
  /** Every reason of the cluster, of all pages. Errors: NOT_FOUND. */
  listLimitedSupport(clusterId: string, options?: CallOptions): Promise<LimitedSupportReason[]>;
  /** By internal id. Errors: NOT_FOUND. */
  getCluster(clusterId: string, options?: CallOptions): Promise<ManagedCluster>;
  /** By internal id, external id or display name, exactly; none, one or several. */
  findClusters(name: string, options?: CallOptions): Promise<ManagedCluster[]>;
  /** As whom OCM and Backplane see this account, by its token; undefined where that does not say. */
  currentUser(options?: CallOptions): Promise<string | undefined>;
  /** Whether this account may do it. Nothing is changed by asking. */
  may(question: AccessQuestion, options?: CallOptions): Promise<boolean>;
}

/** Where OCM is, and who asks. */
export interface OcmOptions {
  readonly http: RemoteHttp;
  /** As `baseUrl` gives it: `https://api.openshift.com`, on stage `https://api.stage.openshift.com`. */
  readonly base: string;
  readonly token: OcmToken;
}

const pageSize = 100;
/** A listing that is longer is no listing of one cluster's logs or reasons. */
const lastPage = 1_000;

/** A client of OCM. Opens nothing before the first call. */
export function ocmClient({ http, base, token }: OcmOptions): OcmClient {
  return new HttpOcm(
    new RemoteEndpoint({
      http,
      base,
      title: 'OCM',
      authority: token,
      refusalIn: ocmRefusal,
      credentialsHint: token.hints.account,
    }),
    token,
  );
}

class HttpOcm implements OcmClient {
  readonly #endpoint: RemoteEndpoint;
  readonly #token: OcmToken;

  constructor(endpoint: RemoteEndpoint, token: OcmToken) {
    this.#endpoint = endpoint;
    this.#token = token;
  }

  async currentUser(options?: CallOptions): Promise<string | undefined> {
    return this.#token.name(options?.signal);
  }

  async createServiceLog(log: NewServiceLog, options?: CallOptions): Promise<ServiceLogEntry> {
    const { summary, description } = log;
    const read = (body: unknown): ServiceLogEntry | undefined =>
      readServiceLog(body, { summary, description });
    return this.#endpoint.call(createServiceLogRequest(log), { status: 201, read }, options);
  }

  async findServiceLogs(
    cluster: LoggedCluster,
    summary: string,
    options?: CallOptions,
  ): Promise<ServiceLogEntry[]> {
    const search = serviceLogSearch(summary);
    const pageOf = (page?: Page): RemoteRequest => findServiceLogsRequest(cluster, search, page);
    const first = await this.#endpoint.call(pageOf(), { status: 200, read: readList }, options);
    const complete = first.total <= first.items.length;
    const items = complete ? first.items : await this.#allPages(pageOf, options);
    return items
      .filter((item) => isOf(cluster, item))
      .flatMap((item) => readServiceLog(item) ?? [])
      .filter((log) => log.summary === summary);
  }

  async createLimitedSupport(
    clusterId: string,
    reason: NewLimitedSupport,
    options?: CallOptions,
  ): Promise<LimitedSupportReason> {
    const request = createLimitedSupportRequest(clusterId, reason);
    const read = (body: unknown): LimitedSupportReason | undefined => readReason(body, reason);
    return this.#endpoint.call(request, { status: 201, read }, options);
  }

  async listLimitedSupport(clusterId: string, options?: CallOptions): Promise<LimitedSupportReason[]> {
    const items = await this.#allPages((page) => listLimitedSupportRequest(clusterId, page), options);
    return items.flatMap((item) => readReason(item) ?? []);
  }

  async getCluster(clusterId: string, options?: CallOptions): Promise<ManagedCluster> {
    return this.#endpoint.call(getClusterRequest(clusterId), { status: 200, read: readCluster }, options);
  }

  async findClusters(name: string, options?: CallOptions): Promise<ManagedCluster[]> {
    const request = findClustersRequest(clusterSearch(name));
    const { items } = await this.#endpoint.call(request, { status: 200, read: readList }, options);
    // `like` takes `_` and `%` of a name for wildcards.
    return items
      .flatMap((item) => readCluster(item) ?? [])
      .filter((cluster) => [cluster.id, cluster.externalId, cluster.name].includes(name));
  }

  async may(question: AccessQuestion, options?: CallOptions): Promise<boolean> {
    const read = (body: unknown): { allowed: boolean } | undefined => {
      const allowed = asObject(body)?.['allowed'];
      return typeof allowed === 'boolean' ? { allowed } : undefined;
    };
    const request = selfAccessReviewRequest(question);
    const { allowed } = await this.#endpoint.call(request, { status: 200, read }, options);
    return allowed;
  }

  async #allPages(
    pageOf: (page: Page) => RemoteRequest,
    options: CallOptions | undefined,
  ): Promise<unknown[]> {
    const all: unknown[] = [];
    for (let page = 1; page <= lastPage; page += 1) {
      const request = pageOf({ page, size: pageSize });
      const { items, total } = await this.#endpoint.call(request, { status: 200, read: readList }, options);
      all.push(...items);
      if (items.length === 0 || all.length >= total) break;
    }
    return all;
  }
}

interface ItemList {
  readonly items: readonly unknown[];
  readonly total: number;
}

/**
 * An empty list may come without `items`. What is no list must not pass for an empty one: it would be taken for "not
 * there, send it".
 */
function readList(body: unknown): ItemList | undefined {
  const list = asObject(body);
  if (list === undefined || list['kind'] === 'Error') return undefined;
  const isBare = list['items'] === undefined || list['items'] === null;
  const items = isBare ? [] : listIn<ListAnswer>(list, 'items');
  if (items === undefined) return undefined;
  const total = list['total'] === undefined ? items.length : numberIn<ListAnswer>(list, 'total');
  return total === undefined || (isBare && total > 0) ? undefined : { items, total };
}

/** A log of another cluster, from a server that does not know how to search by id, is nobody's duplicate. */
function isOf(cluster: LoggedCluster, item: unknown): boolean {
  if (typeof cluster === 'string') return true;
  const of = textIn<ServiceLogFields>(item, 'cluster_id');
  return of === undefined || of === cluster.clusterId;
}

/** `sent`: what was just written, for an answer that does not repeat it. */
function readServiceLog(
  value: unknown,
  sent: { summary?: string; description?: string } = {},
): ServiceLogEntry | undefined {
  if (asObject(value) === undefined) return undefined;
  return {
    summary: textIn<ServiceLogFields>(value, 'summary') ?? sent.summary ?? '',
    description: textIn<ServiceLogFields>(value, 'description') ?? sent.description ?? '',
    ...known({
      id: textIn<ServiceLogFields>(value, 'id'),
      severity: textIn<ServiceLogFields>(value, 'severity'),
      serviceName: textIn<ServiceLogFields>(value, 'service_name'),
      internalOnly: truthIn<ServiceLogFields>(value, 'internal_only') === true ? true : undefined,
      createdAt:
        textIn<ServiceLogFields>(value, 'created_at') ?? textIn<ServiceLogFields>(value, 'timestamp'),
      createdBy: textIn<ServiceLogFields>(value, 'created_by') ?? textIn<ServiceLogFields>(value, 'username'),
    }),
  };
}

function readReason(value: unknown, sent?: NewLimitedSupport): LimitedSupportReason | undefined {
  if (asObject(value) === undefined) return undefined;
  return {
    summary: textIn<LimitedSupportFields>(value, 'summary') ?? sent?.summary ?? '',
    details: textIn<LimitedSupportFields>(value, 'details') ?? sent?.details ?? '',
    ...known({
      id: textIn<LimitedSupportFields>(value, 'id'),
      overridden:
        truthIn(objectIn<LimitedSupportFields>(value, 'override'), 'enabled') === true ? true : undefined,
      createdAt: textIn<LimitedSupportFields>(value, 'creation_timestamp'),
    }),
  };
}

function readCluster(value: unknown): ManagedCluster | undefined {
  const id = textIn<ClusterFields>(value, 'id');
  if (id === undefined) return undefined;
  return {
    id,
    ...known({
      externalId: textIn<ClusterFields>(value, 'external_id'),
      name: textIn<ClusterFields>(value, 'display_name') ?? textIn<ClusterFields>(value, 'name'),
      product: textIn(objectIn<ClusterFields>(value, 'product'), 'id'),
      state: textIn<ClusterFields>(value, 'state'),
    }),
  };
}
