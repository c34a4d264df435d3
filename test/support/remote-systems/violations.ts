import type { IncomingHttpHeaders } from 'node:http';

export interface Violation {
  /** Begins with `request` or `response`. */
  readonly location: readonly string[];
  readonly severity: string;
  readonly message: string;
}

/** What prism says of a request and its answer, in a header of the answer. */
export function violationsIn(headers: IncomingHttpHeaders): Violation[] {
  const value = headers['sl-violations'];
  return typeof value === 'string' ? (JSON.parse(value) as Violation[]) : [];
}

/**
 * Those that are wrong. Of an answer that is meant to be broken only the request counts. An error status that the
 * document does not name is a warning of prism's, and none of ours: PagerDuty's names no 500 and, of an update, no 400.
 */
export function breachesIn(violations: readonly Violation[], meantToBreak: boolean): Violation[] {
  return violations.filter(({ location, severity, message }) => {
    if (location[0] === 'request') return true;
    return !meantToBreak && !(severity === 'Warning' && message.startsWith('Unable to match the returned'));
  });
}
