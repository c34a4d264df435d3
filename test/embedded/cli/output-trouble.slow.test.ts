import { spawn } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');
const program = path.join(root, 'bin/remedyctl.cjs');
const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-output-'));
const env = { PATH: process.env['PATH'], HOME: home };
const alerts = path.join(home, 'alerts.json');
const count = 120;
let stores = 0;

beforeAll(() => {
  writeFileSync(
    alerts,
    JSON.stringify({
      version: '4',
      status: 'firing',
      receiver: 'on-call',
      alerts: Array.from({ length: count }, (_, index) => ({
        status: 'firing',
        labels: { alertname: `Alert${index}`, namespace: 'shop', pod: `pod-${index}`, severity: 'critical' },
        annotations: {},
        startsAt: '2026-01-01T00:00:00Z',
      })),
    }),
  );
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** `reader`: how long somebody reads stdout. */
function run(
  argv: string[],
  stdout: 'pipe' | number = 'pipe',
  reader: 'all' | 'first' | 'none' = 'all',
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...argv], { env, stdio: ['ignore', stdout, 'pipe'] });
  const ended = { stdout: '', stderr: '' };
  if (reader === 'none') child.stdout?.destroy();
  child.stdout?.on('data', (chunk: Buffer) => {
    ended.stdout += chunk.toString();
    if (reader === 'first') child.stdout?.destroy();
  });
  child.stderr?.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, ...ended });
    });
  });
}

function target(): string[] {
  stores += 1;
  return ['--target', 'embedded', '--store', path.join(home, `store-${stores}`)];
}

async function requestsIn(where: string[]): Promise<number> {
  const { stdout } = await run(['request', 'list', ...where, '-o', 'name']);
  return stdout.split('\n').length - 1;
}

describe('a run that writes is not ended by', () => {
  it('a column that does not apply', async () => {
    const where = target();
    const ended = await run([
      'signal',
      'ingest',
      alerts,
      ...where,
      '-o',
      'custom-columns=N:.signal.signalName,O:.ownerChain[1]',
    ]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout.split('\n').filter((line) => line.endsWith('<none>'))).toHaveLength(count);
    expect(await requestsIn(where)).toBe(count);
  });

  it('a jsonpath that does not apply, which is told once', async () => {
    const where = target();
    const template = '{range .items[*]}{.signal.signalName}:{.ownerChain[1]}{"\\n"}{end}';
    const { code, stdout, stderr } = await run([
      'signal',
      'ingest',
      alerts,
      ...where,
      '-o',
      `jsonpath=${template}`,
    ]);
    expect(code).toBe(1);
    expect(stdout.split('\n').slice(0, 2)).toEqual(['Alert0:', 'Alert1:']);
    expect(stdout.split('\n')).toHaveLength(count + 1);
    expect(stderr.match(/OUTPUT_FAILED/g)).toHaveLength(1);
    expect(stderr).toContain(`${count} times`);
    expect(await requestsIn(where)).toBe(count);
  });

  it.each(['first', 'none'] as const)('a reader that goes away: it reads %s', async (reader) => {
    const where = target();
    const { code, stderr } = await run(['signal', 'ingest', alerts, ...where, '-o', 'jsonl'], 'pipe', reader);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `${count} signals: ${count} created\n` });
    expect(await requestsIn(where)).toBe(count);
  });

  it.runIf(existsSync('/dev/full')).each(['table', 'json', 'jsonl', 'yaml', 'name', 'jsonpath={.kind}'])(
    'a full disk at stdout, -o %s',
    async (format) => {
      const where = target();
      const { code, stderr } = await run(
        ['signal', 'ingest', alerts, ...where, '-o', format],
        openSync('/dev/full', 'w'),
      );
      expect(code).toBe(1);
      expect(stderr).toContain(`${count} signals: ${count} created`);
      expect(stderr.match(/OUTPUT_FAILED/g)).toHaveLength(1);
      expect(await requestsIn(where)).toBe(count);
    },
  );

  it.runIf(existsSync('/dev/full'))(
    'metrics and a trace that cannot be written, and both are told',
    async () => {
      const where = target();
      const full = path.join(home, 'full');
      symlinkSync('/dev/full', full);
      const { code, stderr } = await run([
        'signal',
        'ingest',
        alerts,
        ...where,
        '-o',
        'name',
        '--metrics-file',
        full,
        '--record',
        full,
      ]);
      expect(code).toBe(1);
      expect(stderr).toContain('could not write the trace');
      expect(stderr).toContain('metrics were not written');
      expect(lstatSync(full).isSymbolicLink()).toBe(true);
      expect(lstatSync('/dev/full').isCharacterDevice()).toBe(true);
      expect(await requestsIn(where)).toBe(count);
    },
  );

  it.runIf(existsSync('/dev/full'))('the exit code of its own outcome', async () => {
    const bad = path.join(home, 'bad.json');
    writeFileSync(bad, '{"version":"4","alerts":[{"status":"firing","labels":{"alertname":"A"}}]}');
    const { code, stderr } = await run(['signal', 'ingest', bad, ...target()], openSync('/dev/full', 'w'));
    expect(code).toBe(2);
    expect(stderr).toContain('OUTPUT_FAILED');
  });
});

