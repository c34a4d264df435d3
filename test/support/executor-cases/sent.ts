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

/**
 * A body as it is compared: report ids stand in the text of a note and in a report of the notes; of the note about
 * what was held back only the names count.
 */
export function readable(body: unknown): unknown {
  const { note, data } = body as { note?: { content?: unknown }; data?: unknown };
  const content = typeof note?.content === 'string' ? note.content : '';
  if (content.startsWith('⚠️ This is an infrastructure cluster')) {
    const names = content.split('\n').flatMap((line) => /^- (\w+)/.exec(line)?.[1] ?? []);
    return { note: { content: { names } } };
  }
  const whole =
    typeof data === 'string' && isBase64(data) ? { ...(body as object), data: decoded(data) } : body;
  return JSON.parse(withoutReportIds(JSON.stringify(whole))) as unknown;
}

function decoded(data: string): { base64: string } {
  return { base64: Buffer.from(data, 'base64').toString('utf8') };
}

function isBase64(data: string): boolean {
  return Buffer.from(data, 'base64').toString('base64') === data;
}
