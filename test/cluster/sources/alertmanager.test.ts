import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandLine } from '../../unit/cli/command-line.ts';

const program = '/usr/bin/prometheus-alertmanager';
const amtool = '/usr/bin/amtool';
const isHere = existsSync(program) && existsSync(amtool);

interface Item {
  outcome: string;
  reason?: { code: string; message: string };
  signal?: { fingerprint: string; signalName: string; labels: object; resource: object; firingTime: string };
}

/** A free port; AlertManager takes no 0. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let tries = 0; tries < 150; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no ${what} within 30 s`);
}

it('AlertManager is here where the whole tier has to run', () => {
  if (process.env['REMEDYCTL_REQUIRE_CLUSTER'] === '1')
    expect(isHere, 'apt-get install prometheus-alertmanager').toBe(true);
});

describe.skipIf(!isHere)('a real AlertManager', () => {
  const line = new CommandLine();
  const received: string[] = [];
  let receiver: Server;
  let alertmanager: ChildProcess;
  let url: string;

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        received.push(body);
        response.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const config = path.join(line.home, 'alertmanager.yml');
    const route =
      "route: {receiver: hook, group_by: ['...'], group_wait: 1s, group_interval: 1s, repeat_interval: 1h}";
    writeFileSync(config, `${route}\nreceivers: [{name: hook, webhook_configs: [{url: '${hook}'}]}]\n`);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    mkdirSync(path.join(line.home, 'data'));
    const flags = [`--config.file=${config}`, `--storage.path=${path.join(line.home, 'data')}`];
    alertmanager = spawn(
      program,
      [...flags, `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='],
      {
        stdio: 'ignore',
      },
    );
    await until('AlertManager', () =>
      fetch(`${url}/-/ready`).then(
        (answer) => (answer.ok ? true : undefined),
        () => undefined,
      ),
    );
    add('alertname=KubePodCrashLooping', 'namespace=shop', 'deployment=checkout', 'severity=warning');
    add('alertname=KubeJobFailed', 'namespace=shop', 'job_name=migrate', 'severity=critical', 'cluster=east');
    add('alertname=Quiet', 'namespace=shop', 'deployment=quiet');
    tool('silence', 'add', 'alertname=Quiet', '--author=test', '--comment=known', '--duration=1h');
    await until('webhooks', () => (received.length >= 2 ? true : undefined));
  }, 60_000);

  afterAll(async () => {
    alertmanager.kill('SIGKILL');
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
    line.remove();
  });

  function tool(...words: string[]): string {
    return execFileSync(amtool, [`--alertmanager.url=${url}`, ...words], { encoding: 'utf8' });
  }
  function add(...labels: string[]): void {
    tool('alert', 'add', ...labels, '--annotation=summary=s');
  }
  async function normalize(...words: string[]): Promise<Item[]> {
    const { stdout } = await line.run([
      'signal',
      'normalize',
      '--target',
      'embedded',
      '-o',
      'json',
      ...words,
    ]);
    return (JSON.parse(stdout) as { items: Item[] }).items;
  }
  const facts = (items: Item[]): unknown[] =>
    items
      .flatMap(({ signal }) => signal ?? [])
      .map(({ fingerprint, signalName, labels, resource }) => ({ fingerprint, signalName, labels, resource }))
      .sort((a, b) => a.signalName.localeCompare(b.signalName));

  it('is asked for what its own webhook tells', async () => {
    const files = received.slice(0, 2).map((body, index) => {
      const file = path.join(line.home, `webhook-${index}.json`);
      writeFileSync(file, body);
      return file;
    });
    const told = facts(await normalize(...files)).filter(
      (one) => (one as { signalName: string }).signalName !== 'Quiet',
    );
    const asked = facts(await normalize('--from', `alertmanager=${url}`));
    expect(asked).toHaveLength(2);
    expect(told.length).toBeGreaterThan(0);
    for (const one of told) expect(asked).toContainEqual(one);
  });

  it('is asked for what amtool prints, and amtool prints the silenced ones too', async () => {
    const file = path.join(line.home, 'amtool.json');
    writeFileSync(
      file,
      tool('alert', 'query', '-o', 'json', '--silenced', '--active', '--inhibited', '--unprocessed'),
    );
    const printed = await normalize(file);
    expect(facts(printed)).toEqual(facts(await normalize('--from', `alertmanager=${url}`)));
    const silence = tool('silence', 'query', '-q').trim();
    expect(printed.find(({ outcome }) => outcome === 'skipped')?.reason).toMatchObject({
      code: 'SUPPRESSED',
      message: expect.stringContaining(silence) as string,
    });
  });

  it('chooses by matchers', async () => {
    const items = await normalize('--from', `alertmanager=${url}`, '--filter', 'severity=~"crit.*"');
    expect(items.map(({ signal }) => signal?.signalName)).toEqual(['KubeJobFailed']);
  });
});
