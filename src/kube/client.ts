import type { Send } from '../api/wire.ts';
import type { Random } from '../time/random.ts';
import type { Attempt, ServerDate } from './attempts.ts';
import { datedSend, recordedSend } from './attempts.ts';
import type { ClientNodeApis } from './client-node-apis.ts';
import type { Discovery } from './discovery.ts';
import { serverDiscovery } from './discovery.ts';
import type { KubeHost } from './kube-host.ts';
import type { KubeconfigChoice } from './kubeconfig-choice.ts';
import { ObjectAccess } from './object-access.ts';
import type { RepeatOptions, RequestWait } from './repeated-send.ts';
import { repeatedSend } from './repeated-send.ts';

/** Where a command ran: the `target` of machine-readable results. */
export type TargetDescription =
  | {
      kind: 'cluster';
      /** Absent for a pod's own credentials. */
      context?: string;
      server: string;
      /** Where requests and leases live. */
      namespace: string;
    }
  | { kind: 'embedded'; store: string; namespace: string };

/** One phrase that names a target. */
export function describeTarget(target: TargetDescription): string {
  if (target.kind === 'embedded') return `embedded store ${target.store}`;
  return target.context === undefined
    ? `cluster ${target.server}`
    : `cluster ${target.context} (${target.server})`;
}

/** What `connect` goes by. */
export interface ConnectOptions {
  /** `auto`: the cluster where a context or in-cluster credentials name one, else the embedded store. */
  target: 'auto' | 'cluster' | 'embedded';
  namespace: string;
  kubeconfig?: KubeconfigChoice | undefined;
  /**
   * For one request, milliseconds: until the headers of its last attempt, waits between its attempts included, and
   * between two pieces of a body. Default 30,000; 0 is without limit.
   */
  requestTimeoutMs?: number | undefined;
  store: { directory: string };
  /** Of this program, for the User-Agent. */
  version: string;
  host: KubeHost;
  random: Random;
  /** Every HTTP attempt, when it has ended. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** Before a request is sent again: what for, and in how long. */
  onWait?: ((wait: RequestWait) => void) | undefined;
  /** Every Date header, for measuring clock skew. */
  onServerDate?: ((date: ServerDate) => void) | undefined;
}

/** A connection to a Kubernetes API, be it of a cluster or of the embedded store; to be closed in the end. */
export interface KubeClient {
  target: TargetDescription;
  /** Repeats what was refused for the moment, or got no answer (docs/kubernetes-client.md). */
  send: Send;
  /** One HTTP attempt a call. */
  sendOnce: Send;
  /** Repeats over another Send as `send` does over `sendOnce`. */
  repeating(send: Send): Send;
  objects: ObjectAccess;
  discovery: Discovery;
  /** The generated classes of @kubernetes/client-node over `send`; loads them. */
  clientNodeApis(): Promise<ClientNodeApis>;
  /** Cuts requests and watches under way. Idempotent. */
  close(): Promise<void>;
}

/** Milliseconds. */
const defaultRequestTimeoutMs = 30_000;

/** What answers behind a Send. */
interface Backend {
  target: TargetDescription;
  send: Send;
  close(): Promise<void>;
}

/**
 * The one client factory. No request is sent yet; a cluster that is down shows at the first one.
 * Errors: KUBECONFIG_INVALID, CONFIG_NOT_FOUND, CREDENTIALS_FAILED; STORE_* for the embedded store.
 */
export async function connect(options: ConnectOptions): Promise<KubeClient> {
  const backend = await openBackend(options);
  const sendOnce = observed(backend.send, options);
  const repeating = (once: Send): Send => repeatedSend(once, repeatOptions(options));
  const send = repeating(sendOnce);
  let apis: Promise<ClientNodeApis> | undefined;
  return {
    target: backend.target,
    send,
    sendOnce,
    repeating,
    objects: new ObjectAccess(send, { clock: options.host.clock }),
    discovery: serverDiscovery(send),
    clientNodeApis: () => {
      apis ??= import('./client-node-apis.ts').then((module) => module.clientNodeApis(send));
      return apis;
    },
    close: () => backend.close(),
  };
}

function repeatOptions({ host, random, requestTimeoutMs, onWait }: ConnectOptions): RepeatOptions {
  const { clock, signal } = host;
  return { clock, random, requestTimeoutMs: requestTimeoutMs ?? defaultRequestTimeoutMs, signal, onWait };
}

function observed(send: Send, options: ConnectOptions): Send {
  const { onAttempt, onServerDate, host } = options;
  const recorded = onAttempt === undefined ? send : recordedSend(send, host.clock, onAttempt);
  return onServerDate === undefined ? recorded : datedSend(recorded, host.clock, onServerDate);
}

async function openBackend(options: ConnectOptions): Promise<Backend> {
  if (options.target !== 'embedded') {
    const { openCluster } = await import('./cluster-backend.ts');
    const cluster = await openCluster(options);
    if (cluster !== undefined) return cluster;
  }
  return openStore(options);
}

async function openStore(options: ConnectOptions): Promise<Backend> {
  const { openEmbeddedStore } = await import('../store/embedded-store.ts');
  const { namespace, host, random } = options;
  const { directory } = options.store;
  const store = await openEmbeddedStore({ directory, clock: host.clock, random, namespaces: [namespace] });
  return {
    target: { kind: 'embedded', store: directory, namespace },
    send: store.send,
    close: () => store.close(),
  };
}
