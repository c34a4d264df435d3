import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { isThere, ShellWindow } from '../support/shell-window.ts';
import { ensureNamespace } from './admin.ts';
import { programsFolder } from './programs.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const cluster = inject('cluster');
const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-kubectl-tab-'));
const bin = path.join(folder, 'bin');
const env = {
  HOME: folder,
  PATH: [bin, programsFolder(), path.dirname(process.execPath), process.env['PATH']].join(':'),
};

beforeAll(async () => {
  mkdirSync(bin);
  for (const name of ['kubectl-remedy', 'kubectl_complete-remedy'])
    symlinkSync(path.join(root, `bin/${name}.cjs`), path.join(bin, name));
  await ensureNamespace(cluster, 'tab-in-kubectl');
  // the first start compiles, which takes longer than a person is kept waiting
  completions('-n', 'tab');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What kubectl gives its shells for `kubectl remedy` and these words. */
function completions(...words: string[]): string {
  return execFileSync(path.join(programsFolder(), 'kubectl'), ['__complete', 'remedy', ...words], {
    encoding: 'utf8',
    env: { ...env, KUBECONFIG: cluster.kubeconfig },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

// a machine under load may need longer for names than a person is kept waiting
describe('kubectl remedy and Tab', { retry: 2 }, () => {
  it('offers what remedyctl does', () => {
    expect(completions('dedup', 'list', '--state', '')).toBe('active\nsuppressed\nmanualReview\nopen\n:4\n');
    expect(completions('lease', 'acquire', '--dry-run=c')).toBe('client\n:4\n');
    expect(completions('signal', 'ingest', '--dry-run', 'cl')).toBe(':0\n');
    expect(completions('request', 'list', '-o', 'jsonp')).toBe('jsonpath=\n:6\n');
  });

  it('offers the names of the cluster', () => {
    expect(completions('request', 'list', '-n', 'tab-in-')).toBe('tab-in-kubectl\n:4\n');
  });

  it.each([
    ['zsh', 'autoload -Uz compinit && compinit -u; source <(kubectl completion zsh)'],
    ['fish', 'kubectl completion fish | source'],
  ] as const)('completes in %s', { timeout: 90_000 }, async (shell, setUp) => {
    expect([shell, 'tmux'].filter((program) => !isThere(program))).toEqual([]);
    const kubeconfig = cluster.kubeconfig;
    const window = new ShellWindow(shell, {
      setUp: `export KUBECONFIG='${kubeconfig}'; ${setUp}`,
      cwd: folder,
      env,
    });
    try {
      await window.type('kubectl remedy dedup list --state man', ['Tab'], /--state manualReview/);
      await window.type('kubectl remedy request list -n tab-in-', ['Tab'], /-n tab-in-kubectl/);
    } finally {
      window.close();
    }
  });
});
