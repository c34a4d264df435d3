/** What -v says of each request as it is made, and -vv of its headers. */
import type { SeenExchange } from '../http/remote-http.ts';
import { ApiError } from '../kube/api-error.ts';
import type { Attempt, Headers } from '../kube/attempts.ts';
import type { RequestWait } from '../kube/repeated-send.ts';
import { formatDuration } from '../time/duration.ts';
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

/** Said without -v where a person would ask what it waits for: milliseconds. */
const shortestToldMs = 1_000;
/** Said each time. */
const longWaitMs = 10_000;

/** Before a request to an API server is sent again: what is waited for, once for the short waits of a run, under -v each time. */
export function waitLog(notices: Notices): (wait: RequestWait) => void {
  let isSaid = false;
  return ({ waitMs, waitedMs, error, isAsked }) => {
    const asks = isAsked ? 'the API server asks for patience' : 'the API server has not answered';
    const why = error instanceof ApiError ? `HTTP ${error.httpStatus}` : (error.errno ?? error.code);
    const when = waitMs === 0 ? 'at once, on a new connection' : `in ${formatDuration(Math.round(waitMs))}`;
    const text = `${asks} (${why}): asked again ${when}`;
    const isTold = waitMs + waitedMs > shortestToldMs && (!isSaid || waitMs >= longWaitMs);
    if (!isTold || notices.isVerbose) {
      notices.detail(text);
      return;
    }
    isSaid = true;
    notices.say(text);
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
