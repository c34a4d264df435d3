import { isIP, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { buildConnector, ProxyAgent } from 'undici';
import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import type { ClusterConnection } from './connection.ts';
import type { ClientCertificate } from './credentials.ts';
import type { Connections } from './idle-first-pool.ts';
import { IdleFirstPool } from './idle-first-pool.ts';
import { ProxiedConnections } from './proxied-connections.ts';
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
  const { proxy, server } = connection;
  if (proxy === undefined) {
    const [{ default: Client }, { default: buildConnector }] = await Promise.all([
      import('undici/lib/dispatcher/client.js'),
      import('undici/lib/core/connect.js'),
    ]);
    // One connector for all connections: they share its TLS sessions.
    const made = buildConnector({ ...trust, timeout: timeouts.connectMs, allowH2: false });
    const { connect, cut } = cuttable(made as SocketConnector);
    const pool = new IdleFirstPool(() => new Client(new URL(server).origin, { ...options, connect }));
    return {
      dispatch: (request, exchange, wish) => {
        pool.dispatch(request, exchange, wish);
      },
      destroy: async () => {
        const destroyed = pool.destroy();
        cut();
        await destroyed;
      },
    };
  }
  const { ProxyAgent: Agent } = await import('undici');
  return new ProxiedConnections(
    () => new Agent({ ...options, ...proxyOptions(proxy, server), requestTls: trust }),
  );
}

type ConnectOptions = Parameters<buildConnector.connector>[0];
/** What undici's types leave out: it returns the socket at once. */
type SocketConnector = (options: ConnectOptions, done: buildConnector.Callback) => Socket;

/**
 * A connector whose unfinished connections can be cut: a client that is destroyed waits for them, and a server that
 * accepts and says nothing would keep the process until the connection's time-out.
 */
function cuttable(connector: SocketConnector): { connect: buildConnector.connector; cut: () => void } {
  const unfinished = new Set<Socket>();
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

function proxyOptions(proxy: URL, server: string): ProxyAgent.Options {
  const bare = new URL(proxy.href);
  const { username, password } = proxy;
  // undici sends credentials only where both parts are there; Go sends either.
  bare.username = '';
  bare.password = '';
  const socks = proxy.protocol === 'socks5:';
  const authorization =
    socks || (username === '' && password === '')
      ? {}
      : {
          token: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`,
        };
  return {
    uri: socks ? proxy.href : bare.href,
    // A plain http server is asked for through the proxy by absolute URL, a https one through a tunnel.
    proxyTunnel: server.startsWith('https:'),
    ...authorization,
  };
}

async function tlsOptions(
  connection: ClusterConnection,
  certificate: ClientCertificate | undefined,
): Promise<TlsConnectOptions> {
  const url = new URL(connection.server);
  if (url.protocol !== 'https:') return {};
  const { createSecureContext } = await import('node:tls');
  const { ca, insecure, serverName } = connection.tls;
  const authorities = insecure === true ? [] : (ca ?? (await systemCertificateAuthorities()));
  try {
    const secureContext = createSecureContext({
      ...(authorities === undefined ? {} : { ca: authorities }),
      ...certificate,
    });
    const host = url.hostname.replace(/^\[|\]$/g, '');
    return {
      secureContext,
      servername: serverName ?? (isIP(host) === 0 ? host : ''),
      rejectUnauthorized: insecure !== true,
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
