import { createServer, type Server } from 'node:net';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite } from '../../../src/sqlite/sqlite.ts';
import { runProgram } from '../../support/built-program.ts';
import { CommandLine } from '../../unit/cli/command-line.ts';
import { MemoryStream } from '../../unit/cli/memory-stream.ts';

interface Check {
  name: string;
  group: string;
  status: string;
  message: string;
  fix?: string;
  details?: Record<string, unknown>;
}
interface Report {
  healthy: boolean;
  target?: object;
  checks: Check[];
  summary: Record<string, number>;
}

const embedded = ['doctor', '--target', 'embedded'];
let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  line.remove();
});

async function examine(argv: string[] = embedded): Promise<{ code: number; report: Report }> {
  const { code, stdout } = await line.run([...argv, '-o', 'json']);
  return { code, report: JSON.parse(stdout) as Report };
}

function find({ checks }: Report, name: string): Check {
  const found = checks.find((check) => check.name === name);
  if (found === undefined) throw new Error(`no check ${name}`);
  return found;
}

const troubles = ({ checks }: Report): string[] =>
  checks.filter(({ status }) => status === 'fail' || status === 'warn').map(({ name }) => name);

/** Made by a process of its own: only its end lets go of the files for certain, so that they can be damaged. */
async function makeStore(): Promise<string> {
  const made = await runProgram(['store', 'info'], {
    env: { HOME: line.home, REMEDYCTL_NO_CODE_CACHE: '1' },
  });
  expect(made.exitCode).toBe(0);
  return path.join(line.store, 'store.db');
}

