import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');
const program = path.join(root, 'bin/remedyctl.cjs');
const work = mkdtempSync(path.join(tmpdir(), 'remedyctl-folders-'));
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** SIGKILL after a while: a mkdir that loops inside Node hears nothing else. */
function run(args: string[], env: Record<string, string>, cwd = work): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const ended = { stdout: '', stderr: '' };
  child.stdin.end();
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.stderr += text));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, ...ended });
    });
  });
}

const inTheWay = path.join(work, 'a-file');
writeFileSync(inTheWay, '');

const homes = ['/proc', '/proc/1', '/dev/null', inTheWay].filter((home) => existsSync(home));

describe.each(homes)('HOME=%s, where no folder can be made', (home) => {
  it('changes nothing for what needs none, and is a notice under -v', async () => {
    const version = await run(['--version'], { HOME: home });
    expect(version).toMatchObject({ code: 0, stderr: '' });
    expect(version.stdout).toMatch(/^remedyctl\//);
    const quiet = await run(['config', 'show'], { HOME: home });
    expect(quiet).toMatchObject({ code: 0, stderr: '' });
    const shown = await run(['config', 'show', '-v'], { HOME: home });
    expect(shown.stdout).toBe(quiet.stdout);
    expect(shown.stderr).toContain('no code cache');
    expect(shown.stderr).toContain(`${home}/.cache`);
  });

  it.each([
    ['config init', ['config', 'init'], 'OUTPUT_FAILED', '.config'],
    ['request list', ['request', 'list', '--target', 'embedded'], 'STORE_UNAVAILABLE', '.local'],
    [
      'signal ingest',
      ['signal', 'ingest', path.join(root, 'examples/webhook.json'), '--target', 'embedded'],
      'STORE_UNAVAILABLE',
      '.local',
    ],
  ])('ends %s with an error that names the folder', async (_name, args, code, folder) => {
    const ended = await run(args, { HOME: home });
    expect(ended.code, ended.stderr).toBe(1);
    expect(ended.stderr).toContain(`code: ${code}`);
    expect(ended.stderr).toContain(path.join(home, folder));
  });
});

describe('a home that is no absolute path', () => {
  it.each(['', 'relative'])('HOME=%j: nothing is looked for or made in the current folder', async (home) => {
    const cwd = mkdtempSync(path.join(work, 'cwd-'));
    const { code, stdout, stderr } = await run(['config', 'path', '-o', 'json'], { HOME: home }, cwd);
    expect(code, stderr).toBe(0);
    const paths = [...stdout.matchAll(/"(?:path|file|folder)": "([^"]*)"/g)].map(([, name]) => name ?? '');
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((name) => !path.isAbsolute(name))).toEqual([]);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('a relative XDG folder is ignored', async () => {
    const cwd = mkdtempSync(path.join(work, 'cwd-'));
    const home = path.join(work, 'home');
    const xdg = { XDG_CONFIG_HOME: 'x', XDG_DATA_HOME: 'x', XDG_CACHE_HOME: 'x' };
    const { code } = await run(['request', 'list', '--target', 'embedded'], { HOME: home, ...xdg }, cwd);
    expect(code).toBe(0);
    expect(readdirSync(cwd)).toEqual([]);
    expect(existsSync(path.join(home, '.local/share/remedyctl/store/store.db'))).toBe(true);
  });
});
