import type { Credentials } from './credentials.ts';

/** TLS as a kubeconfig asks for it. */
export interface TlsSettings {
  /** PEM; absent: the system's certificate authorities. */
  ca?: string | undefined;
  insecure?: boolean | undefined;
  serverName?: string | undefined;
}

/** A resolved way to one API server: what the transport needs, and nothing about files. */
export interface ClusterConnection {
  /** Absolute; a path is the prefix of every request (Rancher and the like). */
  server: string;
  /** The context's name; absent in a cluster. */
  context?: string | undefined;
  /** The context's namespace. */
  namespace?: string | undefined;
  tls: TlsSettings;
  /** Absent: connect directly. */
  proxy?: URL | undefined;
  disableCompression?: boolean | undefined;
  credentials: Credentials;
}
