import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../../unit/cli/command-line.ts';

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  line.remove();
});

function kubeconfig(cluster: object = {}, user: object = {}): void {
  const file = path.join(line.home, 'kubeconfig');
  const config = {
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    clusters: [{ name: 'a', cluster: { server: 'https://api.test:1', ...cluster } }],
    users: [{ name: 'a', user }],
  };
  writeFileSync(file, JSON.stringify(config));
  line.env['KUBECONFIG'] = file;
}

const badProxies = [
  'ftp://proxy.test',
  'http://us%er:hidden-password@proxy.test',
  'http://a b',
  'http://[::1',
];

describe('a proxy that cannot be used is bad configuration, and is not shown', () => {
  it.each(badProxies)('%s in HTTPS_PROXY, for the cluster', async (proxy) => {
    kubeconfig();
    line.env['HTTPS_PROXY'] = proxy;
    const { code, stderr } = await line.run(['request', 'list']);
    expect(stderr).toContain('the proxy in the environment variable HTTPS_PROXY');
    expect(stderr).not.toContain('hidden-password');
    expect(code).toBe(2);
  });

  it.each(badProxies)('%s in https_proxy, for PagerDuty', async (proxy) => {
    line.env = { https_proxy: proxy, PAGERDUTY_TOKEN: 'a-token-of-mine' };
    const config = path.join(line.home, 'config.yaml');
    writeFileSync(config, 'pagerduty:\n  from: me@example.com\n');
    const argv = [
      'pd',
      'note',
      '--incident-id',
      'Q2I4AV3ZURABC',
      '--content',
      'hello',
      '--yes',
      '--config',
      config,
    ];
    const { code, stdout, stderr } = await line.run(argv);
    const said = stdout + stderr;
    expect(said).toContain('the proxy in the environment variable https_proxy');
    expect(said).not.toContain('hidden-password');
    expect(code).not.toBe(70);
    expect(code).not.toBe(0);
  });

  it.each(badProxies)('%s as proxy-url', async (proxy) => {
    kubeconfig({ 'proxy-url': proxy });
    const { code, stderr } = await line.run(['request', 'list']);
    expect(stderr).toContain('clusters[0].cluster.proxy-url');
    expect(stderr).not.toContain('hidden-password');
    expect(code).toBe(2);
  });
});

describe('what no header can carry', () => {
  it.each<[string, () => string[], string]>([
    [
      'a token of the kubeconfig',
      () => {
        kubeconfig({}, { token: 'hidden\ntoken' });
        return [];
      },
      'users[0].user.token',
    ],
    [
      'a user to act as',
      () => {
        kubeconfig();
        return ['--as', 'a\nb'];
      },
      'the user to act as',
    ],
  ])('%s is bad configuration', async (_name, set, said) => {
    const { code, stderr } = await line.run(['request', 'list', ...set()]);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('hidden');
    expect(code).toBe(2);
  });

  it('an address of the pod that is none is said', async () => {
    const { inClusterConnection } = await import('../../../src/kube/in-cluster.ts');
    const host = { env: { KUBERNETES_SERVICE_HOST: 'a b', KUBERNETES_SERVICE_PORT: '1' } };
    const reads = { ...host, readFile: () => Promise.resolve('token') };
    await expect(inClusterConnection({}, reads as never)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
