import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiStatus, KubeObject } from '../../../src/api/objects.ts';
import { ApiError, NetworkError } from '../../../src/kube/api-error.ts';
import type { HttpTransport } from '../../../src/kube/http-transport.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { leaseResource, namespaceResource, podResource } from '../../../src/kube/well-known-resources.ts';
import type { TestServer } from './api-server.ts';
import { json, startServer } from './api-server.ts';
import { transportTo } from './clients.ts';

let server: TestServer;
let transport: HttpTransport;
let objects: ObjectAccess;

beforeEach(async () => {
  // an object and a list at once
  server = await startServer(json({ metadata: { name: 'a' }, items: [] }));
  transport = transportTo({ server: server.url });
  objects = new ObjectAccess(transport.send, { clock: { now: () => Date.parse('2026-01-01T00:00:00Z') } });
});

afterEach(async () => {
  await transport.close();
  await server.close();
});

const lease: KubeObject = { metadata: { name: 'a', namespace: 'ns' } };
const key = { namespace: 'ns', name: 'a' };

function status(code: number, reason: string, message: string, more: Partial<ApiStatus> = {}): ApiStatus {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    code,
    reason,
    message,
    ...more,
  };
}

async function failureOf(promise: Promise<unknown>): Promise<ApiError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(ApiError);
  return thrown as ApiError;
}

describe('answers that are none', () => {
  const empty = { metadata: {}, items: [] };

  it.each([
    ['null, as Go writes a slice that it never made', { kind: 'LeaseList', metadata: null, items: null }],
    ['left out', { kind: 'LeaseList' }],
  ])('a list whose items are %s is empty', async (_name, answer) => {
    server.answer = json(answer);
    expect(await objects.list(leaseResource)).toMatchObject(empty);
  });

  it.each([
    ['{}', {}],
    ['a text', 'x'],
    ['null', null],
    ['an item without metadata', { items: [{}] }],
  ])('of a list: %s', async (_name, answer) => {
    server.answer = json(answer);
    expect((await failureOf(objects.list(leaseResource))).message).toMatch(/the answer \(HTTP 200\) is /);
  });

  it.each([
    ['{}', {}],
    ['a list', []],
    ['a name that is a number', { metadata: { name: 5 } }],
  ])('of an object: %s', async (_name, answer) => {
    server.answer = json(answer);
    expect((await failureOf(objects.get(leaseResource, key))).message).toContain('is no object');
  });

  it('a Status with 200 is the failure that it names', async () => {
    server.answer = json(status(418, 'Teapot', 'short and stout'));
    const failure = await failureOf(objects.get(leaseResource, key));
    expect(failure).toMatchObject({ code: 'API_ERROR', httpStatus: 418, reason: 'Teapot' });
    expect(failure.message).toContain('HTTP 200 with a Status in place of the object: short and stout');
  });

  it('a Status of an error in which nothing is what it should be', async () => {
    server.answer = json({ kind: 'Status', message: 5, code: 'x', details: [], metadata: null }, 410);
    expect(await failureOf(objects.get(leaseResource, key))).toMatchObject({ httpStatus: 410 });
  });

  it('fields of a wrong type count as absent', async () => {
    const labels = JSON.parse('{"a":"b","c":5,"__proto__":{},"toString":"x"}') as object;
    const metadata = { name: 'a', namespace: {}, labels, uid: 5, ownerReferences: [null, { kind: 'Pod' }] };
    const spec = { holderIdentity: 5, leaseDurationSeconds: ['x'], renewTime: {}, leaseTransitions: 1e300 };
    server.answer = json({ kind: 'Lease', metadata, spec });
    expect(await objects.get(leaseResource, key)).toEqual({
      kind: 'Lease',
      metadata: { name: 'a', labels: { a: 'b', toString: 'x' }, ownerReferences: [{ kind: 'Pod' }] },
      spec: {},
    });
  });
});