describe('what is wrong with the output is said before anything is written', () => {
  const broken = [
    'jsonpath={.items[',
    'jsonpath={range .items[*]',
    'custom-columns=A:.x[',
    'custom-columns=A',
  ];
  const objects = path.join(root, 'examples/objects.yaml');
  it.each(
    broken.flatMap((format) => [
      ['signal ingest', ['signal', 'ingest', alerts], format] as const,
      ['store import', ['store', 'import', objects], format] as const,
      ['lease acquire', ['lease', 'acquire', '--raw-key', 'k'], format] as const,
    ]),
  )('%s %j -o %s', async (_name, argv, format) => {
    const where = target();
    const { code, stdout, stderr } = await run([...argv, ...where, '-o', format]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('code: USAGE');
    expect(existsSync(where.at(-1) ?? '')).toBe(false);
  });

  it('config init', async () => {
    const file = path.join(home, 'not-made.yaml');
    expect((await run(['config', 'init', '--config', file, '-o', 'jsonpath={'])).code).toBe(2);
    expect(existsSync(file)).toBe(false);
  });

  it.each(['--metrics-file', '--record'])('a folder in the place of a file: %s', async (flag) => {
    const where = target();
    const { code, stderr } = await run(['signal', 'ingest', alerts, ...where, flag, home]);
    expect(code).toBe(1);
    expect(stderr).toContain('it is a folder');
    expect(await requestsIn(where)).toBe(0);
  });
});

describe('a lock whose holder nobody could learn', () => {
  it.runIf(existsSync('/dev/full'))('is let go where the output cannot be written', async () => {
    const where = target();
    const { code, stderr } = await run(
      ['lease', 'acquire', '--raw-key', 'k', ...where],
      openSync('/dev/full', 'w'),
    );
    expect(code).toBe(1);
    expect(stderr).toContain('is released');
    expect((await run(['lease', 'list', ...where, '-o', 'name'])).stdout).toBe('');
  });
});

describe('/dev/stdout', () => {
  it('is written into where stdout is a file, and nothing of the output is lost', async () => {
    const out = path.join(home, 'out.txt');
    const argv = [
      'signal',
      'ingest',
      alerts,
      ...target(),
      '-o',
      'name',
      '--metrics-file',
      '/dev/stdout',
      '--record',
      out,
    ];
    expect((await run(argv, openSync(out, 'w'))).code).toBe(0);
    const text = readFileSync(out, 'utf8');
    expect(text.match(/^remediationrequest\./gm)).toHaveLength(count);
    expect(text).toContain('"kind":"RetryTrace"');
    expect(text.endsWith('# EOF\n')).toBe(true);
  });
});