/** Paths, versions and times of the machine that runs the test. */
function steady(text: string): string {
  return text
    .replaceAll(line.home, '<home>')
    .replaceAll(process.version, '<node>')
    .replaceAll(`${process.platform}-${process.arch}`, '<platform>')
    .replace(/SQLite 3[\d.]+ of [^"]+/, 'SQLite <version> of <whose>')
    .replace(/"version": "3[^"]+",\s+"from": "[^"]+"/, '"version": "<sqlite>"')
    .replace(
      /[\d.]+ ms at the median of 10 requests, [\d.]+ ms/,
      '<ms> ms at the median of 10 requests, <ms> ms',
    )
    .replace(/"(p50Seconds|maxSeconds|freeBytes|databaseBytes|walBytes)": [\d.e-]+/g, '"$1": 0')
    .replace(/[\d.]+ [KMGT]iB (free|read)/g, '<size> $1')
    .replace(/[\d.]+ (B|KiB)"/g, '<size>"');
}

describe('doctor on the embedded store', () => {
  it('finds a healthy store healthy (the shape of DoctorReport)', async () => {
    await makeStore();
    const { code, stdout, stderr } = await line.run([...embedded, '-o', 'json']);
    expect(stderr).toBe('');
    expect(steady(stdout)).toMatchSnapshot();
    expect(code).toBe(0);
  });

  it('makes no store by looking', async () => {
    const { code, report } = await examine();
    expect(code).toBe(0);
    expect(find(report, 'reachable')).toMatchObject({ status: 'skip' });
    expect(find(report, 'store folder')).toMatchObject({ status: 'ok' });
    expect(existsSync(line.store)).toBe(false);
    expect(readdirSync(line.home)).toEqual([]);
  });

  it('looks at the store where auto finds no cluster', async () => {
    await makeStore();
    const { report } = await examine(['doctor']);
    expect(report.target).toMatchObject({ kind: 'embedded' });
    expect(report.healthy).toBe(true);
  });

  it('says of a namespace that is not there what every creation in it would meet', async () => {
    await makeStore();
    const { code, report } = await examine([...embedded, '-n', 'elsewhere']);
    expect(code).toBe(3);
    expect(find(report, 'namespace elsewhere')).toMatchObject({ status: 'fail' });
    expect(find(report, 'namespace elsewhere').fix).toContain('--namespace');
  });

  it('finds locks that never end, expired ones, and those in other namespaces', async () => {
    await makeStore();
    const lease = (name: string, namespace: string, spec: object): object => ({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace },
      spec,
    });
    const old = { renewTime: '2020-01-01T00:00:00.000000Z', leaseDurationSeconds: 30 };
    const items = [
      lease('gw-lock-aaaaaaaaaaaaaaaa', 'kubernaut-system', { holderIdentity: 'gone' }),
      lease('gw-lock-bbbbbbbbbbbbbbbb', 'kubernaut-system', old),
      lease('gw-lock-cccccccccccccccc', 'other', old),
      lease('some-controller', 'third', old),
    ];
    const file = path.join(line.home, 'leases.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    expect((await line.run(['store', 'import', file])).code).toBe(0);
    const { code, report } = await examine();
    expect(code).toBe(3);
    expect(find(report, 'locks')).toMatchObject({
      status: 'fail',
      details: { total: 2, held: 0, expired: 1, noExpiry: 1, longHeld: 0 },
      fix: 'remedyctl lease doctor',
    });
    expect(find(report, 'locks elsewhere')).toMatchObject({
      status: 'warn',
      details: { namespaces: { other: 1 } },
    });
    expect(troubles(report)).toEqual(['locks', 'locks elsewhere']);
  });

  it('exits 0 with warnings alone', async () => {
    line.env['REMEDYCTL_NAMESPAC'] = 'typo';
    const { code, report } = await examine();
    expect(troubles(report)).toEqual(['environment']);
    expect([code, report.healthy]).toEqual([0, true]);
  });

  it.each([
    ['a file that is no database', 'no database at all '.repeat(100), 'STORE_CORRUPT'],
    ['a database with a torn head', undefined, 'STORE_CORRUPT'],
  ])('says that %s is damaged, and leaves it as it is', async (_name, content, errorCode) => {
    const file = await makeStore();
    const bytes = content === undefined ? readFileSync(file).fill(0xff, 100, 4000) : Buffer.from(content);
    writeFileSync(file, bytes);
    const { code, report } = await examine();
    expect(code).toBe(3);
    const damaged = report.checks.filter(({ details }) => details?.['code'] === errorCode);
    expect(damaged.map(({ name }) => name)).toEqual(expect.arrayContaining(['integrity']));
    for (const { fix } of damaged) expect(fix).toMatch(/^Move the directory away/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('finds damage in the pages that opening does not read', async () => {
    const file = await makeStore();
    const database = await openSqlite(file);
    database.exec('PRAGMA journal_mode = DELETE');
    const insert = "INSERT INTO obj (res, ns, name, rv, body) VALUES ('x', 'y', ?, 1, ?)";
    database.exec('BEGIN');
    for (let row = 0; row < 2_000; row += 1) {
      database.prepare(insert).run(`n${row}`, JSON.stringify({ row, text: 'x'.repeat(500) }));
    }
    database.exec('COMMIT');
    database.close();
    const bytes = readFileSync(file);
    const page = 4096;
    for (let at = page * 40; at < page * 120; at += page * 3) bytes.fill(0xee, at, at + page);
    writeFileSync(file, bytes);
    const { code, report } = await examine();
    expect(code).toBe(3);
    const integrity = find(report, 'integrity');
    expect(integrity.status).toBe('fail');
    expect(integrity.fix).toMatch(/recover|Move the directory away/);
  });

  it('says that a newer remedyctl wrote the store', async () => {
    const file = await makeStore();
    const database = await openSqlite(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const { code, report } = await examine();
    expect(code).toBe(3);
    expect(find(report, 'target')).toMatchObject({ status: 'fail', details: { code: 'STORE_TOO_NEW' } });
    expect(find(report, 'reachable')).toMatchObject({
      status: 'skip',
      message: 'not looked at: "target" failed',
    });
    expect(find(report, 'store schema')).toMatchObject({ status: 'fail', details: { schemaVersion: 99 } });
  });

  it.skipIf(process.getuid?.() === 0)('says which folders cannot be written', async () => {
    const cache = path.join(line.home, '.cache');
    mkdirSync(cache);
    chmodSync(cache, 0o500);
    const { report } = await examine();
    expect(find(report, 'code cache')).toMatchObject({ status: 'warn' });
  });

  it.each([
    ['a cache that others can write', 'code cache', 'chmod go-w '],
    ['a file where the store should be', 'store folder', '--store DIR'],
    ['a file where the configuration should be', 'configuration folder', '--config FILE'],
  ])('warns of or fails for %s', async (_name, check, fix) => {
    const cache = path.join(line.home, '.cache/remedyctl/code');
    mkdirSync(cache, { recursive: true });
    chmodSync(cache, 0o777);
    mkdirSync(path.dirname(path.dirname(line.store)), { recursive: true });
    writeFileSync(path.dirname(line.store), 'a file');
    mkdirSync(path.join(line.home, '.config'));
    writeFileSync(path.join(line.home, '.config/remedyctl'), 'a file');
    const { report } = await examine();
    expect(['warn', 'fail']).toContain(find(report, check).status);
    expect(find(report, check).fix).toContain(fix);
    expect(statSync(cache).mode & 0o777).toBe(0o777);
  });
});

describe('doctor with a configuration that cannot be used', () => {
  it('says what is wrong in it, looks at what needs none, and prints as asked', async () => {
    const folder = path.join(line.home, '.config/remedyctl');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'config.yaml'), 'namespac: x\noutput: yaml\n');
    const { code, report } = await examine(['doctor']);
    expect(code).toBe(3);
    expect(find(report, 'configuration')).toMatchObject({
      status: 'fail',
      details: { code: 'CONFIG_INVALID' },
    });
    expect(find(report, 'configuration').message).toContain('config.yaml:1:1');
    expect(find(report, 'target')).toMatchObject({ status: 'skip' });
    expect(find(report, 'node')).toMatchObject({ status: 'ok' });
  });

  it('says that a profile that is asked for does not exist', async () => {
    line.env['REMEDYCTL_PROFILE'] = 'prod';
    const { code, report } = await examine(['doctor']);
    expect(code).toBe(3);
    expect(find(report, 'configuration').details).toMatchObject({ code: 'CONFIG_NOT_FOUND' });
  });

  it('leaves wrong flags to whoever typed them', async () => {
    expect((await line.run(['doctor', '--lock-wait', 'x'])).code).toBe(2);
  });
});

describe('doctor with a cluster that does not answer', () => {
  let silent: Server | undefined;
  afterEach(() => {
    silent?.close();
    silent = undefined;
  });

  const kubeconfigFor = (server: string): void => {
    const kubeconfig = path.join(line.home, 'kubeconfig');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user: { token: 'secret-token' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'c',
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
    line.env['KUBECONFIG'] = kubeconfig;
  };

  it.each(['KUBECONFIG', 'REMEDYCTL_KUBECONFIG'])(
    'a %s that yields no context is a failed target, not the embedded store',
    async (variable) => {
      const file = path.join(line.home, 'config');
      writeFileSync(file, 'apiVersion: v1\nkind: Config\n');
      line.env[variable] = file;
      const { code, report } = await examine(['doctor']);
      expect(code).toBe(3);
      expect(report.target).toBeUndefined();
      expect(find(report, 'target')).toMatchObject({
        status: 'fail',
        message: expect.stringContaining(`${file} holds nothing`) as string,
        details: { code: 'KUBECONFIG_INVALID' },
      });
      expect(existsSync(line.store)).toBe(false);
    },
  );

  it('says so at once where the connection is refused, and skips what needs it', async () => {
    kubeconfigFor('http://127.0.0.1:1');
    const { code, report } = await examine(['doctor']);
    expect(code).toBe(3);
    expect(report.target).toMatchObject({ kind: 'cluster', context: 'c' });
    expect(find(report, 'reachable')).toMatchObject({ status: 'fail', details: { code: 'UNREACHABLE' } });
    expect(troubles(report)).toEqual(['reachable']);
    for (const { status, message } of report.checks.filter(({ group }) => group === 'permissions')) {
      expect([status, message]).toEqual(['skip', 'not looked at: "reachable" failed']);
    }
    expect(JSON.stringify(report)).not.toContain('secret-token');
  });

  it('does not wait longer than five seconds for one that says nothing', async () => {
    silent = createServer();
    await new Promise<void>((resolve) => silent?.listen(0, '127.0.0.1', resolve));
    kubeconfigFor(`http://127.0.0.1:${(silent.address() as { port: number }).port}`);
    const { code, report } = await examine(['doctor']);
    expect(code).toBe(3);
    expect(find(report, 'reachable')).toMatchObject({ status: 'fail', message: 'no answer within 5 s' });
  });

  it('says which context the kubeconfig does not have', async () => {
    kubeconfigFor('http://127.0.0.1:1');
    const { code, report } = await examine(['doctor', '--context', 'prod']);
    expect(code).toBe(3);
    expect(find(report, 'target')).toMatchObject({
      status: 'fail',
      message: 'the kubeconfig has no context "prod"',
      fix: 'It has: c.',
    });
  });

  it('takes a store that is not used for a warning at most', async () => {
    const file = await makeStore();
    writeFileSync(file, 'no database at all '.repeat(100));
    kubeconfigFor('http://127.0.0.1:1');
    const { report } = await examine(['doctor']);
    expect(find(report, 'integrity')).toMatchObject({ status: 'warn' });
  });
});

describe('the formats of doctor', () => {
  beforeEach(makeStore);

  it('draws marks on a UTF-8 terminal only', async () => {
    const terminal = new MemoryStream();
    terminal.isTTY = true;
    line.env['LANG'] = 'C.UTF-8';
    const drawn = await line.run(embedded, { stdout: terminal });
    expect(drawn.stdout).toContain('✓');
    const piped = await line.run(embedded);
    expect(piped.stdout).not.toContain('✓');
    expect(piped.stdout).toMatch(/^ {2}ok {3}program/m);
  });

  it.each([
    ['name', /^program\/node\nprogram\/code cache\n/],
    ['wide', /^STATUS +GROUP +CHECK +MESSAGE +FIX\nok +program +node/],
    ['jsonl', /^\{"name":"node".*\n(?:\{"name".*\n)+\{"summary":\{"total":\d+.*\}\}\n$/],
    ['yaml', /^apiVersion: remedyctl.dev\/v1\nkind: DoctorReport\n/],
    ['jsonpath={.healthy}', /^true$/],
    ['custom-columns=A:.name,B:.status', /^A +B\nnode +ok\n/],
  ])('-o %s', async (format, pattern) => {
    const { code, stdout } = await line.run([...embedded, '-o', format]);
    expect(stdout).toMatch(pattern);
    expect(code).toBe(0);
  });
});