describe('requests', () => {
  const cases: [name: string, call: () => Promise<unknown>, line: string, body?: string, type?: string][] = [
    ['get', () => objects.get(leaseResource, key), 'GET /apis/coordination.k8s.io/v1/namespaces/ns/leases/a'],
    ['get of the core group', () => objects.get(podResource, key), 'GET /api/v1/namespaces/ns/pods/a'],
    [
      'a cluster-scoped resource has no namespace in its path',
      () => objects.get(namespaceResource, key),
      'GET /api/v1/namespaces/a',
    ],
    [
      'a name is one path segment',
      () => objects.get(podResource, { namespace: 'n/s', name: 'a b/../c?x#y%ü' }),
      'GET /api/v1/namespaces/n%2Fs/pods/a%20b%2F..%2Fc%3Fx%23y%25%C3%BC',
    ],
    [
      'a lone surrogate does not throw',
      () => objects.get(podResource, { namespace: 'ns', name: 'a\ud800' }),
      'GET /api/v1/namespaces/ns/pods/a%EF%BF%BD',
    ],
    [
      'list over all namespaces with selectors',
      () =>
        objects.list(podResource, {
          fieldSelector: 'spec.nodeName=a,b=c',
          labelSelector: 'a in (b,c)',
          limit: 5,
        }),
      'GET /api/v1/pods?fieldSelector=spec.nodeName%3Da%2Cb%3Dc&labelSelector=a%20in%20(b%2Cc)&limit=5',
    ],
    [
      'list from the watch cache',
      () =>
        objects.list(podResource, {
          namespace: 'ns',
          resourceVersion: '0',
          resourceVersionMatch: 'NotOlderThan',
        }),
      'GET /api/v1/namespaces/ns/pods?resourceVersion=0&resourceVersionMatch=NotOlderThan',
    ],
    [
      'create',
      () =>
        objects.create(leaseResource, lease, { dryRun: true, fieldValidation: 'Strict', timeoutSeconds: 10 }),
      'POST /apis/coordination.k8s.io/v1/namespaces/ns/leases?dryRun=All&fieldValidation=Strict&timeout=10s',
      JSON.stringify(lease),
      'application/json',
    ],
    [
      'replace of the status',
      () => objects.replace(leaseResource, lease, { subresource: 'status' }),
      'PUT /apis/coordination.k8s.io/v1/namespaces/ns/leases/a/status',
      JSON.stringify(lease),
      'application/json',
    ],
    [
      'merge patch',
      () => objects.mergePatch(leaseResource, key, { metadata: { labels: { a: null } } }),
      'PATCH /apis/coordination.k8s.io/v1/namespaces/ns/leases/a',
      '{"metadata":{"labels":{"a":null}}}',
      'application/merge-patch+json',
    ],
    [
      'delete with preconditions',
      () => objects.delete(leaseResource, key, { preconditions: { uid: 'u', resourceVersion: '7' } }),
      'DELETE /apis/coordination.k8s.io/v1/namespaces/ns/leases/a',
      '{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"u","resourceVersion":"7"}}',
      'application/json',
    ],
  ];

  it.each(cases)('%s', async (_name, call, line, body = '', type) => {
    await call();
    const [request] = server.requests;
    expect(`${request?.method} ${request?.url}`).toBe(line);
    expect(request?.body).toBe(body);
    expect(request?.headers['content-type']).toBe(type);
    expect(request?.headers.accept).toBe('application/json');
    expect(request?.headers['user-agent']).toBe('remedyctl/test');
  });

  it.each(['', '.', '..'])('refuses the name %j before anything is sent', async (name) => {
    const error = await failureOf(objects.get(podResource, { namespace: 'ns', name }));
    expect(error.code).toBe('NOT_FOUND');
    expect(server.requests).toHaveLength(0);
  });

  it('refuses a namespace that would be another path', async () => {
    await failureOf(objects.list(podResource, { namespace: '..' }));
    expect(server.requests).toHaveLength(0);
  });

  it('gives the answer with its status and unquoted warnings', async () => {
    server.answer = json(lease, 201, {
      warning: ['299 - "unknown field \\"spec.bogus\\""', '299 - "b", 299 - "c"'],
    });
    const answer = await objects.create(leaseResource, lease);
    expect(answer).toEqual({
      object: lease,
      httpStatus: 201,
      warnings: ['unknown field "spec.bogus"', 'b', 'c'],
    });
  });
});

