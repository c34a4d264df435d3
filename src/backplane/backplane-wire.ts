/** The bodies of Backplane's reports. A test holds them against the published document. */

/** Makes a report. */
export interface CreateReportBody {
  readonly summary: string;
  /** Base64. */
  readonly data: string;
}

/** The answer to a create and to a read. */
export interface ReportAnswer {
  readonly report_id: string;
  readonly summary: string;
  readonly created_at: string;
  /** Base64. */
  readonly data: string;
}

/** A report in a list; the document requires none of its fields. */
export type ReportHeadFields = Partial<Omit<ReportAnswer, 'data'>>;

/** The newest reports of a cluster. */
export interface ReportsAnswer {
  /** Null where there are none: the document says a list. */
  readonly reports: readonly ReportHeadFields[] | null;
}

/** Why a request was refused. */
export interface BackplaneErrorAnswer {
  readonly statusCode?: number;
  readonly message?: string;
}
