/**
 * Alerts straight from the API that has them: AlertManager's second API, or Prometheus' own. What they answer is read
 * as a file with the same content is.
 *
 * Guarantees: nothing but GET is sent, at most four times, after a refusal that may pass (429, 503, 504, a lost
 * connection), waiting as long as the server asks, up to a minute; no redirect is followed; credentials go over plain HTTP to this
 * machine only. Non-guarantee: an answer of more than the bound of {@link RemoteHttp} is refused.
 */
import type { NamedInput } from '../documents/input-files.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { RemoteEndpoint, type Authority } from '../http/remote-endpoint.ts';
import { RemoteError } from '../http/remote-error.ts';
import type { RemoteHttp } from '../http/remote-http.ts';
import type { Secret } from '../http/secret.ts';
import { RetryError } from '../retry/retry-error.ts';
import { planActions } from '../retry/retry-policy.ts';
import { retry, type RetryEvent } from '../retry/retry.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { isMatch, matcherText, readMatchers, type Matcher } from './matcher.ts';

/** Who is asked for alerts. */
export type AlertSystem = 'alertmanager' | 'prometheus';

/** Who asks: a token, or a name with its password. */
export interface AlertCredentials {
  token?: Secret | undefined;
  username?: string | undefined;
  password?: Secret | undefined;
}

/** What alerts are asked for with. */
export interface AlertSourceOptions {
  system: AlertSystem;
  /** Where it is, with a path in front of its API where it has one. */
  url: string;
  /** Matchers that alerts must meet, each text one or several of them. Default: none. */
  filters?: readonly string[] | undefined;
  credentials?: AlertCredentials | undefined;
  http: RemoteHttp;
  clock: Clock;
  random: Random;
  /** Hears of each attempt that is repeated. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
  /** Hears what an answer warns of: with some alerts missing, it is none the less a success. */
  onWarning?: ((warning: string) => void) | undefined;
}

interface Api {
  title: string;
  path: string;
  /** Under which the configuration and the environment have its credentials. */
  variable: string;
}

const apis: Readonly<Record<AlertSystem, Api>> = {
  alertmanager: { title: 'AlertManager', path: '/api/v2/alerts', variable: 'ALERTMANAGER' },
  prometheus: { title: 'Prometheus', path: '/api/v1/alerts', variable: 'PROMETHEUS' },
};

/** Nobody who waits for alerts waits longer before asking again, in seconds. */
const longestWaitSeconds = 60;

/**
 * The firing alerts as an input for whoever reads documents; asked for when it is opened.
 * @throws INVALID_OPTION for what is no URL or matcher, or would show credentials to the network
 */
export function alertSource(options: AlertSourceOptions): NamedInput {
  const { system, http, clock, random, onRetry, onWarning, credentials = {} } = options;
  const { title, path } = apis[system];
  const base = baseOf(options);
  const matchers = (options.filters ?? []).flatMap(readMatchers);
  const endpoint = new RemoteEndpoint({
    http,
    base,
    title,
    authority: authorityOf(credentials),
    refusalIn: refusalIn,
    credentialsHint: credentialsHint(apis[system]),
    urlHint: urlHint(system),
  });
  const query = system === 'alertmanager' ? alertmanagerQuery(matchers) : '';
  const request = { system, method: 'GET', path: `${path}${query}`, isQuestion: true } as const;
  return {
    name: `${base}${path}`,
    async open(signal) {
      const body = await lastError(
        retry(() => askOnce(() => endpoint.call(request, { status: 200, read: answerOf }, { signal })), {
          policy: planActions,
          clock,
          random,
          signal,
          observer: onRetry,
        }),
      );
      for (const warning of warningsIn(body)) onWarning?.(warning);
      const kept = system === 'prometheus' && matchers.length > 0 ? withAlerts(body, matchers) : body;
      return chunksOf(Buffer.from(JSON.stringify(kept)));
    },
  };
}

/** The base URL, also of a URL that was copied with the path of the API. */
function baseOf({ system, url, credentials = {} }: AlertSourceOptions): string {
  const problem = URL.canParse(url) ? problemOf(new URL(url), credentials) : 'that is no URL';
  if (problem !== undefined) {
    throw new RemedyError('INVALID_OPTION', `${optionName('from')} ${system}=…: ${problem}`, {
      hint: urlHint(system),
    });
  }
  return new URL(url).href.replace(/\/+$/, '').replace(/\/api\/v[12]\/alerts(\/groups)?$/, '');
}

