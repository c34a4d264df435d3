import type { CallOptions } from '../http/remote-request.ts';
import type { NewReport } from './report-requests.ts';

/** A report as a list shows it, without its text. */
export interface ReportHead {
  readonly reportId: string;
  readonly summary: string;
  /** RFC 3339. */
  readonly createdAt?: string;
}

export interface Report extends ReportHead {
  /** Plain text, decoded. */
  readonly data: string;
}

/**
 * Backplane's cluster reports. Every call is one HTTP attempt, after an OCM token where a new one is needed; errors
 * are RemoteError, and UnknownOutcomeError from the create.
 */
export interface BackplaneClient {
  createReport(clusterId: string, report: NewReport, options?: CallOptions): Promise<ReportHead>;
  /** The newest first. */
  listReports(clusterId: string, last: number, options?: CallOptions): Promise<ReportHead[]>;
  getReport(clusterId: string, reportId: string, options?: CallOptions): Promise<Report>;
}
