import { pathSegment } from '../http/path-segment.ts';
import type { RemoteRequest } from '../http/remote-request.ts';
import type { CreateLimitedSupportBody, CreateServiceLogBody, ServiceLogSeverity } from './ocm-wire.ts';

/** A service log to be sent; the cluster by its internal id. */
export interface NewServiceLog {
  readonly clusterId: string;
  readonly severity: ServiceLogSeverity;
  readonly serviceName: string;
  readonly summary: string;
  readonly description: string;
  readonly internalOnly: boolean;
}

/** A reason of limited support to be added. */
export interface NewLimitedSupport {
  readonly summary: string;
  readonly details: string;
}

/** What an account may do. */
export interface AccessQuestion {
  readonly action: 'create';
  /** A service log that the customer sees, or one that is hidden from them. */
  readonly resourceType: 'ServiceLog' | 'InternalServiceLog';
  /** OCM's internal id. */
  readonly clusterId: string;
}

/** A page of a list. */
export interface Page {
  /** From 1. */
  readonly page: number;
  readonly size: number;
}

/** Sends a service log. */
export function createServiceLogRequest(log: NewServiceLog): RemoteRequest {
  return {
    system: 'ocm',
    method: 'POST',
    path: '/api/service_logs/v1/cluster_logs',
    body: {
      kind: 'LogEntry',
      severity: log.severity,
      service_name: log.serviceName,
      summary: log.summary,
      description: log.description,
      internal_only: log.internalOnly,
      cluster_id: log.clusterId,
    } satisfies CreateServiceLogBody,
  };
}

/** A cluster as its service logs are kept: by its external id, or by its internal one where it has got no other yet. */
export type LoggedCluster = string | { readonly clusterId: string };

/** The first page by search alone, as the service gives it; `page` adds an order, without which pages may overlap. */
export function findServiceLogsRequest(cluster: LoggedCluster, search: string, page?: Page): RemoteRequest {
  const query = new URLSearchParams({ search });
  const path = logsPath(cluster, query);
  if (page !== undefined) {
    query.set('order', 'created_at desc');
    query.set('page', String(page.page));
    query.set('size', String(page.size));
  }
  return {
    system: 'ocm',
    method: 'GET',
    path: `/api/service_logs/v1/clusters/${path}?${query.toString()}`,
  };
}

function logsPath(cluster: LoggedCluster, query: URLSearchParams): string {
  if (typeof cluster === 'string') {
    return `${pathSegment(cluster, 'the external id of the cluster')}/cluster_logs`;
  }
  // refused where it is empty: the search would cover every cluster
  pathSegment(cluster.clusterId, 'the id of the cluster');
  query.set('cluster_id', cluster.clusterId);
  return 'cluster_logs';
}

/** Adds a reason of limited support; the cluster by its internal id. */
export function createLimitedSupportRequest(clusterId: string, reason: NewLimitedSupport): RemoteRequest {
  return {
    system: 'ocm',
    method: 'POST',
    path: `${clusterPath(clusterId)}/limited_support_reasons`,
    body: {
      kind: 'LimitedSupportReason',
      summary: reason.summary,
      details: reason.details,
      detection_type: 'manual',
    } satisfies CreateLimitedSupportBody,
  };
}

/** A page of the reasons of a cluster, by its internal id. */
export function listLimitedSupportRequest(clusterId: string, { page, size }: Page): RemoteRequest {
  return {
    system: 'ocm',
    method: 'GET',
    path: `${clusterPath(clusterId)}/limited_support_reasons?page=${page}&size=${size}`,
  };
}

/** One cluster, by its internal id. */
export function getClusterRequest(clusterId: string): RemoteRequest {
  return { system: 'ocm', method: 'GET', path: clusterPath(clusterId) };
}

/** One page: more than a few clusters under one name is a mistake to report, not to page through. */
export function findClustersRequest(search: string): RemoteRequest {
  return {
    system: 'ocm',
    method: 'GET',
    path: `/api/clusters_mgmt/v1/clusters?${new URLSearchParams({ search }).toString()}`,
  };
}

/** Whether the account of the token may do something on a cluster. A POST that changes nothing. */
export function selfAccessReviewRequest({ action, resourceType, clusterId }: AccessQuestion): RemoteRequest {
  return {
    system: 'ocm',
    method: 'POST',
    path: '/api/authorizations/v1/self_access_review',
    body: { action, resource_type: resourceType, cluster_id: clusterId },
    isQuestion: true,
  };
}

function clusterPath(clusterId: string): string {
  return `/api/clusters_mgmt/v1/clusters/${pathSegment(clusterId, 'the id of the cluster')}`;
}
