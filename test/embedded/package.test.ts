import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InstalledPackage } from '../support/installed-package.ts';
import { sqlitePackages } from '../support/sqlite-package.ts';

interface Manifest {
  bin: Record<string, string>;
  dependencies?: Record<string, string>;
  scripts: Record<string, string>;
  peerDependencies: Record<string, string>;
}

let installed: InstalledPackage;
let manifest: Manifest;
beforeAll(() => {
  installed = new InstalledPackage();
  manifest = JSON.parse(readFileSync(path.join(installed.folder, 'package.json'), 'utf8')) as Manifest;
});
afterAll(() => {
  installed.remove();
});

const onStore = ['--target', 'embedded'];

/** The main job on the example that the package brings. */
function ingest(): ReturnType<InstalledPackage['run']> {
  const webhook = path.join(installed.folder, 'examples/webhook.json');
  return installed.run('remedyctl', ['signal', 'ingest', webhook, ...onStore, '-o', 'json']);
}

function outcomes(): { code: number | null; outcomes: string[] } {
  const { code, stdout } = ingest();
  const { items } = JSON.parse(stdout) as { items: { outcome: string }[] };
  return { code, outcomes: items.map(({ outcome }) => outcome) };
}

describe('what npm installs of the package', () => {
  it('is the package alone, without a word of warning', () => {
    expect(installed.said).toBe('');
    expect(installed.packages).toEqual(['remedyctl']);
    expect(manifest.dependencies).toBeUndefined();
  });

  it('has no script that an installation runs', () => {
    const atInstall = /^(pre|post)?(install|prepare|prepublish)$/;
    expect(Object.keys(manifest.scripts).filter((name) => atInstall.test(name))).toEqual([]);
  });

  it('takes at most 9 MB of the disk', () => {
    const names = readdirSync(installed.folder, { recursive: true, encoding: 'utf8' });
    const blocks = names.map((name) => lstatSync(path.join(installed.folder, name)).blocks);
    const megabytes = (blocks.reduce((sum, each) => sum + each, 0) * 512) / 2 ** 20;
    expect(megabytes).toBeLessThanOrEqual(9);
    expect(megabytes).toBeGreaterThan(1);
  });

  it('is what is run and read, and no sources, maps or native code', () => {
    const names = readdirSync(installed.folder, { recursive: true, encoding: 'utf8' });
    expect(readdirSync(installed.folder)).toEqual(
      expect.arrayContaining([
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'bin',
        'dist',
        'docs',
        'examples',
        'types',
      ]),
    );
    expect(names).toContain(path.join('docs', 'tasks', 'README.md'));
    const files = names.filter((name) => !lstatSync(path.join(installed.folder, name)).isDirectory());
    expect(
      files.filter((name) => /(?<!\.d)\.ts$|\.(map|c|cc|cpp|h|node|tgz)$|meta\.json$/.test(name)),
    ).toEqual([]);
  });
});

describe.skipIf(sqlitePackages.length === 0)('the embedded store on a Node without SQLite', () => {
  it('names the one command after which it works', () => {
    const { code, stdout } = ingest();
    const { error } = JSON.parse(stdout) as { error: { code: string; hint: string } };
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'SQLITE_UNAVAILABLE' });
    const command = /npm install (?<args>--global @photostructure\/sqlite@(?<major>\d+)) /;
    const named = command.exec(error.hint)?.groups;
    const { args = '', major = '' } = named ?? {};
    expect(manifest.peerDependencies['@photostructure/sqlite']).toMatch(new RegExp(`^\\^${major}\\.`));
    installed.install(args.split(' '));
    expect(ingest().code).toBe(0);
    installed.run('remedyctl', ['store', 'reset', ...onStore, '--yes']);
  });
});

describe('the installed program', () => {
  it('does the main job: an example becomes RemediationRequests, the second time duplicates', () => {
    expect(outcomes()).toEqual({ code: 0, outcomes: ['created', 'duplicate', 'created', 'skipped'] });
    expect(outcomes()).toEqual({ code: 0, outcomes: ['duplicate', 'duplicate', 'duplicate', 'skipped'] });
    const { stdout } = installed.run('remedyctl', ['request', 'list', ...onStore, '-o', 'name']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  it('runs as a kubectl plugin', () => {
    const { code, stdout } = installed.run('kubectl-remedy', ['signal', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('kubectl remedy signal');
  });

  it('brings the program that kubectl asks when Tab is pressed', () => {
    const { code, stdout } = installed.run('kubectl_complete-remedy', ['dedup', 'list', '--state', 'm']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'manualReview\n:4\n' });
  });

  it('says its version, with the code cache and without', () => {
    const first = installed.run('remedyctl', ['--version']);
    expect(first.stdout).toMatch(/^remedyctl\/\d+\.\d+\.\d+ /);
    expect(installed.run('remedyctl', ['--version'])).toEqual(first);
    const caches = readdirSync(path.join(installed.home, 'home/.cache/remedyctl/code'));
    expect(caches.some((name) => name.startsWith('main.cjs-'))).toBe(true);
    expect(caches.filter((name) => !name.endsWith('.bin'))).toEqual([]);
  });
});
