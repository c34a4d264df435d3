import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asksForHeaders } from '../../../src/cli/global-flags.ts';
import { Notices, type NoticeLevel } from '../../../src/cli/notices.ts';
import { attemptLog, exchangeLog } from '../../../src/cli/request-log.ts';
import type { ApiResponse, Send } from '../../../src/api/wire.ts';
import { NetworkError } from '../../../src/kube/api-error.ts';
import { recordedSend } from '../../../src/kube/attempts.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { CommandLine } from './command-line.ts';
import { MemoryStream } from './memory-stream.ts';

const body = (text: string): AsyncIterable<Uint8Array> =>
  (async function* () {
    await Promise.resolve();
    yield Buffer.from(text);
  })();

/** What stderr has of one request that is answered so. */
async function logged(level: NoticeLevel, answer: Send): Promise<string> {
  const stderr = new MemoryStream();
  const clock = new MockClock();
  const send = recordedSend(answer, clock, attemptLog(new Notices(stderr, level)));
  const headers = { 'content-type': 'application/json' };
  const asked = { method: 'POST', path: '/api/v1/namespaces?dryRun=All', headers } as const;
  try {
    const response = await send(asked);
    for await (const chunk of response.body) expect(chunk.byteLength).toBeGreaterThan(0);
  } catch {
    // told by the log
  }
  return stderr.text;
}

const refused: ApiResponse = {
  status: 429,
  headers: {
    'retry-after': '1',
    'set-cookie': 'session=s3cret',
    'x-echo': 'Bearer s3cret',
    warning: ['one', 'two'],
  },
  body: body('{"reason":"TooManyRequests","message":"later"}'),
  mask: (text) => text.replaceAll('s3cret', '…'),
};

describe('the log of requests', () => {
  it('says each with its answer, under -v', async () => {
    expect(await logged('verbose', () => Promise.resolve(refused))).toBe(
      'POST /api/v1/namespaces?dryRun=All 429 TooManyRequests in 0 ms, retry after 1 s\n',
    );
  });

  it('says the error of one without an answer', async () => {
    const failure = new NetworkError('UNREACHABLE', 'no', { errno: 'ECONNRESET' });
    expect(await logged('verbose', () => Promise.reject(failure))).toBe(
      'POST /api/v1/namespaces?dryRun=All ECONNRESET in 0 ms\n',
    );
  });

  it('says headers under -vv, and nothing secret', async () => {
    const text = await logged('headers', () => Promise.resolve({ ...refused, body: body('{}') }));
    expect(text.split('\n').slice(1)).toEqual([
      '  > content-type: application/json',
      '  < retry-after: 1',
      '  < x-echo: Bearer …',
      '  < warning: one, two',
      '',
    ]);
  });

  it('says nothing without -v', async () => {
    expect(await logged('normal', () => Promise.resolve(refused))).toBe('');
  });

  it('says the headers of what plans ask under -vv', () => {
    const stderr = new MemoryStream();
    const log = exchangeLog(new Notices(stderr, 'headers'));
    const headers = { sentHeaders: { from: 'a@example.com' }, receivedHeaders: { 'retry-after': '1' } };
    log({
      method: 'GET',
      url: new URL('https://api.openshift.com/x'),
      durationMs: 1,
      httpStatus: 429,
      ...headers,
    });
    expect(stderr.text.split('\n').slice(1)).toEqual(['  > from: a@example.com', '  < retry-after: 1', '']);
  });

  it('says the requests of plans without their query', () => {
    const stderr = new MemoryStream();
    const log = exchangeLog(new Notices(stderr, 'verbose'));
    const url = new URL('https://api.pagerduty.com/incidents/Q1?include=x');
    const headers = { sentHeaders: { from: 'a@example.com' }, receivedHeaders: { 'retry-after': '1' } };
    log({ title: 'PagerDuty', method: 'PUT', url, durationMs: 12.3, httpStatus: 200, ...headers });
    log({
      method: 'PUT',
      url,
      durationMs: 5,
      ...headers,
      failure: Object.assign(new Error('no'), { code: 'ECONNREFUSED' }),
    });
    expect(stderr.text).toBe(
      'PagerDuty PUT https://api.pagerduty.com/incidents/Q1 200 in 12 ms\nPUT https://api.pagerduty.com/incidents/Q1 ECONNREFUSED in 5 ms\n',
    );
  });
});

describe('asksForHeaders', () => {
  it.each([
    [['-v'], false],
    [['-vv'], true],
    [['-v', '-v'], true],
    [['-v', '--verbose'], true],
    [['-qv', 'x'], false],
    [['-v', '--', '-v'], false],
    [['-v', 'verbose.json'], false],
  ])('%j: %s', (argv, expected) => {
    expect(asksForHeaders(argv)).toBe(expected);
  });
});

describe('the whole program', () => {
  let line: CommandLine;
  let server: Server;
  let kubeconfig: string;
  beforeEach(async () => {
    line = new CommandLine();
    server = createServer(({ socket }) => {
      socket.destroy();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    kubeconfig = path.join(line.home, 'kubeconfig.yaml');
    const context = { name: 'c', context: { cluster: 'c', user: 'u' } };
    const cluster = { name: 'c', cluster: { server: `http://127.0.0.1:${port}` } };
    const user = { name: 'u', user: { token: 's3cret' } };
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        kind: 'Config',
        'current-context': 'c',
        contexts: [context],
        clusters: [cluster],
        users: [user],
      }),
    );
  });
  afterEach(async () => {
    line.remove();
    await once(server.close(), 'close');
  });

  it.each([['-v'], ['-vv'], ['--verbose']])('says with %s what the failure comes from', async (flag) => {
    const { stderr } = await line.run(['request', 'list', '--kubeconfig', kubeconfig, flag]);
    expect(stderr).toContain('ECONNRESET in ');
    expect(stderr).toContain('  cause: ');
    expect(stderr).not.toContain('s3cret');
  });

  it('takes the words of another program for none of its own', async () => {
    const argv = ['lease', 'run', '--raw-key', 'a', '--kubeconfig', kubeconfig, '--', 'true', '-v'];
    const { stderr } = await line.run(argv);
    expect(stderr).not.toContain('  cause: ');
  });

  it('says the headers of what the doctor asks, under -vv', async () => {
    const { stderr } = await line.run(['doctor', '--kubeconfig', kubeconfig, '-vv']);
    expect(stderr).toContain('  > accept: application/json');
    expect(stderr).not.toContain('s3cret');
  });
});