function problemOf(url: URL, { token, password }: AlertCredentials): string | undefined {
  if (!/^https?:$/.test(url.protocol)) return 'the URL must begin with http:// or https://';
  if (url.username !== '' || url.password !== '') {
    return 'credentials do not belong into the URL, where every user of this machine can read them';
  }
  if (url.search !== '' || url.hash !== '') return 'the URL must not have a query or a fragment';
  const isSecret = token !== undefined || password !== undefined;
  const isSafe = url.protocol === 'https:' || isThisMachine(url.hostname);
  return isSecret && !isSafe
    ? 'credentials would go over the network in clear text; use https://'
    : undefined;
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function alertmanagerQuery(matchers: readonly Matcher[]): string {
  const query = new URLSearchParams({
    active: 'true',
    silenced: 'false',
    inhibited: 'false',
    unprocessed: 'true',
  });
  for (const matcher of matchers) query.append('filter', matcherText(matcher));
  return `?${query.toString()}`;
}

function authorityOf({ token, username, password }: AlertCredentials): Authority {
  const secrets = [token, password].filter((secret) => secret !== undefined);
  const headers = (): Record<string, string> => {
    if (token !== undefined) return { authorization: `Bearer ${token.reveal()}` };
    if (username === undefined) return {};
    const pair = `${username}:${password?.reveal() ?? ''}`;
    return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  };
  return {
    headers: () => Promise.resolve(headers()),
    refused: () => undefined,
    secrets: () => secrets,
  };
}

function credentialsHint({ title, variable }: Api): string {
  return `Give ${title}'s token in ${variable}_TOKEN, or a name and a password: ${optionName('fromUsername')} with ${variable}_PASSWORD.`;
}

function urlHint(system: AlertSystem): string {
  const port = system === 'prometheus' ? 9090 : 9093;
  return `Give the URL under which its web pages are, for example ${system}=http://${system}.monitoring:${port}.`;
}

/** JSON of an object or array; a text is a page of something else. */
function answerOf(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null ? answer : undefined;
}

/** A refusal that asks for a long wait is no reason to wait. */
async function askOnce<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    const waitSeconds = thrown instanceof RemoteError ? (thrown.retryAfterSeconds ?? 0) : 0;
    if (!(thrown instanceof RemoteError) || waitSeconds <= longestWaitSeconds) throw thrown;
    throw new RemedyError(thrown.code, thrown.message, { hint: thrown.hint, cause: thrown });
  }
}

/** Of Prometheus, and of Thanos where a store did not answer. */
function warningsIn(body: unknown): string[] {
  const warnings =
    typeof body === 'object' && body !== null && 'warnings' in body ? body.warnings : undefined;
  return Array.isArray(warnings) ? warnings.filter((one) => typeof one === 'string') : [];
}

/** Both answer errors as `{status, error}`; a proxy in front of them answers pages, which are not shown. */
function refusalIn(body: unknown): { messages: string[] } {
  if (typeof body === 'string') return { messages: [body] };
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  return { messages: typeof error === 'string' ? [error] : [] };
}

/** Prometheus does not choose; its answer is left with the alerts that are wanted. */
function withAlerts(body: unknown, matchers: readonly Matcher[]): unknown {
  if (typeof body !== 'object' || body === null || !('data' in body)) return body;
  const { data } = body;
  if (typeof data !== 'object' || data === null || !('alerts' in data) || !Array.isArray(data.alerts))
    return body;
  const alerts = (data.alerts as unknown[]).filter((alert) => isMatch(labelsOf(alert), matchers));
  return { ...body, data: { ...data, alerts } };
}

function labelsOf(alert: unknown): Record<string, unknown> {
  const labels = typeof alert === 'object' && alert !== null && 'labels' in alert ? alert.labels : undefined;
  return typeof labels === 'object' && labels !== null ? (labels as Record<string, unknown>) : {};
}

async function lastError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    throw thrown instanceof RetryError ? thrown.originalError : thrown;
  }
}

async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array, void> {
  yield bytes;
  await Promise.resolve();
}
