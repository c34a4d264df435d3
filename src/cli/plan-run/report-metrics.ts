/** The counters of runs, to a file or to a push gateway. What is reported has happened: a failure to do so changes no outcome. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, RemedyError } from '../../errors/remedy-error.ts';
import { proxyFromEnvironment } from '../../kube/go-proxy.ts';
import { writeMetricsFile } from '../../metrics/metrics-file.ts';
import { exposition, summed, type Series } from '../../plan/run/run-metrics.ts';
import type { Session } from '../session.ts';
import type { WorkFlags } from './run-flags.ts';

const job = 'cad';
const timeoutMs = 10_000;

/** Errors: USAGE for what is no URL of a push gateway. */
function pushAddress({ pushgateway }: Pick<WorkFlags, 'pushgateway'>): URL | undefined {
  if (pushgateway === undefined) return undefined;
  const url = URL.canParse(pushgateway) ? new URL(pushgateway) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new RemedyError('USAGE', '--pushgateway is no URL that begins with http:// or https://');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new RemedyError('USAGE', '--pushgateway takes a URL without credentials, query and fragment');
  }
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/metrics/job/${job}`;
  return url;
}

/**
 * That the counters of a run will have a place to go to. To be asked before anything is sent: afterwards it would look
 * as if the run had failed. Errors: USAGE, OUTPUT_FAILED.
 */
export async function checkReporting({ runtime }: Session, flags: WorkFlags): Promise<void> {
  pushAddress(flags);
  const file = flags['metrics-file'];
  if (file === undefined) return;
  if (file === '') throw new RemedyError('USAGE', '--metrics-file names no file');
  const place = path.resolve(runtime.cwd, file);
  try {
    // a file in the place of the folder shows by the slash
    await access(path.dirname(place) + path.sep, constants.W_OK);
    await refuseNoFile(place);
  } catch (cause) {
    throw new RemedyError('OUTPUT_FAILED', `metrics cannot be written to ${file}: ${messageOf(cause)}`, {
      hint: 'Check that the folder exists and that it is writable.',
      cause,
    });
  }
}

/** The file takes the place of what has its name, which has to be a file then: not a folder, not a terminal. */
async function refuseNoFile(place: string): Promise<void> {
  const isFile = await stat(place).then(
    (facts) => facts.isFile(),
    () => true,
  );
  if (!isFile) throw new Error('what has this name is no file');
}

/** Errors: OUTPUT_FAILED of the file. A push that fails is a warning. */
export async function reportMetrics(
  session: Session,
  flags: WorkFlags,
  series: readonly Series[],
): Promise<void> {
  const text = exposition(summed(series));
  const url = pushAddress(flags);
  if (url !== undefined) await push(session, url, text);
  const file = flags['metrics-file'];
  if (file !== undefined) await writeMetricsFile(file, text, session.runtime.random);
}

async function push({ runtime, notices }: Session, url: URL, text: string): Promise<void> {
  const { RemoteHttp } = await import('../../http/remote-http.ts');
  const http = new RemoteHttp({
    userAgent: `remedyctl/${runtime.version}`,
    clock: runtime.clock,
    random: runtime.random,
    timeoutMs,
    proxyOf: (target) => proxyFromEnvironment(target, runtime.env),
  });
  try {
    const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };
    const end = await http.exchange({ method: 'POST', url, headers, body: text });
    const status = end.head?.httpStatus;
    if (status === undefined) notices.warn(`the counters were not pushed: ${messageOf(end.failure)}`);
    else if (status >= 300) notices.warn(`the push gateway answered ${status}: the counters were not pushed`);
  } finally {
    await http.close();
  }
}