describe('error answers', () => {
  it('carry the Status, its reason and the call', async () => {
    const body = status(409, 'AlreadyExists', 'leases.coordination.k8s.io "a" already exists');
    server.answer = json(body, 409);
    const error = await failureOf(objects.create(leaseResource, lease));
    expect(error).toMatchObject({
      code: 'API_ERROR',
      httpStatus: 409,
      reason: 'AlreadyExists',
      status: body,
      serverMessage: body.message,
      verb: 'create',
      resource: 'leases.coordination.k8s.io',
      namespace: 'ns',
      objectName: 'a',
      message: `cannot create leases.coordination.k8s.io "a" in namespace "ns": ${body.message}`,
    });
  });

  it('name the missing permission and how to get it', async () => {
    server.answer = json(status(403, 'Forbidden', 'User "jane" cannot patch …'), 403);
    const error = await failureOf(objects.mergePatch(leaseResource, key, {}, { subresource: 'status' }));
    expect(error.code).toBe('FORBIDDEN');
    expect(error.details).toMatchObject({
      verb: 'patch',
      resource: 'leases.coordination.k8s.io/status',
      namespace: 'ns',
    });
    expect(error.hint).toContain('--verb=patch --resource=leases.coordination.k8s.io/status -n ns');
  });

  const foreign: [name: string, status: number, type: string, body: string, message: string][] = [
    ['an empty body', 502, 'text/plain', '', 'HTTP 502 with an empty body'],
    [
      'the page of a proxy',
      503,
      'text/html',
      '<!DOCTYPE html><html><style>x{}</style><h1>Bad\n Gateway</h1></html>',
      'HTTP 503: Bad Gateway',
    ],
    ['plain text', 429, 'text/plain', 'slow down', 'HTTP 429: slow down'],
    ['JSON that is no Status', 500, 'application/json', '["x"]', 'HTTP 500: ["x"]'],
  ];
  it.each(foreign)('%s is put into words', async (_name, code, type, body, message) => {
    server.answer = (_request, response) => response.writeHead(code, { 'content-type': type }).end(body);
    const error = await failureOf(objects.get(podResource, key));
    expect(error).toMatchObject({ httpStatus: code, status: undefined, serverMessage: message });
  });

  it('a log-in page in place of an object is an error, not an object', async () => {
    server.answer = (_request, response) => response.end('<html>Please log in</html>');
    const error = await failureOf(objects.get(podResource, key));
    expect(error.message).toContain('not JSON: Please log in');
  });

  it('a redirect is not followed', async () => {
    server.answer = (_request, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    const error = await failureOf(objects.get(podResource, key));
    expect(error.httpStatus).toBe(302);
    expect(server.requests).toHaveLength(1);
  });

  const waits: [
    name: string,
    headers: Record<string, string>,
    body: ApiStatus,
    seconds: number | undefined,
  ][] = [
    ['seconds of the header', { 'retry-after': '7' }, status(429, 'TooManyRequests', ''), 7],
    [
      'a date, counted from the Date header of the answer',
      { 'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' },
      status(503, 'ServiceUnavailable', ''),
      30,
    ],
    [
      'a date that has passed',
      { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT', date: 'Wed, 21 Oct 2015 07:29:00 GMT' },
      status(503, 'ServiceUnavailable', ''),
      0,
    ],
    ['details, without a header', {}, status(504, 'Timeout', '', { details: { retryAfterSeconds: 1 } }), 1],
    ['nonsense is ignored', { 'retry-after': 'soon' }, status(503, 'ServiceUnavailable', ''), undefined],
  ];
  it.each(waits)('Retry-After: %s', async (_name, headers, body, seconds) => {
    server.answer = json(body, body.code, headers);
    expect((await failureOf(objects.get(podResource, key))).retryAfterSeconds).toBe(seconds);
  });

  it('Retry-After: a date without a Date header counts from the clock', async () => {
    server.answer = (_request, response) => {
      response.sendDate = false;
      response.writeHead(503, { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }).end();
    };
    expect((await failureOf(objects.get(podResource, key))).retryAfterSeconds).toBe(9);
  });

  it('a server that is not there is a NetworkError that names the call and the server', async () => {
    await server.close();
    const thrown: unknown = await objects.get(podResource, key).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(NetworkError);
    expect(thrown).toMatchObject({ code: 'UNREACHABLE', errno: 'ECONNREFUSED' });
    expect((thrown as Error).message).toContain(`cannot get pods "a" in namespace "ns": ${server.url}`);
  });

  it('an aborted signal is ABORTED with its reason, and nothing is sent', async () => {
    const reason = new Error('enough');
    const thrown: unknown = await objects
      .get(podResource, key, { signal: AbortSignal.abort(reason) })
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'ABORTED', cause: reason });
    expect(server.requests).toHaveLength(0);
  });
});

