/**
 * One connection to a port of a pod, as bytes, over the API server's `portforward`: a websocket of the subprotocol
 * `v4.channel.k8s.io`, which every kubelet from 1.28 to 1.35 speaks and the API server hands through untouched. (Its newer
 * one, `SPDY/3.1+portforward.k8s.io`, is another framing protocol inside this one, and gives nothing more to one
 * connection.) Each message begins with its channel: 0 is data, 1 the kubelet's text about what went wrong; the first
 * message of each names the port.
 *
 * Guarantees: back-pressure both ways; the bytes end only where the other side ended them: whatever else ends the
 * connection is an error, so nobody takes half an answer for a whole one.
 * Non-guarantees: half a connection cannot be closed, `end()` tells the other side nothing; one connection, one websocket.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Receiver, Sender } from 'ws';
import type { ApiResponse, Send } from '../api/wire.ts';
import { errorAnswer, describeNetworkError, header } from './answer.ts';
import { ApiError, NetworkError, type ApiCall } from './api-error.ts';
import { resourceName, resourcePath } from './resource-path.ts';
import { podResource } from './well-known-resources.ts';

/** A port of a container. */
export interface PodPort {
  namespace: string;
  pod: string;
  port: number;
}

const subprotocol = 'v4.channel.k8s.io';
/** RFC 6455: what a server proves with that it speaks websocket. */
const acceptSalt = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const normalClosure = 1000;
/** What ws says where the other side gave no code. */
const noCode = 1005;
const dataChannel = 0;
const errorChannel = 1;
const portBytes = 2;
/** The event of a stream whose kubelet has named the port on both channels. */
const taken = 'taken';
/** A kubelet sends 32 KiB at a time; what claims more is none. */
const maxMessageBytes = 4 * 1024 * 1024;
const maxErrorBytes = 4 * 1024;

/**
 * Opens the connection; resolves when the kubelet has taken it, before anybody knows whether the container listens.
 * @throws ApiError, NetworkError
 */
