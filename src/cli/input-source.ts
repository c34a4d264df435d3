/** Where a command's signals come from: files, or straight from a system that `--from` names. */
import path from 'node:path';
import type { DocumentInput } from '../documents/input-files.ts';
import type { KubeClient } from '../kube/client.ts';
import { askForRequests } from '../kube/located-requests.ts';
import type { RepeatOptions } from '../signal/signal-resolver.ts';
import type { SignalItem } from '../signal/signal.ts';
import { counted } from '../text/count.ts';
import { formatUtcSeconds, parseRfc3339, type WrittenTime } from '../time/rfc3339.ts';
import { confirm } from './confirmation.ts';
import { signalTarget } from './render/ingest-columns.ts';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import type { AlertCredentials, AlertSystem } from '../sources/alert-source.ts';
import { exchangeLog } from './request-log.ts';
import { shortenText } from '../signal/quoted-text.ts';
import type { Session } from './session.ts';

/** Where signals come from; what has to be asked for is asked for. */
export interface OpenInputs extends RepeatOptions {
  inputs: readonly DocumentInput[];
  /** The request whose payload it is. */
  request?: string;
}

/** The flags that say where signals come from. */
export interface SourceFlags {
  from?: string | undefined;
  filter?: string[] | undefined;
  'all-alerts': boolean;
  'set-start'?: string | undefined;
}

const form = /^(alertmanager|prometheus|request)=(.+)$/s;

/**
 * Throws USAGE where there are no inputs, or two kinds of them, and what is wrong with the source. `client`: whatever
 * holds the requests.
 */
export async function openInputs(
  session: Session,
  files: readonly string[],
  { flags, client }: { flags: SourceFlags; client: KubeClient },
): Promise<OpenInputs> {
  const { from, filter: filters = [] } = flags;
  if (from === undefined) {
    refuseAlone(flags);
    if (files.length > 0) return { inputs: files };
    throw usageError('no input is given', 'Name files, - for stdin, or --from alertmanager=URL.');
  }
  const [, system, place] = form.exec(from) ?? [];
  if (system === undefined || place === undefined) {
    throw usageError(`--from ${from}: no source`, 'Give alertmanager=URL, prometheus=URL or request=NAME.');
  }
  if (files.length > 0) throw usageError('--from takes the place of files', 'Give either of them.');
  if (system === 'request') return openPayload(session, place, { flags, client });
  refuseAlone({ ...flags, filter: undefined });
  return openSource(session, { system: system as AlertSystem, url: place, filters });
}

/** Flags without the source that they belong to. */
function refuseAlone(flags: SourceFlags): void {
  if (flags.filter !== undefined) {
    throw usageError(
      '--filter goes with --from alertmanager= or prometheus=',
      'Other inputs are read as they are.',
    );
  }
  for (const name of ['all-alerts', 'set-start'] as const) {
    if (flags[name] === undefined || flags[name] === false) continue;
    throw usageError(`--${name} goes with --from request=NAME`, 'Other inputs are read as they are.');
  }
}

/** The payload of a request, of which only what it was made for is taken. */
async function openPayload(
  { runtime, config }: Session,
  name: string,
  { flags, client }: { flags: SourceFlags; client: KubeClient },
): Promise<OpenInputs> {
  refuseAlone({ filter: flags.filter, 'all-alerts': false });
  const start = flags['set-start'];
  const { payloadOf } = await import('../request/request-payload.ts');
  const { namespace } = config.values;
  const { answer } = await askForRequests(client.discovery, (resource) =>
    client.objects.get(resource, { namespace, name }, { signal: runtime.signal }),
  );
  const { input, fingerprint } = payloadOf(answer);
  return {
    inputs: [input],
    request: name,
    includeEnded: true,
    onlyFingerprint: flags['all-alerts'] ? undefined : fingerprint,
    start: start === undefined ? undefined : startOf(start, runtime.clock.now()),
  };
}

function startOf(text: string, nowMs: number): WrittenTime {
  const time = parseRfc3339(text === 'now' ? formatUtcSeconds(nowMs) : text);
  if (time !== undefined) return time;
  throw usageError(
    `--set-start: "${text}" is no RFC 3339 time`,
    'for example --set-start 2026-03-01T12:00:00Z, or now',
  );
}