describe('listing in chunks', () => {
  const page = (names: string[], token?: string) => ({
    kind: 'PodList',
    metadata: { resourceVersion: '5', ...(token === undefined ? {} : { continue: token }) },
    items: names.map((name) => ({ metadata: { name } })),
  });

  it('follows continue tokens, without the version that a token already stands for', async () => {
    const pages = [page(['a', 'b'], 't/1='), page(['c'])];
    server.answer = (request, response) => {
      json(pages[request.url.includes('continue') ? 1 : 0])(request, response);
    };
    const names: string[] = [];
    const options = { namespace: 'ns', resourceVersion: '3', resourceVersionMatch: 'Exact' } as const;
    for await (const chunk of objects.listPages(podResource, options)) {
      names.push(...chunk.items.map((item) => item.metadata.name));
    }
    expect(names).toEqual(['a', 'b', 'c']);
    expect(server.requests.map((request) => request.url)).toEqual([
      '/api/v1/namespaces/ns/pods?limit=500&resourceVersion=3&resourceVersionMatch=Exact',
      '/api/v1/namespaces/ns/pods?limit=500&continue=t%2F1%3D',
    ]);
  });

  it('goes on with the token of a 410', async () => {
    const expired = status(410, 'Expired', 'too old', { metadata: { continue: 'fresh' } });
    server.answer = (request, response) => {
      if (request.url.includes('continue=old')) json(expired, 410)(request, response);
      else json(request.url.includes('continue=fresh') ? page(['b']) : page(['a'], 'old'))(request, response);
    };
    const names: string[] = [];
    for await (const chunk of objects.listPages(podResource))
      names.push(...chunk.items.map((i) => i.metadata.name));
    expect(names).toEqual(['a', 'b']);
  });

  it('asks for fewer at a time from where an answer is over 8 MiB, and still yields every object once', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `pod-${index}`);
    const large = 'x'.repeat(1024 * 1024);
    const limits: number[] = [];
    server.answer = (request, response) => {
      const query = new URL(request.url, 'http://any').searchParams;
      const from = Number(query.get('continue') ?? 0);
      const limit = Number(query.get('limit'));
      limits.push(limit);
      const items = names.slice(from, from + limit).map((name) => ({ metadata: { name }, large }));
      const next = from + limit < names.length ? String(from + limit) : undefined;
      json({ metadata: { continue: next }, items })(request, response);
    };
    const seen: string[] = [];
    for await (const chunk of objects.listPages(podResource, { limit: 10 })) {
      seen.push(...chunk.items.map(({ metadata }) => metadata.name));
    }
    expect(seen).toEqual(names);
    expect(limits).toEqual([10, 5, 5, 5]);
  });

  it('takes one object however large it is', async () => {
    const items = [{ metadata: { name: 'giant' }, large: 'x'.repeat(9 * 1024 * 1024) }];
    server.answer = json({ metadata: {}, items });
    const seen: string[] = [];
    for await (const chunk of objects.listPages(podResource)) seen.push(chunk.items[0]?.metadata.name ?? '');
    expect(seen).toEqual(['giant']);
    expect(server.requests).toHaveLength(10);
  });

  it('a 410 without a token stands', async () => {
    server.answer = (request, response) => {
      if (request.url.includes('continue')) json(status(410, 'Expired', 'too old'), 410)(request, response);
      else json(page(['a'], 'old'))(request, response);
    };
    const all = async () => {
      for await (const chunk of objects.listPages(podResource)) expect(chunk.items).toHaveLength(1);
    };
    expect((await failureOf(all())).reason).toBe('Expired');
  });
});
