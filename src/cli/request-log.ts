/** What -v says of each request as it is made, and -vv of its headers. */
import type { SeenExchange } from '../http/remote-http.ts';
import type { Attempt, Headers } from '../kube/attempts.ts';
import type { Notices } from './notices.ts';

/** For requests to an API server, or to the embedded store. */
export function attemptLog(notices: Notices): (attempt: Attempt) => void {
  return (attempt) => {
    const { status, errno, error, reason, retryAfter } = attempt;
    const answer = [status, errno ?? error, reason].filter((part) => part !== undefined).join(' ');
    const again = retryAfter === undefined ? '' : `, retry after ${retryAfter} s`;
    notices.detail(`${attempt.method} ${attempt.path} ${answer} in ${wholeMs(attempt.durationMs)}${again}`);
    if (!notices.showsHeaders) return;
    sayHeaders(notices, '>', attempt.sentHeaders);
    sayHeaders(notices, '<', attempt.receivedHeaders ?? {});
  };
}

/** For requests to PagerDuty, OCM, Backplane and push gateways. */
export function exchangeLog(notices: Notices): (exchange: SeenExchange) => void {
  return ({ title, method, url, httpStatus, failure, durationMs, sentHeaders, receivedHeaders }) => {
    const answer = httpStatus ?? codeOf(failure);
    const system = title === undefined ? '' : `${title} `;
    notices.detail(`${system}${method} ${url.origin}${url.pathname} ${answer} in ${wholeMs(durationMs)}`);
    if (!notices.showsHeaders) return;
    sayHeaders(notices, '>', sentHeaders);
    sayHeaders(notices, '<', receivedHeaders);
  };
}

function codeOf(failure: unknown): string {
  if (!(failure instanceof Error)) return 'no answer';
  return 'code' in failure && typeof failure.code === 'string' ? failure.code : failure.message;
}

function wholeMs(ms: number): string {
  return `${Math.round(ms)} ms`;
}

function sayHeaders(notices: Notices, mark: string, headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) notices.detail(`  ${mark} ${name}: ${value}`);
}
