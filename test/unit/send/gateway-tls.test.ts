import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alertOf, webhookText } from '../../support/gateway-objects.ts';
import { openSendBench, type SendBench, type SentRun } from '../../support/send-bench.ts';
import { makeTlsFiles, type TlsFiles } from '../kube/api-server.ts';

const tls = makeTlsFiles();

describe.skipIf(tls === undefined)('a gateway behind TLS', () => {
  const files = tls as TlsFiles;
  const read = (file: string): string => readFileSync(file, 'utf8');
  let bench: SendBench;

  beforeAll(() => () => {
    rmSync(files.directory, { recursive: true });
  });
  beforeEach(async () => {
    bench = await openSendBench({ tls: { cert: read(files.cert), key: read(files.key) } });
  });
  afterEach(() => bench.close());

  function send(...words: string[]): Promise<SentRun> {
    const alerts = [1, 2, 3].map(() => alertOf({ namespace: 'prod', deployment: 'payment-api' }));
    return bench.send([bench.file('a.json', webhookText(alerts)), '--concurrency', '1', ...words]);
  }

  it('takes signals where --gateway-ca-file has the authority that it has its certificate from', async () => {
    const { items, code } = await send('--gateway-ca-file', files.ca);
    expect(items.map(({ outcome }) => outcome)).toEqual(['created', 'duplicate', 'duplicate']);
    expect(code).toBe(0);
  });

  it('without it is not believed: said with what to do, once tried, and nothing is sent', async () => {
    const { items, stderr, code } = await send();
    expect(items.map(({ outcome, attempts = 1 }) => [outcome, attempts])).toEqual([
      ['failed', 1],
      ['failed', 1],
      ['failed', 1],
    ]);
    expect(items[0]?.error?.message).toContain('unable to verify the first certificate');
    expect(items[0]?.reason?.hint).toContain('from: --gateway-ca-file');
    expect(stderr).not.toContain('good-token');
    expect(bench.gateway.seen).toEqual([]);
    expect(code).toBe(1);
  });

  it('whose certificate is for another name says so, for every signal', async () => {
    const url = bench.gateway.url.replace('127.0.0.1', 'localhost');
    const { items } = await send('--gateway-ca-file', files.ca, '--gateway', url);
    expect(items.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
    for (const { error, reason } of items) {
      expect(error?.message).toContain('Host: localhost. is not in the cert');
      expect(reason?.hint).toContain('by a name that is in its certificate');
    }
    expect(bench.gateway.seen).toEqual([]);
  });

  it.each([
    ['no certificate', () => 'x', 'there is no certificate in'],
    ['a key', () => read(files.key), 'there is no certificate in'],
    ['half a certificate', () => read(files.ca).slice(0, 300), 'a certificate (no. 1) that cannot be read'],
    [
      'a second one that is none',
      () => `${read(files.ca)}\n${read(files.ca).replace(/\n[\w+/]{30}/, '\nAAAA')}`,
      'a certificate (no. 2) that cannot be read',
    ],
  ])('a file with %s is refused before anything is asked', async (_, text, said) => {
    const { code, stderr } = await send('--gateway-ca-file', bench.file('ca.pem', text()));
    expect(stderr).toContain(`--gateway-ca-file: ${said.startsWith('there') ? said : `there is ${said}`}`);
    expect(code).toBe(2);
    expect(bench.gateway.seen).toEqual([]);
  });

  it('doctor says the same of it', async () => {
    const words = ['doctor', '--gateway', bench.gateway.url, '--token-file', 'token', '-o', 'json'];
    const { stdout } = await bench.line.run(words);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; status: string; fix?: string }[] };
    const check = checks.find(({ name }) => name === 'gateway');
    expect(check?.status).toBe('fail');
    expect(check?.fix).toContain('--gateway-ca-file');
    const believed = await bench.line.run([...words, '--gateway-ca-file', files.ca]);
    expect(JSON.parse(believed.stdout)).toMatchObject({
      checks: expect.arrayContaining([
        expect.objectContaining({ name: 'gateway token', status: 'ok' }),
      ]) as unknown,
    });
  });
});
