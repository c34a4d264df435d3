import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { judgeEnvironment } from '../../../src/doctor/configuration-checks.ts';

const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-doctor-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

async function judge(env: Record<string, string>, flags: Record<string, string> = {}) {
  const readFile = () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOENT' }));
  const config = await loadConfig({ env, flags, home, cwd: home, readFile });
  return judgeEnvironment(config, env);
}

describe('the environment', () => {
  it.each([
    ['nothing', {}],
    ['what is read', { REMEDYCTL_NAMESPACE: 'a', REMEDYCTL_NO_CODE_CACHE: '1', KUBECONFIG: '/a' }],
    ['what is set to nothing', { REMEDYCTL_NAMESPAC: '' }],
    ['two variables that agree', { REMEDYCTL_KUBECONFIG: '/a', KUBECONFIG: '/a' }],
    ['an absolute folder', { XDG_DATA_HOME: '/data' }],
    ['a kubeconfig that others use too', { REMEDYCTL_TARGET: 'embedded', KUBECONFIG: '/a' }],
  ])('is fine with %s', async (_name, env) => {
    expect((await judge(env)).status).toBe('ok');
  });

  it.each([
    [
      'a misspelt variable',
      { REMEDYCTL_NAMESPAC: 'a' },
      'REMEDYCTL_NAMESPAC is not read by anything; REMEDYCTL_NAMESPACE is',
      'unset REMEDYCTL_NAMESPAC',
    ],
    [
      'a variable like no other',
      { REMEDYCTL_SOMETHING_ELSE: 'a' },
      'REMEDYCTL_SOMETHING_ELSE is not read by anything',
      'unset REMEDYCTL_SOMETHING_ELSE',
    ],
    [
      'a variable for what only the file may say',
      { REMEDYCTL_READ_ONLY: 'false' },
      'REMEDYCTL_READ_ONLY has no effect: readOnly is read from the configuration file only',
      'unset REMEDYCTL_READ_ONLY; set readOnly in the configuration file',
    ],
    [
      'two kubeconfigs',
      { REMEDYCTL_KUBECONFIG: '/a', KUBECONFIG: '/b' },
      'REMEDYCTL_KUBECONFIG overrules KUBECONFIG, and they differ',
      'unset REMEDYCTL_KUBECONFIG',
    ],
    [
      'a relative folder',
      { XDG_DATA_HOME: 'data' },
      'XDG_DATA_HOME is a relative path and is ignored',
      'unset XDG_DATA_HOME',
    ],
    [
      'a context that has no effect',
      { REMEDYCTL_TARGET: 'embedded', REMEDYCTL_CONTEXT: 'prod' },
      'target embedded (environment REMEDYCTL_TARGET) leaves context without effect',
      'remedyctl config show tells where each value comes from; --target cluster overrules it once',
    ],
    [
      'colours both ways',
      { NO_COLOR: '1', FORCE_COLOR: '1' },
      'NO_COLOR and FORCE_COLOR are both set: NO_COLOR wins',
      'unset FORCE_COLOR',
    ],
  ])('warns of %s', async (_name, env, message, fix) => {
    expect(await judge(env)).toMatchObject({ status: 'warn', message, fix });
  });

  it('has a step for every problem', async () => {
    const finding = await judge({ REMEDYCTL_A: '1', REMEDYCTL_B: '1' });
    expect(finding.fix).toBe('unset REMEDYCTL_A\nunset REMEDYCTL_B');
  });
});
