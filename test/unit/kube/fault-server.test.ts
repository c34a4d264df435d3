import { rmSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { ApiRequest } from '../../../src/api/wire.ts';
import { bodyText } from '../../../src/kube/answer.ts';
import type { Fault, FaultServer, FaultServerOptions } from '../../support/fault-server.ts';
import { htmlFault, redirectFault, startFaultServer, statusFault } from '../../support/fault-server.ts';
import { makeTlsFiles } from './api-server.ts';
import { transportTo } from './clients.ts';

const tls = makeTlsFiles();

describe.skipIf(tls === undefined)('the fault server', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => {
    if (tls !== undefined) rmSync(tls.directory, { recursive: true });
  });

  async function start(options: Partial<FaultServerOptions> = {}): Promise<FaultServer> {
    if (tls === undefined) throw new Error('openssl is needed');
    const behind: FaultServerOptions['behind'] = ({ url }, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`{"url":"${url}"}\n`);
      response.write('{"line":2}\n');
      response.end();
    };
    const server = await startFaultServer({ tls, behind, ...options });
    closing.push(() => server.close());
    return server;
  }

  /** What a client sees: the status and the body, or why there is none. */
  async function ask(server: FaultServer, request: Partial<ApiRequest> = {}): Promise<string> {
    const transport = transportTo({ server: server.url, tls: { insecure: true } });
    closing.push(() => transport.close());
    return transport
      .send({ method: 'GET', path: '/a', ...request })
      .then(async (response) => `${response.status} ${await bodyText(response).catch(nameOf)}`, nameOf);
  }

  function nameOf(thrown: unknown): string {
    const { code, errno } = thrown as { code: string; errno?: string };
    return `${code} ${errno ?? ''}`.trim();
  }

  const whole = '200 {"url":"/a"}\n{"line":2}\n';

  it.each<[string, Fault, RegExp]>([
    ['429 with patience', statusFault(429, 1), /^429 .*"retryAfterSeconds":1/],
    ['503', statusFault(503), /^503 .*ServiceUnavailable/],
    ['a page', htmlFault(200), /^200 <!DOCTYPE html>/],
    ['a redirect', redirectFault('https://login.test/'), /^302 $/],
    ['a lost answer', { kind: 'lost' }, /^UNREACHABLE ECONNRESET$/],
    ['a lost answer and a FIN', { kind: 'lost', by: 'fin' }, /^UNREACHABLE ECONNRESET$/],
    ['a reset', { kind: 'reset' }, /^UNREACHABLE ECONNRESET$/],
    ['an answer that is cut', { kind: 'cut', afterLines: 1 }, /^200 UNREACHABLE ECONNRESET$/],
    ['a slow answer', { kind: 'slow', ms: 30 }, /^200 \{"url":"\/a"\}\n\{"line":2\}\n$/],
  ])('gives %s, alone and before a server', async (_name, fault, expected) => {
    const alone = await start({ rules: [{ nth: 1, fault }] });
    expect(await ask(alone)).toMatch(expected);
    expect(await ask(alone)).toBe(whole);
    const behind = await start();
    const before = await start({ behind: behind.url, rules: [{ nth: 1, fault }] });
    expect(await ask(before)).toMatch(expected);
    expect(await ask(before)).toBe(whole);
    expect(before.requests.map((seen) => seen.fault)).toEqual([fault.kind, undefined]);
    const isAsked = ['lost', 'cut', 'slow'].includes(fault.kind);
    expect(behind.requests).toHaveLength(isAsked ? 2 : 1);
  });

  it('falls silent after the first lines, and before any', async () => {
    const behind = await start();
    const server = await start({
      behind: behind.url,
      rules: [
        { path: /half/, fault: { kind: 'half-dead', afterLines: 1 } },
        { path: /never/, fault: { kind: 'silent' } },
      ],
    });
    const transport = transportTo({ server: server.url, tls: { insecure: true } }, { requestTimeoutMs: 300 });
    closing.push(() => transport.close());
    const response = await transport.send({ method: 'GET', path: '/half' });
    const chunks: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const chunk of response.body) chunks.push(Buffer.from(chunk).toString());
    };
    await expect(reading()).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(chunks.join('')).toBe('{"url":"/half"}\n');
    await expect(transport.send({ method: 'GET', path: '/never' })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
  });

  it('meets the requests that a rule means, counted by themselves', async () => {
    const server = await start({
      rules: [
        { methods: ['POST'], path: /^\/b/, nth: [2], fault: statusFault(500) },
        { watch: true, fault: statusFault(504) },
      ],
    });
    const statuses: string[] = [];
    for (const request of [
      { path: '/b', method: 'POST' as const, body: 'one' },
      { path: '/b' },
      { path: '/b', method: 'POST' as const, body: 'two' },
      { path: '/b', method: 'POST' as const, body: 'three' },
      { path: '/b?watch=true' },
    ]) {
      statuses.push((await ask(server, request)).slice(0, 3));
    }
    expect(statuses).toEqual(['200', '200', '500', '200', '504']);
    expect(server.requests.map(({ body }) => body)).toEqual(['one', '', 'two', 'three', '']);
  });

  it('closes a connection on which nothing is asked', async () => {
    const server = await start({ idleCloseMs: 5 });
    expect(await ask(server)).toBe(whole);
    expect(await ask(server)).toBe(whole);
    expect(server.connections).toBe(2);
  });
});
