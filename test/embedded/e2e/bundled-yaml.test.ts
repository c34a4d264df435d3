import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runProgram } from '../../support/built-program.ts';
import { alert, webhook } from '../../support/signals.ts';

/** What a bundler can break while every test in process passes: a CommonJS package that is loaded on demand. */
describe('YAML in the built program', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-yaml-'));
  const env = { HOME: home };
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  it('is written', async () => {
    const { exitCode, stdout, stderr } = await runProgram(
      ['signal', 'ingest', '-', '--target', 'embedded', '-o', 'yaml'],
      { env, input: webhook([alert('checkout')]) },
    );
    expect(exitCode, stderr).toBe(0);
    expect(parse(stdout)).toMatchObject({ kind: 'IngestResult', items: [{ outcome: 'created' }] });
  });

  it('is read as a kubeconfig', async () => {
    const kubeconfig = path.join(home, 'config');
    writeFileSync(
      kubeconfig,
      [
        'apiVersion: v1',
        'kind: Config',
        'clusters: [{name: here, cluster: {server: "http://127.0.0.1:1"}}]',
        'contexts: [{name: here, context: {cluster: here, user: me}}]',
        'users: [{name: me, user: {}}]',
        'current-context: here',
        '',
      ].join('\n'),
    );
    const { exitCode, stderr } = await runProgram(['request', 'list'], {
      env: { ...env, KUBECONFIG: kubeconfig },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('code: UNREACHABLE');
  });
});
