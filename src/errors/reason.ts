import type { ErrorCode } from './error-codes.ts';

/** Something worth saying that stops nothing. */
export interface Notice {
  code: string;
  message: string;
}

/** Why something was not taken: of a signal skipped, rejected or failed; of a document refused. */
export interface Reason {
  code: ErrorCode;
  message: string;
  /** What to do next. */
  hint?: string;
}
