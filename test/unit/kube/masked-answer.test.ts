import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Attempt } from '../../../src/kube/attempts.ts';
import { ApiError } from '../../../src/kube/api-error.ts';
import { recordedSend } from '../../../src/kube/attempts.ts';
import { fixedCredentials, type Identity } from '../../../src/kube/credentials.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { secretsOf } from '../../../src/kube/masked-answer.ts';
import { namespaceResource } from '../../../src/kube/well-known-resources.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { transportTo } from './clients.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Says back what it was sent, as this status and type. */
async function echoing(status: number, type: string): Promise<string> {
  server = createServer((request, response) => {
    const sent = request.headers.authorization ?? '';
    const said = `you sent ${sent}, that is ${encodeURIComponent(sent)} ${Buffer.from(sent.split(' ')[1] ?? '').toString('base64')}`;
    response.writeHead(status, { 'content-type': type, warning: `299 - "${sent}"`, location: `/${sent}` });
    const document = { kind: 'Status', status: 'Failure', reason: 'Odd', message: said, code: status };
    response.end(type.includes('json') ? JSON.stringify(document) : `<html>${said}</html>`);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const basic = Buffer.from('admin:pass/word').toString('base64');

describe.each([
  ['a bearer token', 'Bearer cluster/token+1', ['cluster/token+1', 'cluster%2Ftoken%2B1']],
  ['a token beyond ASCII', 'Bearer geheim-ünd-lang', ['geheim-ünd-lang', 'geheim-Ã¼nd-lang']],
  ['a password', `Basic ${basic}`, [basic, 'pass/word']],
])('%s that is said back', (_name, authorization, secrets) => {
  it.each([
    [500, 'application/json'],
    [403, 'application/json'],
    [502, 'text/html'],
    [302, 'text/html'],
    [200, 'text/html'],
  ])('by an answer of %d as %s is in no error and no trace', async (status, type) => {
    const attempts: Attempt[] = [];
    const transport = transportTo({
      server: await echoing(status, type),
      credentials: fixedCredentials({ headers: { authorization } }),
    });
    const send = recordedSend(transport.send, new RealClock(), (attempt) => attempts.push(attempt));
    const objects = new ObjectAccess(send, { clock: new RealClock() });
    const error = await objects.get(namespaceResource, { name: 'a' }).catch((thrown: unknown) => thrown);
    await transport.close();
    const { message, hint, details } = error as { message: string; hint?: string; details?: object };
    const all = JSON.stringify([message, hint, details, attempts]);
    expect(message).toContain('***');
    expect(attempts).toHaveLength(1);
    for (const secret of [...secrets, Buffer.from(secrets[0] ?? '').toString('base64')]) {
      expect(all).not.toContain(secret);
    }
  });
});

describe('an answer of 200 that says a token back in its JSON', () => {
  const token = 'cluster/token+1';
  const padding = 'x'.repeat(170);

  async function saying(body: string, type = 'application/json'): Promise<ObjectAccess> {
    server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': type });
      response.end(body);
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { send } = transportTo({
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: fixedCredentials({ headers: { authorization: `Bearer ${token}` } }),
    });
    return new ObjectAccess(send, { clock: new RealClock() });
  }

  function expectMasked(error: unknown): void {
    expect(error).toBeInstanceOf(ApiError);
    const { message, details, status, cause } = error as ApiError;
    expect(message).toContain('***');
    const said = JSON.stringify([message, details, status, cause instanceof Error ? cause.message : '']);
    for (const part of ['cluster/t', 'cluster\\\\/t', 'token+']) expect(said).not.toContain(part);
  }

  it.each([
    ['in place of an object', JSON.stringify({ headers: { authorization: `Bearer ${token}` } })],
    ['where the excerpt of it is cut', JSON.stringify({ padding, token })],
    ['as a Status', JSON.stringify({ kind: 'Status', message: token, reason: token })],
    ['with its slash escaped', `{"kind":"Status","message":"${token.replace('/', '\\/')}"}`],
    ['as what is no JSON', `Bearer ${token}`],
  ])('%s: it is in no error', async (_name, body) => {
    const objects = await saying(body);
    expectMasked(await objects.get(namespaceResource, { name: 'a' }).catch((thrown: unknown) => thrown));
  });

  it('as an item of a list: it is in no error', async () => {
    const objects = await saying(JSON.stringify({ kind: 'List', items: [{ token }] }));
    expectMasked(await objects.list(namespaceResource).catch((thrown: unknown) => thrown));
  });

  it('as the error of a watch: it is in no error', async () => {
    const status = { kind: 'Status', code: 500, message: token };
    const objects = await saying(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
    const watch = await objects.watch(namespaceResource);
    expectMasked(
      await watch[Symbol.asyncIterator]()
        .next()
        .catch((thrown: unknown) => thrown),
    );
  });

  it('in an object that is one: it stays', async () => {
    const objects = await saying(JSON.stringify({ metadata: { name: 'a', annotations: { token } } }));
    const object = await objects.get(namespaceResource, { name: 'a' });
    expect(object.metadata.annotations).toEqual({ token });
  });
});

it('an error answer whose JSON escapes the slash of a token is masked as well', async () => {
  const escaped = 'cluster\\/token+1';
  server = createServer((_request, response) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(`{"sent":"Bearer ${escaped}"}`);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const transport = transportTo({
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: fixedCredentials({ headers: { authorization: 'Bearer cluster/token+1' } }),
  });
  const objects = new ObjectAccess(transport.send, { clock: new RealClock() });
  await expect(objects.get(namespaceResource, { name: 'a' })).rejects.toThrow('{"sent":"Bearer ***"}');
  await transport.close();
});

describe('what is secret', () => {
  const identity = (headers: Identity['headers']): Identity => ({ headers });

  it.each<[string, Identity, string | undefined, string[]]>([
    ['nothing of an anonymous user', identity({ 'impersonate-user': 'jane' }), undefined, []],
    ['a token', identity({ authorization: 'Bearer abc' }), undefined, ['abc']],
    [
      'a client key',
      { headers: {}, certificate: { cert: 'public', key: 'private' } },
      undefined,
      ['private'],
    ],
    ["a proxy's password", identity({}), 'http://me:a%2Fb@proxy.test', ['me:a/b', 'a/b', 'a%2Fb']],
  ])('%s', (_name, who, proxy, secrets) => {
    expect(secretsOf(who, proxy === undefined ? undefined : new URL(proxy))).toEqual(secrets);
  });
});
