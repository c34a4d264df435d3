import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiRequest, ApiResponse, Send } from '../../../src/api/wire.ts';
import { listAndWatch, sourceOf, type ListWatchEvent } from '../../../src/kube/list-and-watch.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { podResource } from '../../../src/kube/well-known-resources.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { transportTo } from './clients.ts';
import { bookmarkAt, eventOf, objectOf } from './scripted-api.ts';

/** What one watch brings, each so many seconds after the one before; then it is silent. */
type Brings = readonly (readonly [afterSeconds: number, event: object])[];

const random = { next: () => 0.5, uuid: () => '' };

let clock: MockClock;
let stop: AbortController;
let told: string[];
let said: string[];
let watches: string[];

beforeEach(() => {
  clock = new MockClock();
  stop = new AbortController();
  told = [];
  said = [];
  watches = [];
});

function seconds(): number {
  return clock.monotonicMs() / 1000;
}

/** A server that lists nothing at version 7; its watches bring these, and a watch beyond them has no headers. */
function halfDead(...brings: readonly Brings[]): Send {
  const left = [...brings];
  return ({ path, signal }: ApiRequest): Promise<ApiResponse> => {
    const url = new URL(path, 'http://server');
    const body = (content: AsyncIterable<Uint8Array>) => ({ status: 200, headers: {}, body: content });
    if (!url.searchParams.has('watch')) {
      return Promise.resolve(body(linesOf([[0, { metadata: { resourceVersion: '7' }, items: [] }]], signal)));
    }
    watches.push(`${seconds()} s: from ${url.searchParams.get('resourceVersion')}`);
    const next = left.shift();
    if (next === undefined) return silence(signal);
    return Promise.resolve(body(linesOf([...next, [Infinity, {}]], signal)));
  };
}

async function* linesOf(brings: Brings, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  for (const [afterSeconds, value] of brings) {
    if (afterSeconds === Infinity) await silence(signal);
    else if (afterSeconds > 0) await clock.sleep(afterSeconds * 1000, signal);
    yield Buffer.from(`${JSON.stringify(value)}\n`);
  }
}

function silence(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new DOMException('stopped', 'AbortError'));
    });
  });
}

async function look(
  send: Send,
  forSeconds: number,
  read?: (event: ListWatchEvent) => Promise<void>,
): Promise<void> {
  const source = sourceOf(new ObjectAccess(send), podResource, { namespace: 'shop' });
  const looking = (async () => {
    const events = listAndWatch(source, {
      clock,
      random,
      signal: stop.signal,
      onLost: ({ message }, { waitMs }) => said.push(`${seconds()} s: ${message}; again in ${waitMs} ms`),
      onResumed: () => said.push(`${seconds()} s: resumed`),
    });
    for await (const event of events) {
      if ('object' in event) told.push(`${seconds()} s: ${event.type} ${event.object.metadata.name}`);
      await read?.(event);
    }
  })();
  await clock.advance(forSeconds * 1000);
  stop.abort();
  await looking;
}

const brought = 'the watch brought nothing for 90 s, not even a bookmark';

describe('a watch behind a balancer that forgot the connection', () => {
  it('is opened again where it was, 90 s after the last thing that came', async () => {
    const send = halfDead(
      [
        [10, eventOf('ADDED', objectOf('a', 8))],
        [20, bookmarkAt(12)],
      ],
      [[5, eventOf('MODIFIED', objectOf('a', 13))]],
    );
    await look(send, 130);
    expect(watches).toEqual(['0 s: from 7', '120.5 s: from 12']);
    expect(told).toEqual(['10 s: ADDED a', '125.5 s: MODIFIED a']);
    expect(said).toEqual([`120 s: ${brought}; again in 500 ms`, '120.5 s: resumed']);
  });

  it('is opened again also where the answer to opening it never comes', async () => {
    await look(halfDead(), 200);
    expect(watches).toEqual(['0 s: from 7', '90.5 s: from 7', '180.5 s: from 7']);
    expect(said).toEqual([`90 s: ${brought}; again in 500 ms`]);
  });

  it('is kept by a bookmark a minute', async () => {
    const bookmarks = Array.from({ length: 60 }, (_, minute) => [60, bookmarkAt(10 + minute)] as const);
    await look(halfDead(bookmarks), 3600);
    expect(watches).toEqual(['0 s: from 7']);
    expect(said).toEqual([]);
  });

  it('is told once where the server never sends a bookmark, and again after it was heard', async () => {
    const quiet: Brings = [];
    const heard: Brings = [[1, eventOf('ADDED', objectOf('a', 8))]];
    await look(halfDead(quiet, quiet, quiet, heard, quiet), 460);
    expect(watches).toEqual([
      '0 s: from 7',
      '90.5 s: from 7',
      '180.5 s: from 7',
      '270.5 s: from 7',
      '362 s: from 8',
      '452 s: from 8',
    ]);
    expect(said).toEqual([
      `90 s: ${brought}; again in 500 ms`,
      '90.5 s: resumed',
      `361.5 s: ${brought}; again in 500 ms`,
      '362 s: resumed',
    ]);
  });

  it('is not silent while its reader is slow', async () => {
    const events = [1, 2, 3].map(
      (version) => [0, eventOf('ADDED', objectOf(`p${version}`, version))] as const,
    );
    await look(halfDead(events), 380, async (event) => {
      if ('object' in event) await clock.sleep(120_000, stop.signal).catch(() => undefined);
    });
    expect(told).toEqual(['0 s: ADDED p1', '120 s: ADDED p2', '240 s: ADDED p3']);
    expect(watches).toEqual(['0 s: from 7']);
  });

  it('leaves no timer behind', async () => {
    await look(halfDead([[1, bookmarkAt(8)]]), 10);
    expect(clock.sleepers).toBe(0);
  });

  it('lets go of its connection', async () => {
    const open = new Set<ServerResponse>();
    const asked: string[] = [];
    const server = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const url = new URL(request.url ?? '', 'http://server');
      if (url.searchParams.has('watch')) {
        asked.push(url.searchParams.get('resourceVersion') ?? '');
        open.add(response);
        response.on('close', () => open.delete(response));
        response.write(`${JSON.stringify(bookmarkAt(9))}\n`);
      } else response.end(JSON.stringify({ metadata: { resourceVersion: '7' }, items: [] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const transport = transportTo(
      { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
      { requestTimeoutMs: 0 },
    );
    const source = sourceOf(new ObjectAccess(transport.send), podResource, {});
    const life = new AbortController();
    const watching = (async () => {
      for await (const event of listAndWatch(source, { clock, random, signal: life.signal }))
        told.push(event.type);
    })();
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await until(() => asked.length === 1);
    while (asked.length === 1) {
      await clock.advance(1000);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(() => open.size === 1);
    expect(asked).toEqual(['7', '9']);
    life.abort();
    await watching;
    await transport.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
