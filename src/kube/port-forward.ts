/** Connections to what only the cluster reaches: a port of a pod, through the API server, with its own credentials. */
import type { Duplex } from 'node:stream';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { ApiError, isApiError } from './api-error.ts';
import type { KubeClient } from './client.ts';
import type { PodPort } from './forward-stream.ts';
import type { ForwardTarget } from './forward-target.ts';
import { resolveForwardTarget } from './forward-target.ts';

/** The way to one port; to be closed. */
export interface PortForward {
  /** The pod and the port that connections lead to; after the pod is gone those of another one. */
  readonly to: Readonly<PodPort>;
  /**
   * One more connection. When it is there the kubelet has taken it; whether the container listens shows on the stream,
   * which then ends with UNREACHABLE and the errno ECONNREFUSED: nothing was taken. ECONNRESET: it broke, and what was
   * sent may have arrived. Where the pod is gone a service is looked up again, once.
   * Errors: ApiError (FORBIDDEN names the permission), NetworkError.
   */
  connect(signal?: AbortSignal): Promise<Duplex>;
  /** Cuts every connection; idempotent. */
  close(): void;
}

/**
 * Finds the pod and its port; nothing is connected yet. Errors: as `resolveForwardTarget`, and INVALID_OPTION for the
 * embedded store, which has no pods.
 */
export async function openPortForward(
  client: Pick<KubeClient, 'send' | 'objects' | 'target'>,
  target: ForwardTarget,
  signal?: AbortSignal,
): Promise<PortForward> {
  if (client.target.kind === 'embedded') {
    throw new RemedyError(
      'INVALID_OPTION',
      `${optionName('portForward')} needs a cluster: the embedded store runs no pods`,
    );
  }
  return new PodForward(client, target, await resolveForwardTarget(client.objects, target, signal));
}

class PodForward implements PortForward {
  readonly #client: Pick<KubeClient, 'send' | 'objects'>;
  readonly #target: ForwardTarget;
  readonly #open = new Set<Duplex>();
  readonly #closed = new AbortController();
  to: PodPort;

  constructor(client: Pick<KubeClient, 'send' | 'objects'>, target: ForwardTarget, to: PodPort) {
    this.#client = client;
    this.#target = target;
    this.to = to;
  }

  async connect(signal?: AbortSignal): Promise<Duplex> {
    const either =
      signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
    const stream = await this.#connect(either).catch((thrown: unknown) => {
      throw explained(thrown);
    });
    this.#open.add(stream);
    stream.once('close', () => this.#open.delete(stream));
    return stream;
  }

  close(): void {
    this.#closed.abort(new Error('the port is forwarded no longer'));
    for (const stream of this.#open) stream.destroy();
  }

  async #connect(signal: AbortSignal): Promise<Duplex> {
    // what speaks websocket is loaded when there is something to forward
    const { openForwardStream } = await import('./forward-stream.ts');
    try {
      return await openForwardStream(this.#client.send, this.to, signal);
    } catch (thrown) {
      if (this.#target.kind === 'pod' || !isApiError(thrown) || thrown.httpStatus !== 404) throw thrown;
      this.to = await resolveForwardTarget(this.#client.objects, this.#target, signal);
      return openForwardStream(this.#client.send, this.to, signal);
    }
  }
}

/** With what to do about it, where the server's own text leaves that open. */
function explained(thrown: unknown): unknown {
  if (!isApiError(thrown)) return thrown;
  if (thrown.httpStatus === 403) return missingPermission(thrown);
  if (thrown.httpStatus < 500 || !thrown.serverMessage.includes('dialing backend')) return thrown;
  return again(thrown, {
    hint: "The API server does not reach the kubelet of the pod's node: look at the node, and at the network between the two.",
  });
}

/** From 1.35 on a websocket needs `create` beside `get`, and who lacks only that is told nothing but `is forbidden: `. */
function missingPermission(refused: ApiError): ApiError {
  const { serverMessage, resource, namespace } = refused;
  const verb = / cannot (get|create) resource /.exec(serverMessage)?.[1];
  const isBare = /is forbidden: *$/.test(serverMessage);
  if (verb === undefined && !isBare) return refused;
  const where = namespace === undefined ? '' : ` -n ${namespace}`;
  return again(refused, {
    verb: verb ?? 'create',
    message: isBare
      ? `${serverMessage.trimEnd()} a websocket needs the permission to create it`
      : serverMessage,
    hint:
      'Ask for both permissions, which a websocket needs: ' +
      `kubectl create role remedyctl --verb=get,create --resource=${resource}${where}, bound to you by a rolebinding.`,
  });
}

function again(thrown: ApiError, said: { verb?: string; message?: string; hint: string }): ApiError {
  const { httpStatus, status, serverMessage: message, retryAfterSeconds, cause } = thrown;
  const { verb, resource, namespace, objectName } = thrown;
  const facts = { httpStatus, status, message, retryAfterSeconds, cause };
  return new ApiError({ ...facts, verb, resource, namespace, objectName, ...said });
}
