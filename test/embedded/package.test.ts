import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-package-'));
const prefix = path.join(folder, 'prefix');
const installed = path.join(prefix, 'lib/node_modules/remedyctl');

function run(command: string, args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(path.join(prefix, 'bin', command), args, {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: path.join(folder, 'home') },
  });
  return { code: status, stdout, stderr };
}

describe('the package that npm pack makes', () => {
  beforeAll(() => {
    const npm = (...args: string[]): string =>
      execFileSync('npm', [...args, '--loglevel=error', '--no-audit', '--no-fund', '--prefer-offline'], {
        encoding: 'utf8',
        cwd: root,
      });
    npm('pack', '--pack-destination', folder, '--ignore-scripts');
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    npm('install', '--global', '--prefix', prefix, '--ignore-scripts', path.join(folder, tarball));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('brings one dependency and no sources', () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(Object.keys(dependencies)).toEqual(['@photostructure/sqlite']);
    expect(readdirSync(installed)).not.toContain('src');
  });

  it('brings its licence and what each version changed', () => {
    expect(readdirSync(installed)).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'CHANGELOG.md']));
  });

  it('does the main job: an example becomes RemediationRequests, the second time duplicates', () => {
    const webhook = path.join(installed, 'examples/webhook.json');
    const ingest = (): { code: number | null; outcomes: string[] } => {
      const { code, stdout } = run('remedyctl', [
        'signal',
        'ingest',
        webhook,
        '--target',
        'embedded',
        '-o',
        'json',
      ]);
      const { items } = JSON.parse(stdout) as { items: { outcome: string }[] };
      return { code, outcomes: items.map(({ outcome }) => outcome) };
    };
    expect(ingest()).toEqual({ code: 0, outcomes: ['created', 'duplicate', 'created', 'skipped'] });
    expect(ingest()).toEqual({ code: 0, outcomes: ['duplicate', 'duplicate', 'duplicate', 'skipped'] });
    const { stdout } = run('remedyctl', ['request', 'list', '--target', 'embedded', '-o', 'name']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  it('runs as a kubectl plugin', () => {
    const { code, stdout } = run('kubectl-remedy', ['signal', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('kubectl remedy signal');
  });

  it('says its version, with the code cache and without', () => {
    const first = run('remedyctl', ['--version']);
    expect(first.stdout).toMatch(/^remedyctl\/\d+\.\d+\.\d+ /);
    expect(run('remedyctl', ['--version'])).toEqual(first);
    const caches = readdirSync(path.join(folder, 'home/.cache/remedyctl/code'));
    expect(caches.some((name) => name.startsWith('main.cjs-'))).toBe(true);
    expect(caches.filter((name) => !name.endsWith('.bin'))).toEqual([]);
  });
});
