import type { ErrorCode } from './error-codes.ts';

/** What an error tells beside its sentence. */
export interface RemedyErrorOptions {
  /** What to do next, one sentence or a command. */
  hint?: string | undefined;
  /** Structured facts for `-o json`; never a secret. */
  details?: Record<string, unknown> | undefined;
  cause?: unknown;
}

/**
 * The one base of every error that remedyctl raises on purpose. Callers branch on `code`, never on the
 * message; anything thrown that is not a RemedyError is a bug and exits 70.
 */
export class RemedyError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: RemedyErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }
}

/** The text of anything thrown, for a sentence that explains a cause. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
