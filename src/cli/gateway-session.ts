/** A gateway as flags and configuration name it: where it is, how it is reached, and with whose token. */
import path from 'node:path';
import { boolean, option, string } from '@oclif/core/flags';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { gatewayBase } from '../gateway/gateway-url.ts';
import { GatewayClient } from '../gateway/gateway-client.ts';
import {
  fixedToken,
  readServiceAccount,
  serviceAccountOf,
  serviceAccountToken,
  type GatewayToken,
} from '../gateway/gateway-token.ts';
import type { Secret } from '../http/secret.ts';
import type { KubeClient } from '../kube/client.ts';
import type { PortForward } from '../kube/port-forward.ts';
import { kubeconfigChoice, kubeHost } from './composition.ts';
import { exchangeLog } from './request-log.ts';
import type { Session } from './session.ts';

/** Of the flags that say how a gateway is reached. */
export const gatewayGroup = 'GATEWAY';

/** The flags of commands that talk to a gateway, but for the one that names it. */
export const gatewayFlags = {
  'token-file': string({
    helpGroup: gatewayGroup,
    helpValue: 'FILE',
    summary: 'The file of the token for the gateway.',
  }),
  'service-account': string({
    helpGroup: gatewayGroup,
    helpValue: '[NAMESPACE/]NAME',
    summary: 'Ask the API server for a token of this service account, for ten minutes.',
  }),
  'token-from': option({
    helpGroup: gatewayGroup,
    options: ['kubeconfig'] as const,
    summary: "kubeconfig: give the gateway the kubeconfig user's own token.",
  })(),
  'port-forward': string({
    helpGroup: gatewayGroup,
    helpValue: '[svc/]NAME[:PORT]',
    summary: "Reach the gateway through the API server, by a port of this service's pod.",
  }),
  'gateway-ca-file': string({
    helpGroup: gatewayGroup,
    helpValue: 'FILE',
    summary: 'Certificates to check the gateway by, as PEM.',
  }),
  'gateway-timeout': string({
    helpGroup: gatewayGroup,
    helpValue: 'DURATION',
    summary: 'How long the gateway may take for one request, 20s at least (default 1m).',
  }),
};

/** The flag of a command that sends. */
export const timestampFlag = {
  'x-timestamp': boolean({
    helpGroup: gatewayGroup,
    summary: 'Send the time of sending as X-Timestamp; then the gateway does not look at startsAt.',
  }),
};

/** What a command line says of a gateway, beside what is in the configuration. */
export interface GatewayFlags {
  'token-from'?: 'kubeconfig' | undefined;
  'port-forward'?: string | undefined;
  'x-timestamp'?: boolean | undefined;
}

/** A gateway that can be asked; to be closed in the end. */
export interface OpenGateway {
  gateway: GatewayClient;
  base: string;
  /** As whom its token makes us known, where the token says so. */
  user: () => Promise<string | undefined>;
  close(): Promise<void>;
}

/**
 * Opens the configured gateway; nothing is sent yet. `client`: the cluster that makes
 * tokens for service accounts and forwards ports; asked for only where either is needed.
 * Throws USAGE where no gateway or no token is named, or the token would be seen by the network; CREDENTIALS_FAILED.
 */
export async function openGateway(
  session: Pick<Session, 'runtime' | 'config' | 'notices'>,
  flags: GatewayFlags,
  client: () => Promise<KubeClient>,
): Promise<OpenGateway> {
  const { runtime, config, notices } = session;
  const { values } = config;
  const tunnel = await tunnelOf(session, flags['port-forward'], client);
  const url = values['gateway.url'] ?? tunnel?.url;
  if (url === undefined) {
    throw usageError(
      'no gateway is named',
      'Name it with --gateway URL, or as gateway.url in the configuration.',
    );
  }
  const base = gatewayBase({ url, tunnelled: tunnel !== undefined });
  const token = await tokenOf(session, flags, client);
  const [{ RemoteHttp }, { proxyFromEnvironment }] = await Promise.all([
    import('../http/remote-http.ts'),
    import('../kube/go-proxy.ts'),
  ]);
  const caFile = values['gateway.caFile'];
  const http = new RemoteHttp({
    userAgent: `remedyctl/${runtime.version}`,
    clock: runtime.clock,
    random: runtime.random,
    timeoutMs: values['gateway.timeout'],
    maxBodyBytes: 4 * 2 ** 20,
    proxyOf: (target) => proxyFromEnvironment(target, runtime.env),
    dial: tunnel === undefined ? undefined : () => tunnel.forward.connect(),
    onExchange: notices.isVerbose ? exchangeLog(notices) : undefined,
    tls: { ca: caFile === undefined ? undefined : await caOf(path.resolve(runtime.cwd, caFile)) },
  });
  const gateway = new GatewayClient({
    http,
    base,
    token,
    clock: runtime.clock,
    random: runtime.random,
    timestamp: flags['x-timestamp'],
    onRetry: ({ attempt, waitMs, error }) => {
      notices.detail(
        `attempt ${attempt + 1} failed, again in ${Math.ceil(waitMs / 1_000)} s: ${messageOf(error)}`,
      );
    },
  });
  const close = async (): Promise<void> => {
    await http.close();
    tunnel?.forward.close();
  };
  return { gateway, base, user: async () => serviceAccountOf(await token.get()), close };
}

