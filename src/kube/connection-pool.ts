import { isIP } from 'node:net';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import type { buildConnector, Dispatcher } from 'undici';
import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import type { ClusterConnection } from './connection.ts';
import type { ClientCertificate } from './credentials.ts';
import type { Connections } from './idle-first-pool.ts';
import { IdleFirstPool } from './idle-first-pool.ts';
import type { Cuttable, CuttableConnector } from './proxy-tunnel.ts';
import { proxyAuthorization, tunnelConnector } from './proxy-tunnel.ts';
import { systemCertificateAuthorities } from './system-authorities.ts';

export interface PoolTimeouts {
  connectMs: number;
  /** Until the headers, and between two pieces of a body; 0 waits for ever. */
  requestMs: number;
}

/** Shorter than the idle time-outs of load balancers in front of API servers, which close silently. */
const keepAliveMs = 20_000;

interface TlsConnectOptions {
  secureContext?: SecureContext;
  /** Empty sends no SNI: an address is no name. */
  servername?: string;
  rejectUnauthorized?: boolean;
  checkServerIdentity?: ConnectionOptions['checkServerIdentity'];
}

/** Keep-alive connections to one server with one client certificate. */
export async function openPool(
  connection: ClusterConnection,
  certificate: ClientCertificate | undefined,
  timeouts: PoolTimeouts,
): Promise<Connections> {
  const options = {
    // One request at a time on a connection: a slow LIST never delays a Lease behind it.
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    headersTimeout: timeouts.requestMs,
    bodyTimeout: timeouts.requestMs,
  };
  const trust = await tlsOptions(connection, certificate);
  const [{ default: Client }, { default: buildConnector }] = await Promise.all([
    import('undici/lib/dispatcher/client.js'),
    import('undici/lib/core/connect.js'),
  ]);
  const { connectMs } = timeouts;
  const { proxy } = connection;
  const server = new URL(connection.server);
  // A plain http server is asked for through an http proxy by absolute URL, everything else through a tunnel.
  const isAsked = proxy !== undefined && proxy.protocol !== 'socks5:' && server.protocol === 'http:';
  const tls = isAsked ? { servername: nameOf(proxy.hostname) } : trust;
  // One connector for all connections: they share its TLS sessions.
  const made = buildConnector({ ...tls, timeout: connectMs, allowH2: false }) as CuttableConnector;
  const direct = namedConnector(made, tls.servername);
  const isTunnelled = proxy !== undefined && !isAsked;
  const { connect, cut } = cuttable(isTunnelled ? tunnelConnector(proxy, connectMs, direct) : direct);
  const origin = isAsked ? `${proxy.protocol}//${proxy.host}` : server.origin;
  const pool = new IdleFirstPool(() => new Client(origin, { ...options, connect }));
  return {
    dispatch: (request, exchange, wish) => {
      pool.dispatch(isAsked ? askedOf(proxy, server, request) : request, exchange, wish);
    },
    destroy: async () => {
      const destroyed = pool.destroy();
      cut();
      await destroyed;
    },
  };
}

/** undici would name the server of the request where no name is given: an address is sent as none. */
function namedConnector(connector: CuttableConnector, servername: string | undefined): CuttableConnector {
  if (servername !== '') return connector;
  return (options, done) => connector({ ...options, host: '' }, done);
}

function askedOf(proxy: URL, server: URL, request: Dispatcher.DispatchOptions): Dispatcher.DispatchOptions {
  const headers = { ...(request.headers as object), host: server.host, ...proxyAuthorization(proxy) };
  return { ...request, path: server.origin + request.path, headers };
}

/**
 * A connector whose unfinished connections can be cut: a client that is destroyed waits for them, and a server that
 * accepts and says nothing would keep the process until the connection's time-out.
 */
function cuttable(connector: CuttableConnector): { connect: buildConnector.connector; cut: () => void } {
  const unfinished = new Set<Cuttable>();
  return {
    connect: (options, done) => {
      const socket = connector(options, (...result) => {
        unfinished.delete(socket);
        done(...result);
      });
      unfinished.add(socket);
    },
    cut: () => {
      for (const socket of unfinished) socket.destroy(new Error('the connection is not needed any more'));
    },
  };
}

/** What is sent as SNI for a host; an address is no name. */
function nameOf(host: string): string {
  return isIP(bare(host)) === 0 ? host : '';
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

async function tlsOptions(
  connection: ClusterConnection,
  certificate: ClientCertificate | undefined,
): Promise<TlsConnectOptions> {
  const url = new URL(connection.server);
  if (url.protocol !== 'https:') return {};
  const { checkServerIdentity, createSecureContext } = await import('node:tls');
  const { ca, insecure, serverName } = connection.tls;
  const authorities = insecure === true ? [] : (ca ?? (await systemCertificateAuthorities()));
  try {
    const secureContext = createSecureContext({
      ...(authorities === undefined ? {} : { ca: authorities }),
      ...certificate,
    });
    const servername = nameOf(serverName ?? url.hostname);
    return {
      secureContext,
      servername,
      rejectUnauthorized: insecure !== true,
      // Without a name Node.js would look for the address that it has connected to.
      ...(serverName !== undefined && servername === ''
        ? { checkServerIdentity: (_host, cert) => checkServerIdentity(bare(serverName), cert) }
        : {}),
    };
  } catch (cause) {
    throw new RemedyError(
      'KUBECONFIG_INVALID',
      `the certificates for ${connection.server} cannot be used: ${messageOf(cause)}`,
      {
        hint: 'Check certificate-authority, client-certificate and client-key of the kubeconfig.',
        cause,
      },
    );
  }
}