/**
 * Shows what would be injected once more, and asks. Throws NEEDS_YES off a terminal, DECLINED.
 */
export async function confirmRepeat(
  session: Session,
  { request, items, yes }: { request: string; items: AsyncIterable<SignalItem>; yes: boolean },
): Promise<void> {
  const { notices, runtime } = session;
  let count = 0;
  for await (const item of items) {
    if (item.outcome !== 'normalized') continue;
    count += 1;
    if (count > mostShown) continue;
    const { signalName, fingerprint } = item.signal;
    notices.say(`once more: ${signalName}, ${signalTarget(item) ?? ''} (${fingerprint.slice(0, 12)})`);
  }
  if (count > mostShown) notices.say(`and ${count - mostShown} more`);
  await confirm(
    { about: `this injects ${counted(count, 'signal')} of request ${request} once more`, yes },
    runtime,
  );
}

const mostShown = 10;

async function openSource(
  { runtime, config, notices }: Session,
  wanted: { system: AlertSystem; url: string; filters: readonly string[] },
): Promise<OpenInputs> {
  const [{ alertSource }, { RemoteHttp }, { proxyFromEnvironment }] = await Promise.all([
    import('../sources/alert-source.ts'),
    import('../http/remote-http.ts'),
    import('../kube/go-proxy.ts'),
  ]);
  const { clock, random, env, version } = runtime;
  const { values } = config;
  const caFile = values['from.caFile'];
  const http = new RemoteHttp({
    userAgent: `remedyctl/${version}`,
    clock,
    random,
    maxBodyBytes: 64 * 2 ** 20,
    timeoutMs: timeoutOf(config),
    proxyOf: (target) => proxyFromEnvironment(target, env),
    onExchange: notices.isVerbose ? exchangeLog(notices) : undefined,
    tls: {
      ca: caFile === undefined ? undefined : await caOf(path.resolve(runtime.cwd, caFile)),
      rejectUnauthorized: values['from.insecure'] ? false : undefined,
    },
  });
  const source = alertSource({
    ...wanted,
    credentials: await credentialsOf(wanted.system, { runtime, config }),
    http,
    clock,
    random,
    onWarning: (warning) => {
      notices.warn(`${from[wanted.system]} warns: ${shortenText(warning)}`);
    },
    onRetry: ({ attempt, waitMs, error }) => {
      notices.say(
        `attempt ${attempt + 1} failed, again in ${Math.ceil(waitMs / 1_000)} s: ${messageOf(error)}`,
      );
    },
  });
  // asked here, so that a source that does not answer is the command's own failure
  try {
    const answer = await source.open(runtime.signal);
    return { inputs: [{ name: source.name, open: () => Promise.resolve(answer) }] };
  } finally {
    await http.close();
  }
}

const from: Readonly<Record<AlertSystem, string>> = {
  alertmanager: 'AlertManager',
  prometheus: 'Prometheus',
};

/** Who says on the command line how long a request may take means this one too. */
function timeoutOf({ values, origins }: Session['config']): number {
  const isSaid = origins.requestTimeout.kind === 'flag' && values.requestTimeout > 0;
  return isSaid ? values.requestTimeout : values['remote.timeout'];
}

async function credentialsOf(
  system: AlertSystem,
  { runtime: { env }, config: { values } }: Pick<Session, 'runtime' | 'config'>,
): Promise<AlertCredentials> {
  const { findSecret } = await import('../http/secret-source.ts');
  const name = system.toUpperCase();
  const username = values['from.username'];
  const [token, password] = await Promise.all([
    findSecret({ name: `${name}_TOKEN`, file: values['from.tokenFile'] }, { env }),
    findSecret({ name: `${name}_PASSWORD`, file: values['from.passwordFile'] }, { env }),
  ]);
  return { token, username, password };
}

async function caOf(file: string): Promise<string> {
  const { readCaFile } = await import('./ca-file.ts');
  return readCaFile('--from-ca-file', file);
}

function usageError(message: string, hint: string): RemedyError {
  return new RemedyError('USAGE', message, { hint });
}
