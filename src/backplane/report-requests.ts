import { pathSegment } from '../http/path-segment.ts';
import type { RemoteRequest } from '../http/remote-request.ts';
import type { CreateReportBody } from './backplane-wire.ts';

/** A report to be made. */
export interface NewReport {
  readonly summary: string;
  /** Plain text; sent as base64 of its UTF-8 bytes. */
  readonly data: string;
}

/** Makes a report of a cluster, by its internal id. */
export function createReportRequest(clusterId: string, report: NewReport): RemoteRequest {
  return {
    system: 'backplane',
    method: 'POST',
    path: reportsPath(clusterId),
    body: {
      summary: report.summary,
      data: Buffer.from(report.data, 'utf8').toString('base64'),
    } satisfies CreateReportBody,
  };
}

/** The newest `last` reports of a cluster, by its internal id. */
export function listReportsRequest(clusterId: string, last: number): RemoteRequest {
  return { system: 'backplane', method: 'GET', path: `${reportsPath(clusterId)}?last=${last}` };
}

/** One report with its text. */
export function getReportRequest(clusterId: string, reportId: string): RemoteRequest {
  const report = pathSegment(reportId, 'the id of the report');
  return { system: 'backplane', method: 'GET', path: `${reportsPath(clusterId)}/${report}` };
}

function reportsPath(clusterId: string): string {
  return `/backplane/cluster/${pathSegment(clusterId, 'the id of the cluster')}/reports`;
}
