import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiError, NetworkError } from '../../../src/kube/api-error.ts';
import type { HttpTransport } from '../../../src/kube/http-transport.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import type { WatchEvent } from '../../../src/kube/watch-stream.ts';
import { WatchStream } from '../../../src/kube/watch-stream.ts';
import { podResource } from '../../../src/kube/well-known-resources.ts';
import type { TestServer } from './api-server.ts';
import { startServer } from './api-server.ts';
import { transportTo } from './clients.ts';

const event = (name: string, resourceVersion: string): WatchEvent => ({
  type: 'ADDED',
  object: { metadata: { name, resourceVersion } },
});
const line = (value: unknown) => `${JSON.stringify(value)}\n`;

async function collect(stream: AsyncIterable<WatchEvent>): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const one of stream) events.push(one);
  return events;
}

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let index = 0; at < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    yield await Promise.resolve(bytes.subarray(at, at + size));
    at += size;
  }
}

describe('parsing', () => {
  const call = { verb: 'watch', resource: 'pods' };

  it('gives the same events however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
        async (names, sizes) => {
          const events = names.map((name, index) => event(name, String(index)));
          const body = chunksOf(Buffer.from(events.map(line).join('')), sizes);
          const stream = new WatchStream({ status: 200, headers: {}, body }, call);
          expect(await collect(stream)).toEqual(events);
          expect(stream.closeReason).toBe('closed');
        },
      ),
    );
  });

  it('refuses a second reader', async () => {
    const stream = new WatchStream({ status: 200, headers: {}, body: chunksOf(new Uint8Array(), [1]) }, call);
    await collect(stream);
    await expect(collect(stream)).rejects.toThrow(TypeError);
  });

  it('refuses an event without an end before memory runs out', async () => {
    const endless = (async function* () {
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      for (;;) yield await Promise.resolve(chunk);
    })();
    const stream = new WatchStream({ status: 200, headers: {}, body: endless }, call);
    await expect(collect(stream)).rejects.toThrow(/event of more than/);
  });
});

describe('over a connection', () => {
  let server: TestServer;
  let transport: HttpTransport;
  let objects: ObjectAccess;

  beforeEach(async () => {
    server = await startServer();
    transport = transportTo({ server: server.url }, { requestTimeoutMs: 1_100 });
    objects = new ObjectAccess(transport.send);
  });

  afterEach(async () => {
    await transport.close();
    await server.close();
  });

  it('asks for what it is told and resolves at the headers', async () => {
    server.answer = (_request, response) => {
      response.writeHead(200).flushHeaders();
    };
    const stream = await objects.watch(podResource, {
      namespace: 'ns',
      resourceVersion: '5',
      allowWatchBookmarks: true,
      timeoutSeconds: 60,
    });
    expect(server.requests[0]?.url).toBe(
      '/api/v1/namespaces/ns/pods?watch=true&resourceVersion=5&allowWatchBookmarks=true&timeoutSeconds=60',
    );
    expect(stream).toMatchObject({ resourceVersion: '5', closeReason: 'open' });
    await stream.close();
  });

  it('keeps the version of the last event or bookmark, and outlives the request time-out', async () => {
    server.answer = (_request, response) => {
      response.write(line(event('a', '6')));
      setTimeout(() => {
        response.end(line({ type: 'BOOKMARK', object: { kind: 'Pod', metadata: { resourceVersion: '9' } } }));
      }, 2_500);
    };
    const stream = await objects.watch(podResource, { resourceVersion: '5' });
    expect((await collect(stream)).map((one) => one.type)).toEqual(['ADDED', 'BOOKMARK']);
    expect(stream).toMatchObject({ resourceVersion: '9', closeReason: 'closed' });
  });

  it('an ERROR event is an ApiError, 410 closes as expired', async () => {
    server.answer = (_request, response) => {
      const object = {
        kind: 'Status',
        code: 410,
        reason: 'Expired',
        message: 'too old resource version: 1 (9)',
      };
      response.end(line(event('a', '6')) + line({ type: 'ERROR', object }));
    };
    const stream = await objects.watch(podResource, { resourceVersion: '1' });
    const thrown: unknown = await collect(stream).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ApiError);
    expect(thrown).toMatchObject({ httpStatus: 410, reason: 'Expired', verb: 'watch' });
    expect(stream).toMatchObject({ closeReason: 'expired', resourceVersion: '6' });
  });

  it.each([
    ['between events', line(event('a', '6'))],
    ['inside an event', `${line(event('a', '6'))}{"type":"ADD`],
  ])('a connection lost %s is a NetworkError', async (_name, text) => {
    server.answer = (_request, response) => {
      response.write(text);
      setTimeout(() => response.destroy(), 50);
    };
    const stream = await objects.watch(podResource);
    const thrown: unknown = await collect(stream).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(NetworkError);
    expect(thrown).toMatchObject({ code: 'UNREACHABLE', errno: 'ECONNRESET' });
    expect(stream).toMatchObject({ closeReason: 'error', resourceVersion: '6' });
  });

  it('an orderly end inside an event is a NetworkError too', async () => {
    server.answer = (_request, response) => response.end('{"type":"ADD');
    const stream = await objects.watch(podResource);
    await expect(collect(stream)).rejects.toThrow(/middle of an event/);
  });

  const closings: [name: string, close: (stream: WatchStream, abort: AbortController) => Promise<void>][] = [
    [
      'leaving the loop',
      async (stream) => {
        for await (const one of stream) {
          expect(one.type).toBe('ADDED');
          break;
        }
      },
    ],
    ['close() before reading', (stream) => stream.close()],
    [
      'close() while a reader waits',
      async (stream) => {
        const events = stream[Symbol.asyncIterator]();
        expect((await events.next()).value).toMatchObject({ type: 'ADDED' });
        const waiting = events.next();
        await stream.close();
        expect((await waiting).done).toBe(true);
      },
    ],
    [
      'the signal',
      async (stream, abort) => {
        const events = stream[Symbol.asyncIterator]();
        await events.next();
        const waiting = events.next().catch((error: unknown) => error);
        abort.abort(new Error('enough'));
        expect(await waiting).toMatchObject({ code: 'ABORTED' });
      },
    ],
  ];
  it.each(closings)('%s closes the connection', async (_name, close) => {
    let closed: Promise<void> | undefined;
    server.answer = (_request, response) => {
      closed = new Promise((resolve) => response.once('close', resolve));
      response.write(line(event('a', '6')));
    };
    const abort = new AbortController();
    const stream = await objects.watch(podResource, {}, { signal: abort.signal });
    await close(stream, abort);
    await closed;
    expect(stream.closeReason).not.toBe('open');
  });
});