export async function openForwardStream(
  send: Send,
  to: PodPort,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  const call: ApiCall = {
    verb: 'create',
    resource: resourceName(podResource, 'portforward'),
    namespace: to.namespace,
    objectName: to.pod,
  };
  const key = randomBytes(16).toString('base64');
  try {
    const response = await send({
      method: 'GET',
      path: resourcePath(
        podResource,
        { namespace: to.namespace, name: to.pod, subresource: 'portforward' },
        { ports: to.port },
      ),
      headers: {
        'sec-websocket-key': key,
        'sec-websocket-version': '13',
        'sec-websocket-protocol': subprotocol,
      },
      stream: true,
      upgrade: 'websocket',
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.status !== 101) throw await errorAnswer(response, call);
    const stream = new ForwardStream(upgradedConnection(response, call, key), to, response.mask);
    try {
      await once(stream, taken, signal === undefined ? {} : { signal });
    } finally {
      if (!stream.isTaken) stream.destroy();
    }
    // it may have failed in the same breath
    if (stream.errored !== null) throw stream.errored;
    return stream;
  } catch (thrown) {
    throw describeNetworkError(thrown, call, signal);
  }
}

function upgradedConnection(response: ApiResponse, call: ApiCall, key: string): Duplex {
  const { connection } = response;
  const proof = createHash('sha1')
    .update(key + acceptSalt)
    .digest('base64');
  const isOurs =
    header(response, 'sec-websocket-accept') === proof &&
    header(response, 'sec-websocket-protocol') === subprotocol;
  if (connection instanceof Duplex && isOurs) return connection;
  if (connection instanceof Duplex) connection.destroy();
  throw new ApiError({
    ...call,
    httpStatus: response.status,
    message: `the answer is not a websocket of the subprotocol ${subprotocol}`,
    hint: 'Something between here and the kubelet answered in its place; check server and proxy settings.',
  });
}

class ForwardStream extends Duplex {
  readonly #socket: Duplex;
  readonly #sender: Sender;
  readonly #receiver = new Receiver({ isServer: false, maxPayload: maxMessageBytes });
  readonly #to: PodPort;
  readonly #mask: (text: string) => string;
  readonly #portBytesLeft = [portBytes, portBytes];
  readonly #errorText: Buffer[] = [];
  #errorBytes = 0;
  #isFull = false;
  #hasEnded = false;
  isTaken = false;

  constructor(socket: Duplex, to: PodPort, mask: ApiResponse['mask']) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    this.#sender = new Sender(socket);
    this.#to = to;
    this.#mask = mask ?? ((text) => text);
    // an error before the stream has an owner is told by whoever opens it
    this.on('error', () => undefined);
    this.#readFrames();
    this.#readSocket();
  }

  /** As a net.Socket: a connection that is only kept holds up no process. */
  ref(): this {
    (this.#socket as Partial<Pick<Socket, 'ref'>>).ref?.();
    return this;
  }

  unref(): this {
    (this.#socket as Partial<Pick<Socket, 'unref'>>).unref?.();
    return this;
  }

  override _read(): void {
    this.#isFull = false;
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#hasEnded) {
      done(this.#broken('the pod closed it'));
      return;
    }
    const message = Buffer.allocUnsafe(chunk.byteLength + 1);
    message[0] = dataChannel;
    message.set(chunk, 1);
    this.#sender.send(message, { binary: true, compress: false, fin: true, mask: true }, done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (error === null) this.#sayGoodbye();
    else this.#socket.destroy();
    done(error);
  }

  #readFrames(): void {
    this.#receiver.on('message', (message: Buffer) => {
      this.#onMessage(message);
    });
    this.#receiver.on('ping', (data: Buffer) => {
      this.#sender.pong(data, true);
    });
    this.#receiver.on('conclude', (code: number) => {
      this.#onEnd(code);
    });
    this.#receiver.on('error', (error: Error) => {
      this.#fail(`what came is no websocket: ${error.message}`);
    });
    this.#receiver.on('drain', () => {
      if (!this.#isFull) this.#socket.resume();
    });
  }

  #readSocket(): void {
    this.#socket.on('data', (bytes: Buffer) => {
      if (!this.#receiver.write(bytes)) this.#socket.pause();
    });
    this.#socket.on('error', (error) => {
      this.#fail(error.message);
    });
    for (const event of ['end', 'close']) {
      this.#socket.on(event, () => {
        this.#fail('it was cut in the middle');
      });
    }
  }

  #onMessage(message: Buffer): void {
    const channel = message[0];
    if (channel !== dataChannel && channel !== errorChannel) return;
    const left = this.#portBytesLeft[channel] ?? 0;
    const bytes = message.subarray(1 + left);
    this.#portBytesLeft[channel] = Math.max(0, left - (message.length - 1));
    if (channel === errorChannel) this.#onErrorText(bytes);
    else if (bytes.length > 0 && !this.push(bytes)) {
      this.#isFull = true;
      this.#socket.pause();
    }
    if (this.isTaken || this.#portBytesLeft.some((count) => count > 0)) return;
    this.isTaken = true;
    this.emit(taken);
  }

  #onErrorText(bytes: Buffer): void {
    if (this.#errorBytes >= maxErrorBytes) return;
    this.#errorText.push(bytes);
    this.#errorBytes += bytes.length;
  }

  /** The other side says that it is done. */
  #onEnd(code: number): void {
    const failure =
      code !== normalClosure && code !== noCode
        ? `the other side ended it with code ${code}`
        : this.isTaken
          ? undefined
          : 'the kubelet ended it at once';
    if (failure !== undefined || this.#errorBytes > 0) {
      this.#fail(failure ?? '');
      return;
    }
    this.#hasEnded = true;
    this.#sayGoodbye();
    this.push(null);
  }

  #sayGoodbye(): void {
    const socket = this.#socket;
    if (socket.destroyed || !socket.writable) return;
    this.#sender.close(normalClosure, '', true);
    socket.end(() => socket.destroy());
  }

  /** What the kubelet said is a better reason than how the connection ended after it. */
  #fail(why: string): void {
    if (this.#hasEnded || this.destroyed) return;
    this.destroy(this.#errorBytes > 0 ? this.#refused() : this.#broken(why));
  }

  #refused(): NetworkError {
    const text = Buffer.concat(this.#errorText).toString('utf8').slice(0, maxErrorBytes);
    const said = this.#mask(text).replace(/\s+/g, ' ').trim();
    if (!/connection refused/i.test(said)) return this.#broken(said);
    const { namespace, pod, port } = this.#to;
    return new NetworkError(
      'UNREACHABLE',
      `nothing listens on port ${port} of pod ${namespace}/${pod}: ${said}`,
      {
        errno: 'ECONNREFUSED',
        hint: 'Check that the container listens on that port, on all addresses or on localhost.',
      },
    );
  }

  #broken(why: string): NetworkError {
    const { namespace, pod, port } = this.#to;
    return new NetworkError(
      'UNREACHABLE',
      `the connection to port ${port} of pod ${namespace}/${pod} broke: ${why}`,
      { errno: 'ECONNRESET', hint: 'Check that the pod still runs, then run it again.' },
    );
  }
}
