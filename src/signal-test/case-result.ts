import type { KeyPath } from '../documents/document-places.ts';

/** One expectation that did not hold. */
export interface Difference {
  /** What was looked at: `decision.reason`, a JSONPath, `expect[1].outcome` where there are several signals. */
  path: string;
  /** The value or matcher that stands in the file. */
  expected: unknown;
  /** Absent where there is no such field. */
  got?: unknown;
  /** Where the expectation stands in the file. */
  at: KeyPath;
}

/** What became of a case. */
export interface CaseResult {
  file: string;
  /** Of the case in its file, from 1. */
  line: number;
  name: string;
  /** `updated`: it differed, and its expectation was rewritten; `invalid`: it could not be run. */
  outcome: 'passed' | 'differs' | 'updated' | 'invalid';
  differences: (Omit<Difference, 'at'> & { line: number; column: number })[];
  /** Of `invalid`: what is wrong. */
  problem?: string;
  durationSeconds: number;
}

/** How many cases had which outcome, and how many there are. */
export type CaseSummary = Record<CaseResult['outcome'] | 'total', number>;

/** The counts before the first case. */
export function emptyCaseSummary(): CaseSummary {
  return { total: 0, passed: 0, differs: 0, updated: 0, invalid: 0 };
}
