/** What was done, in a form that the reference, the rules and remedyctl can be compared in. */
import type { System } from './case.ts';

export interface Sent {
  system: System;
  method: string;
  /** Each segment decoded. */
  path: string[];
  query: Record<string, string>;
  body?: unknown;
  /** A status; `none` where no answer came. */
  answer: string;
  /** Seconds since the answer to the same request before; bounds where they are known. */
  wait?: readonly [number, number];
}

export type StepOutcome =
  | 'succeeded'
  | 'failed'
  | 'unknown'
  | 'skipped_duplicate'
  | 'skipped_uninstalling'
  | 'skipped_dependency'
  | 'skipped_mode'
  | 'intercepted'
  | 'not_run';

export interface Step {
  type: string;
  outcome: StepOutcome;
  requests: Sent[];
}

/** A whole plan, or that it was refused before anything was sent. */
export type Run =
  | { refused: true }
  | {
      refused: false;
      ok: boolean;
      /** In the order of execution. */
      steps: Step[];
      /** What the actions added to the notes, line by line. */
      appended: string[];
      metrics: Record<string, number>;
      /** Seconds. */
      elapsed?: readonly [number, number];
    };

export function pathOf(encoded: string): string[] {
  return encoded.split('/').map((segment) => decodeURIComponent(segment));
}

/** Equal for requests of which one is the other once more. */
export function sameness({ system, method, path, query, body }: Sent): string {
  return JSON.stringify([system, method, path, query, body]);
}

/** Ids that the systems give are not the matter. */
export function withoutReportIds(text: string): string {
  return text.replaceAll(/--report-id (?:<id>|[\w-]*)/g, '--report-id <id>');
}