/** The way to a gateway that only the cluster reaches, and the URL that it has there. */
async function tunnelOf(
  { runtime, config, notices }: Pick<Session, 'runtime' | 'config' | 'notices'>,
  text: string | undefined,
  client: () => Promise<KubeClient>,
): Promise<{ forward: PortForward; url: string } | undefined> {
  if (text === undefined) return undefined;
  const [{ parseForwardTarget }, { openPortForward }] = await Promise.all([
    import('../kube/forward-target.ts'),
    import('../kube/port-forward.ts'),
  ]);
  const named = /^[^/]+\//.test(text) ? text : `svc/${text}`;
  const target = parseForwardTarget(named, config.values.namespace);
  const forward = await openPortForward(await client(), target, runtime.signal);
  notices.detail(`the gateway is reached through pod ${forward.to.pod}, port ${forward.to.port}`);
  return { forward, url: `http://${target.name}.${target.namespace}.svc` };
}

async function tokenOf(
  session: Pick<Session, 'runtime' | 'config' | 'notices'>,
  flags: GatewayFlags,
  client: () => Promise<KubeClient>,
): Promise<GatewayToken> {
  const { runtime, config } = session;
  const { values } = config;
  const source = sourceOf(session, flags);
  if (source === 'kubeconfig') {
    return fixedToken(await kubeconfigToken(session));
  }
  if (source === 'serviceAccount') {
    const account = readServiceAccount(values['gateway.serviceAccount'] ?? '', values.namespace);
    return serviceAccountToken(account, { client: await client(), clock: runtime.clock });
  }
  const { findSecret } = await import('../http/secret-source.ts');
  const file = path.resolve(runtime.cwd, values['gateway.tokenFile'] ?? '');
  const secret = await findSecret({ name: 'token', file, mayBeMounted: true }, { env: {} });
  if (secret === undefined)
    throw usageError('the token file holds no token', 'Name another with --token-file.');
  return fixedToken(secret);
}

type TokenSourceName = 'file' | 'serviceAccount' | 'kubeconfig';

/** What a flag says goes before what the configuration says; two of a kind cannot both be meant. */
function sourceOf({ config }: Pick<Session, 'config'>, flags: GatewayFlags): TokenSourceName {
  const { values, origins } = config;
  const named = {
    file: values['gateway.tokenFile'] === undefined ? undefined : origins['gateway.tokenFile'].kind,
    serviceAccount:
      values['gateway.serviceAccount'] === undefined ? undefined : origins['gateway.serviceAccount'].kind,
    kubeconfig: flags['token-from'] === undefined ? undefined : 'flag',
  } as const;
  const sources = (Object.keys(named) as TokenSourceName[]).filter((name) => named[name] !== undefined);
  const byFlag = sources.filter((name) => named[name] === 'flag');
  const [source, second] = byFlag.length > 0 ? byFlag : sources;
  if (source !== undefined && second === undefined) return source;
  throw usageError(
    source === undefined ? 'no token for the gateway is named' : 'two tokens for the gateway are named',
    'Give one of --service-account NAME, --token-file FILE, --token-from kubeconfig.',
  );
}

/** The user's own token; one that only proves itself by a certificate has none to give away. */
async function kubeconfigToken(session: Pick<Session, 'runtime' | 'config'>): Promise<Secret> {
  const [{ loadConnection }, { Secret: SecretText }] = await Promise.all([
    import('../kube/kubeconfig.ts'),
    import('../http/secret.ts'),
  ]);
  const connection = await loadConnection(kubeconfigChoice(session.config), kubeHost(session, {}));
  const { headers } = (await connection?.credentials.identity()) ?? { headers: {} };
  const { authorization } = headers as { authorization?: string | string[] };
  const token = typeof authorization === 'string' ? /^Bearer +(\S+)\s*$/.exec(authorization)?.[1] : undefined;
  if (token !== undefined) return new SecretText(token);
  throw new RemedyError('CREDENTIALS_FAILED', 'the user of the kubeconfig has no token', {
    hint: 'It proves itself by something else; use --service-account NAME, or --token-file FILE.',
  });
}

async function caOf(file: string): Promise<string> {
  const { readCaFile } = await import('./ca-file.ts');
  return readCaFile('--gateway-ca-file', file);
}

function usageError(message: string, hint: string): RemedyError {
  return new RemedyError('USAGE', message, { hint });
}
