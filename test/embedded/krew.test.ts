import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-krew-'));
const installed = path.join(folder, 'store/remedy');
const bin = path.join(folder, 'bin');

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: { version: string; shortDescription: string; caveats: string; platforms: Platform[] };
}

interface Platform {
  uri: string;
  sha256: string;
  files: { from: string; to: string }[];
  bin: string;
}

let manifest: Manifest;
let platform: Platform;
let archive: string;

function run(name: string, args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { PATH: process.env['PATH'], HOME: path.join(folder, 'home') };
  const { status, stdout, stderr } = spawnSync(path.join(bin, name), args, {
    encoding: 'utf8',
    cwd: folder,
    env,
  });
  return { status, stdout, stderr };
}

beforeAll(() => {
  const packed = path.join(folder, 'packed');
  execFileSync('npm', ['run', '--silent', 'krew:pack', '--', packed, 'https://example.com/releases/'], {
    cwd: root,
  });
  manifest = parse(readFileSync(path.join(packed, 'remedy.yaml'), 'utf8')) as Manifest;
  [platform] = manifest.spec.platforms as [Platform];
  archive = path.join(packed, path.basename(new URL(platform.uri).pathname));
  const unpacked = path.join(folder, 'unpacked');
  for (const made of [unpacked, installed, bin]) mkdirSync(made, { recursive: true });
  execFileSync('tar', ['-xzf', archive, '-C', unpacked]);
  // as krew: what is moved to `.` keeps its name, and the program is linked by the plugin's
  for (const { from, to } of platform.files)
    renameSync(path.join(unpacked, from), path.join(installed, to === '.' ? path.basename(from) : to));
  symlinkSync(path.join(installed, platform.bin), path.join(bin, 'kubectl-remedy'));
  const completing = /bin\/kubectl_complete-remedy\S*(?=")/.exec(manifest.spec.caveats)?.[0] ?? '';
  symlinkSync(path.join(installed, completing), path.join(bin, 'kubectl_complete-remedy'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the krew manifest and the archive that it names', () => {
  it('say what krew asks for', () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(manifest).toMatchObject({
      apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
      kind: 'Plugin',
      metadata: { name: 'remedy' },
      spec: { version: `v${version}` },
    });
    // krew's own limit
    expect(manifest.spec.shortDescription.length).toBeLessThanOrEqual(50);
    expect(platform.uri).toBe(`https://example.com/releases/kubectl-remedy-v${version}.tar.gz`);
    expect(manifest.spec.caveats).toContain('Node.js');
  });

  it('fit each other', () => {
    expect(createHash('sha256').update(readFileSync(archive)).digest('hex')).toBe(platform.sha256);
    expect(existsSync(path.join(installed, platform.bin))).toBe(true);
  });

  it('give a plugin that runs', () => {
    const { status, stdout } = run('kubectl-remedy', ['signal', '--help']);
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('kubectl remedy signal') as string,
    });
    const schedule = run('kubectl-remedy', ['retry', 'schedule', 'creation', '-o', 'json']);
    expect(JSON.parse(schedule.stdout)).toMatchObject({ kind: 'RetrySchedule' });
  });

  it('give the program that kubectl asks when Tab is pressed', () => {
    expect(run('kubectl_complete-remedy', ['dedup', 'list', '--state', 'm'])).toEqual({
      status: 0,
      stdout: 'manualReview\n:4\n',
      stderr: '',
    });
  });
});
