import type { CallOptions } from '../http/remote-request.ts';
import type { NewLimitedSupport, NewServiceLog } from './ocm-requests.ts';

export interface ServiceLogEntry {
  readonly id?: string;
  readonly summary: string;
  readonly description: string;
  readonly severity?: string;
  readonly serviceName?: string;
  readonly internalOnly?: boolean;
  /** RFC 3339. */
  readonly createdAt?: string;
}

export interface LimitedSupportReason {
  readonly id?: string;
  readonly summary: string;
  readonly details: string;
  /** RFC 3339. */
  readonly createdAt?: string;
}

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
 * is needed; errors are RemoteError, and UnknownOutcomeError from the two creates.
 */
export interface OcmClient {
  createServiceLog(log: NewServiceLog, options?: CallOptions): Promise<ServiceLogEntry>;
  /** Those with exactly this summary, of all pages. Errors: USAGE for an empty external id. */
  findServiceLogs(externalId: string, summary: string, options?: CallOptions): Promise<ServiceLogEntry[]>;
  createLimitedSupport(
    clusterId: string,
    reason: NewLimitedSupport,
    options?: CallOptions,
  ): Promise<LimitedSupportReason>;
  /** All pages. */
  listLimitedSupport(clusterId: string, options?: CallOptions): Promise<LimitedSupportReason[]>;
  /** By internal id. Errors: NOT_FOUND. */
  getCluster(clusterId: string, options?: CallOptions): Promise<ManagedCluster>;
  /** By internal id, external id or display name, exactly; none, one or several. */
  findClusters(name: string, options?: CallOptions): Promise<ManagedCluster[]>;
}
