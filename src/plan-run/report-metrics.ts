/** The counters of runs, to a file or to a push gateway. What is reported has happened: a failure to do so changes no outcome. */
import path from 'node:path';
import { optionName } from '../errors/option-name.ts';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import type { RemoteHttpOptions } from '../http/remote-http.ts';
import { proxyFromEnvironment } from '../kube/go-proxy.ts';
import { checkMetricsFile, writeMetricsFile } from '../metrics/metrics-file.ts';
import type { Notes } from '../notes/notes.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { exposition, summed, type Series } from './run-metrics.ts';

const job = 'cad';
const timeoutMs = 10_000;

/** Where the counters of runs go. */
export interface Reporting {
  /** A file in Prometheus' text format, relative to `cwd`; default: none. */
  readonly metricsFile?: string | undefined;
  /** Absolute. */
  readonly cwd: string;
  /** The URL of a push gateway; default: none. */
  readonly pushgateway?: string | undefined;
}

/** What counters are reported with. */
export interface ReportingOptions extends Reporting {
  readonly clock: Clock;
  readonly random: Random;
  /** For the proxy of the push gateway. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of remedyctl, for the user agent. */
  readonly version: string;
  readonly notes: Pick<Notes, 'warn'>;
  /** Hears of the request to the push gateway once it has ended. */
  readonly onExchange?: RemoteHttpOptions['onExchange'];
}

/** Errors: INVALID_OPTION for what is no URL of a push gateway. */
function pushAddress({ pushgateway }: Reporting): URL | undefined {
  if (pushgateway === undefined) return undefined;
  const option = optionName('pushgateway');
  const url = URL.canParse(pushgateway) ? new URL(pushgateway) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new RemedyError('INVALID_OPTION', `${option} is no URL that begins with http:// or https://`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new RemedyError('INVALID_OPTION', `${option} takes a URL without credentials, query and fragment`);
  }
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/metrics/job/${job}`;
  return url;
}

/**
 * That the counters of a run will have a place to go to. To be asked before anything is sent: afterwards it would look
 * as if the run had failed. Errors: INVALID_OPTION, OUTPUT_FAILED.
 */
export async function checkReporting(reporting: Reporting): Promise<void> {
  pushAddress(reporting);
  const { metricsFile, cwd } = reporting;
  if (metricsFile === undefined) return;
  if (metricsFile === '') {
    throw new RemedyError('INVALID_OPTION', `${optionName('metricsFile')} names no file`);
  }
  await checkMetricsFile(path.resolve(cwd, metricsFile));
}

/** Errors: OUTPUT_FAILED of the file. A push that fails is a warning. */
export async function reportMetrics(series: readonly Series[], options: ReportingOptions): Promise<void> {
  const text = exposition(summed(series));
  const url = pushAddress(options);
  if (url !== undefined) await push(url, text, options);
  const { metricsFile, cwd, random } = options;
  if (metricsFile !== undefined) await writeMetricsFile(path.resolve(cwd, metricsFile), text, random);
}

async function push(
  url: URL,
  text: string,
  { clock, random, env, version, notes, onExchange }: ReportingOptions,
): Promise<void> {
  const { RemoteHttp } = await import('../http/remote-http.ts');
  const http = new RemoteHttp({
    userAgent: `remedyctl/${version}`,
    clock,
    random,
    timeoutMs,
    proxyOf: (target) => proxyFromEnvironment(target, env),
    onExchange,
  });
  try {
    const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };
    const end = await http.exchange({ method: 'POST', url, headers, body: text });
    const status = end.head?.httpStatus;
    if (status === undefined) notes.warn(`the counters were not pushed: ${messageOf(end.failure)}`);
    else if (status >= 300) notes.warn(`the push gateway answered ${status}: the counters were not pushed`);
  } finally {
    await http.close();
  }
}
