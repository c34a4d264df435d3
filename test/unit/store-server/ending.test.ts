/** How the server ends: whom it waits for, and for how long. The clock stands still; each wait ends when the test says so. */
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiRequest, ApiResponse } from '../../../src/api/wire.ts';
import { startStoreServer, type StoreServer } from '../../../src/store-server/store-server.ts';
import type { Clock } from '../../../src/time/clock.ts';
import { openHttpSend, type HttpSend } from '../../support/http-send.ts';
import { readBody } from '../../support/read-body.ts';

/** Hands out its waits. */
class StillClock implements Clock {
  readonly waits: { ms: number; end: () => void }[] = [];

  now(): number {
    return Date.parse('2026-11-20T10:00:00Z');
  }

  monotonicMs(): number {
    return 0;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((end) => this.waits.push({ ms, end }));
  }
}

const clock = new StillClock();
let server: StoreServer;
let client: HttpSend;

async function serve(send: (request: ApiRequest) => Promise<ApiResponse>): Promise<void> {
  clock.waits.length = 0;
  const quiet = (): void => undefined;
  server = await startStoreServer({
    send,
    clock,
    address: '127.0.0.1',
    port: 0,
    onAnswer: quiet,
    onFailure: quiet,
  });
  client = openHttpSend({
    server: server.url,
    token: server.token,
    certificateAuthority: Buffer.from(server.certificate),
  });
}
afterEach(() => client.close());

async function nextWait(ms: number): Promise<() => void> {
  for (;;) {
    const wait = clock.waits.find((one) => one.ms === ms);
    if (wait !== undefined) return wait.end;
    await turn();
  }
}

/** More than the sockets on the way hold. */
async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield await Promise.resolve(Buffer.alloc(1024 * 1024, 'x'));
}

const ok = (body: AsyncIterable<Uint8Array>): Promise<ApiResponse> =>
  Promise.resolve({ status: 200, headers: { 'content-type': 'application/json' }, body });

describe('the end of the server', () => {
  it('waits a second for who does not read, and then no more', async () => {
    await serve(() => ok(endless()));
    const answer = await client.send({ method: 'GET', path: '/api?watch=true', stream: true });
    const closed = server.close();
    (await nextWait(1_000))();
    await closed;
    await expect(readBody(answer)).rejects.toThrow();
  });

  it('waits for the answer to a write for longer', async () => {
    let finish: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (finish = resolve));
    let asked = false;
    await serve(async () => {
      asked = true;
      await done;
      return ok(bodyOf('{"kept":true}'));
    });
    const answer = client.send({ method: 'POST', path: '/api', body: '{}' });
    while (!asked) await turn();
    const closed = server.close();
    (await nextWait(1_000))();
    await nextWait(4_000);
    finish();
    expect(await readBody(await answer)).toBe('{"kept":true}');
    await closed;
  });

  it('waits for nobody where nothing is asked', async () => {
    await serve(() => ok(bodyOf('{}')));
    await readBody(await client.send({ method: 'GET', path: '/api' }));
    await server.close();
    await expect(client.send({ method: 'GET', path: '/api' })).rejects.toThrow();
  });
});

async function* bodyOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
