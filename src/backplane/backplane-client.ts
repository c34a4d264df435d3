import { asObject, known, listIn, numberIn, textIn } from '../http/json-fields.ts';
import type { Authority, Refusal } from '../http/remote-endpoint.ts';
import { RemoteEndpoint } from '../http/remote-endpoint.ts';
import type { RemoteHttp } from '../http/remote-http.ts';
import type { CallOptions } from '../http/remote-request.ts';
import type {
  BackplaneErrorAnswer,
  ReportAnswer,
  ReportHeadFields,
  ReportsAnswer,
} from './backplane-wire.ts';
import type { NewReport } from './report-requests.ts';
import { createReportRequest, getReportRequest, listReportsRequest } from './report-requests.ts';

/** A report as a list shows it, without its text. */
export interface ReportHead {
  /** Empty where the answer to a create does not tell it. */
  readonly reportId: string;
  readonly summary: string;
  /** RFC 3339. */
  readonly createdAt?: string;
}

/** A report with its text. */
export interface Report extends ReportHead {
  /** Plain text, decoded. */
  readonly data: string;
}

/**
 * Backplane's cluster reports. Every call is one HTTP attempt, after an OCM token where a new one is needed; errors
 * are RemoteError, UnknownOutcomeError from the create, and INVALID_OPTION for an id that is empty, `.` or `..`.
 */
export interface BackplaneClient {
  /** Makes a report. One whose answer was lost can be looked for by `listReports`. */
  createReport(clusterId: string, report: NewReport, options?: CallOptions): Promise<ReportHead>;
  /** The newest `last`, the newest first. */
  listReports(clusterId: string, last: number, options?: CallOptions): Promise<ReportHead[]>;
  /** A report with its text. Errors: NOT_FOUND. */
  getReport(clusterId: string, reportId: string, options?: CallOptions): Promise<Report>;
}

/** Where Backplane is, and who asks. */
export interface BackplaneOptions {
  readonly http: RemoteHttp;
  /** As `baseUrl` gives it. */
  readonly base: string;
  /** OCM's token. */
  readonly token: Authority;
}

/** A client of Backplane. Opens nothing before the first call. */
export function backplaneClient({ http, base, token }: BackplaneOptions): BackplaneClient {
  return new HttpBackplane(
    new RemoteEndpoint({
      http,
      base,
      title: 'Backplane',
      authority: token,
      refusalIn: backplaneRefusal,
      credentialsHint: 'Check the OCM credentials, and that this account may use Backplane on the cluster.',
    }),
  );
}

class HttpBackplane implements BackplaneClient {
  readonly #endpoint: RemoteEndpoint;

  constructor(endpoint: RemoteEndpoint) {
    this.#endpoint = endpoint;
  }

  async createReport(clusterId: string, report: NewReport, options?: CallOptions): Promise<ReportHead> {
    const request = createReportRequest(clusterId, report);
    // 201 says that it was made, with an id or without
    const read = (body: unknown): ReportHead | undefined =>
      asObject(body) && (readHead(body, report.summary) ?? { reportId: '', summary: report.summary });
    return this.#endpoint.call(request, { status: 201, read }, options);
  }

  async listReports(clusterId: string, last: number, options?: CallOptions): Promise<ReportHead[]> {
    const read = (body: unknown): ReportHead[] | undefined => {
      const list = asObject(body)?.['reports'] === null ? [] : listIn<ReportsAnswer>(body, 'reports');
      return list?.flatMap((report) => readHead(report) ?? []);
    };
    return this.#endpoint.call(listReportsRequest(clusterId, last), { status: 200, read }, options);
  }

  async getReport(clusterId: string, reportId: string, options?: CallOptions): Promise<Report> {
    const request = getReportRequest(clusterId, reportId);
    return this.#endpoint.call(request, { status: 200, read: readReport }, options);
  }
}

function readHead(value: unknown, sentSummary?: string): ReportHead | undefined {
  const reportId = textIn<ReportHeadFields>(value, 'report_id');
  if (reportId === undefined || reportId === '') return undefined;
  return {
    reportId,
    summary: textIn<ReportHeadFields>(value, 'summary') ?? sentSummary ?? '',
    ...known({ createdAt: textIn<ReportHeadFields>(value, 'created_at') }),
  };
}

function readReport(value: unknown): Report | undefined {
  const head = readHead(value);
  const data = textIn<ReportAnswer>(value, 'data');
  if (head === undefined || data === undefined) return undefined;
  return { ...head, data: Buffer.from(data, 'base64').toString('utf8') };
}

/** `{"statusCode","message"}`; the status is the answer's own. */
function backplaneRefusal(body: unknown): Refusal {
  const message = textIn<BackplaneErrorAnswer>(body, 'message');
  const code = numberIn<BackplaneErrorAnswer>(body, 'statusCode');
  return {
    messages: message === undefined ? [] : [message],
    ...(code === undefined ? {} : { code: String(code) }),
  };
}
