import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine, type Ran } from '../cli/command-line.ts';

const alert = {
  labels: { alertname: 'Slow', namespace: 'shop', deployment: 'web', severity: 'warning' },
  annotations: {},
  startsAt: '2026-03-01T11:58:30.5Z',
  endsAt: '2099-03-02T00:00:00Z',
  status: { state: 'active', silencedBy: [], inhibitedBy: [] },
};
const webhook = {
  version: '4',
  status: 'firing',
  alerts: [{ ...alert, status: 'firing', endsAt: '0001-01-01T00:00:00Z' }],
};
const prometheus = {
  status: 'success',
  data: {
    alerts: ['shop', 'pay'].map((namespace) => ({
      labels: { ...alert.labels, namespace },
      annotations: {},
      state: 'firing',
      activeAt: alert.startsAt,
      value: '1e+00',
    })),
  },
};

let line: CommandLine;
let server: Server;
let origin: string;
let requests: { url: string; authorization: string | undefined }[];
let answer: (request: IncomingMessage, response: ServerResponse, count: number) => void;

beforeEach(async () => {
  line = new CommandLine();
  requests = [];
  server = createServer((request, response) => {
    requests.push({ url: request.url ?? '', authorization: request.headers.authorization });
    answer(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  answer = (_request, response) => response.end(JSON.stringify([alert]));
});
afterEach(async () => {
  line.remove();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const normalize = (...flags: string[]): Promise<Ran> =>
  line.run([
    'signal',
    'normalize',
    '--target',
    'embedded',
    '--now',
    '2026-03-01T12:00:00Z',
    '-o',
    'json',
    ...flags,
  ]);

interface Item {
  signal?: { fingerprint: string; firingTime: string; labels: object; resource: { namespace: string } };
}

function itemsOf({ stdout }: Ran): Item[] {
  return (JSON.parse(stdout) as { items: Item[] }).items;
}

describe('alerts straight from their API', () => {
  it('are those of the webhook', async () => {
    const file = path.join(line.home, 'webhook.json');
    writeFileSync(file, JSON.stringify(webhook));
    const told = itemsOf(await normalize(file));
    const asked = itemsOf(await normalize('--from', `alertmanager=${origin}/am/`));
    const { signal } = told[0] ?? {};
    expect(asked).toMatchObject([{ signal }]);
    expect(requests[0]?.url).toMatch(/^\/am\/api\/v2\/alerts\?active=true&silenced=false&inhibited=false/);
  });

  it('are ingested, and explained with the command that does it', async () => {
    const from = ['--from', `alertmanager=${origin}`];
    const ran = await line.run(['signal', 'ingest', '--target', 'embedded', ...from, '-o', 'json']);
    expect(JSON.parse(ran.stdout)).toMatchObject({ summary: { created: 1 } });
    const told = await line.run(['signal', 'explain', '--target', 'embedded', ...from, '-o', 'json']);
    expect(told.stdout).toContain(`signal ingest --from alertmanager=${origin} `);
  });

  it('are chosen by matchers, by AlertManager itself and of Prometheus here', async () => {
    await normalize('--from', `alertmanager=${origin}`, '--filter', '{namespace="shop",a!=b}');
    expect(new URL(requests[0]?.url ?? '', origin).searchParams.getAll('filter')).toEqual([
      'namespace="shop"',
      'a!="b"',
    ]);
    answer = (_request, response) => response.end(JSON.stringify(prometheus));
    const ran = await normalize('--from', `prometheus=${origin}/api/v1/alerts`, '--filter', 'namespace=~p.*');
    expect(itemsOf(ran).map(({ signal }) => signal?.resource.namespace)).toEqual(['pay']);
    expect(requests[1]?.url).toBe('/api/v1/alerts');
  });

  it('are asked for with a token or a password, which no text shows', async () => {
    line.env = { ALERTMANAGER_TOKEN: 'secret-token-1' };
    answer = (_request, response) => response.writeHead(403).end('{"error":"no secret-token-1 here"}');
    const refused = await normalize('--from', `alertmanager=${origin}`, '-vv');
    expect(refused.code).not.toBe(0);
    expect(`${refused.stdout}${refused.stderr}`).not.toContain('secret-token-1');
    expect(requests[0]?.authorization).toBe('Bearer secret-token-1');
    const file = path.join(line.home, 'password');
    writeFileSync(file, 'pass-word-2\n');
    chmodSync(file, 0o600);
    line.env = {};
    await normalize(
      '--from',
      `alertmanager=${origin}`,
      '--from-username',
      'me',
      '--from-password-file',
      file,
    );
    expect(requests.at(-1)?.authorization).toBe(`Basic ${Buffer.from('me:pass-word-2').toString('base64')}`);
  });

  it('are asked for again when the server asks for a moment', async () => {
    answer = (_request, response, count) => {
      if (count === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.end(JSON.stringify([alert]));
    };
    const ran = await normalize('--from', `alertmanager=${origin}`);
    expect(itemsOf(ran)).toHaveLength(1);
    expect(ran.stderr).toMatch(/attempt 1 failed, again in \d s: AlertManager, .*HTTP 429/);
  });

  it.each<[string, string[], number, RegExp]>([
    [
      'a page of a login',
      ['alertmanager'],
      5,
      /REMOTE_ERROR.*cannot be read: a body of \d+ bytes \(text\/html\)/s,
    ],
  ])('fail as a whole on %s', async (_name, [system], _code, said) => {
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    const ran = await normalize('--from', `${system ?? ''}=${origin}`);
    expect(ran.code).not.toBe(0);
    expect(ran.stdout).toMatch(said);
  });

  it.each<[string[], RegExp]>([
    [['--from', 'alertmanager=http://me:pw@host'], /credentials do not belong/],
    [['--from', 'alertmanager=ftp://host'], /http:\/\/ or https:\/\//],
    [['--from', 'alertmanager=host:9093'], /http:\/\/ or https:\/\//],
    [['--from', 'alertmanager=http://host/?a=b'], /query or a fragment/],
    [['--from', 'grafana=http://host'], /no source/],
    [['--from', 'alertmanager=http://host', 'file.json'], /takes the place of files/],
    [['--filter', 'a=b', 'file.json'], /goes with --from/],
    [['--from', 'alertmanager=http://host', '--filter', 'a'], /--filter a: no matcher/],
    [[], /no input is given/],
  ])('are not asked for by %j', async (flags, said) => {
    const ran = await normalize(...flags);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(said);
    expect(requests).toEqual([]);
  });

  it('keep a token off the network where that is not encrypted', async () => {
    line.env = { PROMETHEUS_TOKEN: 'secret-token-1' };
    const ran = await normalize('--from', 'prometheus=http://prometheus.monitoring:9090');
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.stderr).toContain('clear text');
  });
});

describe('what a source answers that is no list of alerts', () => {
  const from = ['--from'];

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    [
      'a wait of an hour',
      (response) => response.writeHead(429, { 'Retry-After': '3600' }).end(),
      /HTTP 429.*\n.*left alone for 3600 s/s,
    ],
    [
      'a page',
      (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>login</html>'),
      /cannot be read.*\n.*under which its web pages are/s,
    ],
    ['a text', (response) => response.end('"hello"'), /cannot be read/],
    ['nothing there', (response) => response.writeHead(404).end(), /under which its web pages are/],
  ])('is told once: %s', async (_name, respond, said) => {
    answer = (_request, response) => {
      respond(response);
    };
    const { code, stderr } = await normalize(...from, `alertmanager=${origin}`);
    expect(code).toBe(1);
    expect(stderr).toMatch(said);
    expect(requests).toHaveLength(1);
  });

  it('is waited for no longer than --request-timeout', async () => {
    answer = (_request, response, count) => {
      if (count > 1) response.end(JSON.stringify([alert]));
    };
    const ran = await normalize(...from, `alertmanager=${origin}`, '--request-timeout', '100ms');
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toMatch(/attempt 1 failed, again in [12] s: .*0\.1 s/);
    expect(requests).toHaveLength(2);
  });

  it('is told of where some of it is missing', async () => {
    answer = (_request, response) =>
      response.end(JSON.stringify({ ...prometheus, warnings: ['no answer of store \u001b[31meast'] }));
    const ran = await normalize(...from, `prometheus=${origin}`);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('Prometheus warns: no answer of store');
    expect(ran.stderr).not.toContain('\u001b[31m');
  });
});
