import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterConnection } from '../../../src/kube/connection.ts';
import type { Identity } from '../../../src/kube/credentials.ts';
import type { KubeHost } from '../../../src/kube/kube-host.ts';
import type { KubeconfigChoice } from '../../../src/kube/kubeconfig-choice.ts';
import { loadConnection } from '../../../src/kube/kubeconfig.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { testHost } from './clients.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

function write(name: string, content: unknown): string {
  const path = join(home, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** A kubeconfig of one context `a` with this cluster and user. */
function single(cluster: object, user: object = {}): object {
  return {
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a', namespace: 'team' } }],
    clusters: [{ name: 'a', cluster: { server: 'https://api.test:6443', ...cluster } }],
    users: [{ name: 'a', user }],
  };
}

function load(env: Record<string, string>, choice: KubeconfigChoice = {}, host: Partial<KubeHost> = {}) {
  return loadConnection(choice, { ...testHost({ env, homeDirectory: home }), ...host });
}

async function loaded(content: unknown, choice: KubeconfigChoice = {}): Promise<ClusterConnection> {
  const connection = await load({ KUBECONFIG: write('config', content) }, choice);
  expect(connection).toBeDefined();
  return connection!;
}

async function identityOf(content: unknown, choice: KubeconfigChoice = {}): Promise<Identity> {
  return (await loaded(content, choice)).credentials.identity();
}

async function failureOf(
  promise: Promise<unknown>,
): Promise<{ code: string; message: string; hint: string }> {
  return promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as { code: string; message: string; hint: string },
  );
}

describe('which files', () => {
  const named = (server: string, more: object = {}) => ({ ...single({ server }), ...more });

  it('~/.kube/config without anything else', async () => {
    write('.kube/config', named('https://home.test'));
    expect(await load({})).toMatchObject({ server: 'https://home.test', context: 'a', namespace: 'team' });
  });

  it('nothing at all is no cluster', async () => {
    expect(await load({})).toBeUndefined();
    expect(await load({ KUBECONFIG: '' })).toBeUndefined();
  });

  const lacking: [name: string, content: unknown, lack: string][] = [
    ['is not there', undefined, 'does not exist'],
    ['is empty', '', 'holds nothing'],
    ['holds a comment only', '# nothing\n', 'holds nothing'],
    [
      'has no current-context',
      named('https://a.test', { 'current-context': undefined }),
      'has no current-context',
    ],
  ];

  it.each(lacking)('a KUBECONFIG that %s is an error that names it', async (_name, content, lack) => {
    const file = content === undefined ? join(home, 'missing') : write('config', content);
    const error = await failureOf(load({ KUBECONFIG: file }));
    expect(error.code).toBe('KUBECONFIG_INVALID');
    expect(error.message).toBe(
      `the kubeconfig asked for by environment KUBECONFIG yields no context: ${file} ${lack}`,
    );
    expect(error.hint).toContain('--target embedded');
  });

  it('of a KUBECONFIG list that yields nothing every file is named, with the contexts to choose from', async () => {
    const files = [join(home, 'missing'), write('empty', ''), write('rest', { contexts: [{ name: 'c' }] })];
    const error = await failureOf(load({ KUBECONFIG: files.join(delimiter) }));
    expect(error.message).toContain(
      `${files[0]} does not exist, ${files[1]} holds nothing, ${files[2]} has no current-context`,
    );
    expect(error.hint).toContain('--context (c)');
    expect((await failureOf(load({ KUBECONFIG: delimiter }))).message).toContain('it names no file');
  });

  it('a context that no file has is an error that names the files', async () => {
    const choice = { context: 'prod', origins: { context: 'flag --context' } };
    const file = join(home, 'missing');
    const error = await failureOf(load({ KUBECONFIG: file }, choice));
    expect(error).toMatchObject({
      code: 'KUBECONFIG_INVALID',
      hint: `It has no context at all; check environment KUBECONFIG. Looked in: ${file}, which does not exist.`,
      details: { context: 'prod', askedForBy: 'flag --context', files: [file] },
    });
  });

  it('a --kubeconfig without a current-context says what asked for it', async () => {
    const path = write('config', { contexts: [] });
    const choice = { path, origins: { path: '/etc/remedyctl.yaml:3:1' } };
    const { code, message } = await failureOf(load({}, choice));
    expect({ code, message }).toEqual({
      code: 'KUBECONFIG_INVALID',
      message: `the kubeconfig asked for by /etc/remedyctl.yaml:3:1 yields no context: ${path} holds nothing`,
    });
    expect((await failureOf(load({}, { path: home }))).message).toContain('cannot be read');
    expect(await load({}, { path: write('c', named('https://c.test')) })).toMatchObject({ context: 'a' });
  });

  it('a ~/.kube/config that is there and yields no context is an error too: whoever has one means a cluster', async () => {
    const file = write('.kube/config', named('https://a.test', { 'current-context': '' }));
    const { code, message } = await failureOf(load({}));
    expect({ code, message }).toEqual({
      code: 'KUBECONFIG_INVALID',
      message: `the kubeconfig yields no context: ${file} has no current-context`,
    });
    expect(await load({}, { context: 'a' })).toMatchObject({ server: 'https://a.test' });
  });

  it.each([
    ['another kind', { kind: 'Pod' }, 'kind is "Pod", not Config'],
    ['another group', { apiVersion: 'apps/v1', kind: 'Config' }, 'apiVersion is "apps/v1", not v1'],
    ['another version', { apiVersion: 'v2' }, 'apiVersion is "v2", not v1'],
    ['a version that is a number', { apiVersion: 1 }, 'apiVersion must be a string'],
  ])('%s is refused, as kubectl refuses it', async (_name, more, said) => {
    const file = write('config', named('https://a.test', more));
    expect((await failureOf(load({ KUBECONFIG: file }))).message).toContain(`${file}: ${said}`);
  });

  it.each([
    ['both', { apiVersion: 'v1', kind: 'Config' }],
    ['neither', {}],
    ['empty ones', { apiVersion: '', kind: null }],
  ])('a kubeconfig may say apiVersion and kind: %s', async (_name, more) => {
    expect(await loaded(named('https://a.test', more))).toMatchObject({ context: 'a' });
  });

  it('of a KUBECONFIG list missing files and empty entries are passed over, the first of a name wins whole', async () => {
    const first = write('one', { clusters: [{ name: 'a', cluster: { server: 'https://first.test' } }] });
    const second = write('two', named('https://second.test', { 'current-context': 'a' }));
    const third = write('three', { 'current-context': 'b' });
    const list = ['', join(home, 'missing'), first, second, third].join(delimiter);
    expect(await load({ KUBECONFIG: list })).toMatchObject({ server: 'https://first.test', context: 'a' });
  });

  it('--kubeconfig goes before KUBECONFIG and must exist', async () => {
    const env = { KUBECONFIG: write('one', named('https://one.test')) };
    const path = write('two', named('https://two.test'));
    expect(await load(env, { path })).toMatchObject({ server: 'https://two.test' });
    const error = await failureOf(load(env, { path: join(home, 'missing') }));
    expect(error).toMatchObject({ code: 'KUBECONFIG_INVALID' });
    expect(error.message).toContain('missing: does not exist');
  });

  it('paths in a file are relative to that file', async () => {
    write('deep/ca.pem', '-----BEGIN CERTIFICATE-----');
    write('deep/token', 'from-file\n');
    const file = write('deep/config', single({ 'certificate-authority': 'ca.pem' }, { tokenFile: 'token' }));
    const connection = await load({ KUBECONFIG: file });
    expect(connection?.tls.ca).toContain('BEGIN');
    expect((await connection?.credentials.identity())?.headers).toEqual({
      authorization: 'Bearer from-file',
    });
  });

  it('merge keys, YAML 1.1 booleans and a key twice are read as kubectl reads them', async () => {
    const yaml = [
      'defaults: &tls {insecure-skip-tls-verify: yes, server: https://default.test}',
      'current-context: wrong',
      'current-context: a',
      'contexts: [{name: a, context: {cluster: a}}]',
      'clusters: [{name: a, cluster: {<<: *tls, server: https://y.test}}]',
      'users:',
    ].join('\n');
    expect(await loaded(yaml)).toMatchObject({ server: 'https://y.test', tls: { insecure: true } });
  });

  it.each(['utf16le', 'utf16be'])('a file of Windows in %s is read', async (encoding) => {
    const bytes = Buffer.from(`\uFEFF${JSON.stringify(named('https://wide.test'))}`, 'utf16le');
    const path = write('config', '');
    writeFileSync(path, encoding === 'utf16be' ? bytes.swap16() : bytes);
    expect(await load({ KUBECONFIG: path })).toMatchObject({ server: 'https://wide.test' });
  });

  it('YAML with comments, anchors and a BOM is read', async () => {
    const yaml =
      '\uFEFF# mine\ncurrent-context: &c a\ncontexts:\n- name: *c\n  context: {cluster: k}\nclusters:\n- name: k\n  cluster:\n    server: https://y.test\n';
    expect(await loaded(yaml)).toMatchObject({ server: 'https://y.test' });
  });
});

describe('which entries', () => {
  const content = {
    ...single({}, { token: 't' }),
    contexts: [
      { name: 'a', context: { cluster: 'a', user: 'a' } },
      { name: 'b', context: { cluster: 'b', user: 'b', namespace: 'bees' } },
    ],
    clusters: [
      { name: 'a', cluster: { server: 'https://a.test' } },
      { name: 'b', cluster: { server: 'https://b.test' } },
    ],
    users: [
      { name: 'a', user: { token: 'ta' } },
      { name: 'b', user: { token: 'tb' } },
    ],
  };

  it('--context', async () => {
    const connection = await loaded(content, { context: 'b' });
    expect(connection).toMatchObject({ server: 'https://b.test', context: 'b', namespace: 'bees' });
  });

  it('--cluster and --user over the context', async () => {
    const connection = await loaded(content, { cluster: 'b', user: 'b' });
    expect(connection.server).toBe('https://b.test');
    expect((await connection.credentials.identity()).headers['authorization']).toBe('Bearer tb');
  });

  it('--cluster without any context', async () => {
    const bare = { clusters: [{ name: 'c', cluster: { server: 'https://c.test' } }] };
    expect(await loaded(bare, { cluster: 'c' })).toMatchObject({
      server: 'https://c.test',
      context: undefined,
    });
  });

  it.each([
    [{ context: 'x' }, 'context "x"', 'a, b'],
    [{ cluster: 'x' }, 'cluster "x"', 'a, b'],
    [{ user: 'x' }, 'user "x"', 'a, b'],
  ])('%j that is not there is an error naming those that are', async (choice, what, names) => {
    const error = await failureOf(loaded(content, choice));
    expect(error.message).toBe(`the kubeconfig has no ${what}`);
    expect(error.hint).toContain(names);
  });
});

describe('the cluster', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
  const servers: [server: string, more: object, expected: string][] = [
    ['https://a.test/', {}, 'https://a.test'],
    ['https://a.test/k8s/c1/', {}, 'https://a.test/k8s/c1'],
    ['http://a.test:8080', {}, 'http://a.test:8080'],
    ['a.test:8080', {}, 'http://a.test:8080'],
    ['a.test:6443', { 'insecure-skip-tls-verify': true }, 'http://a.test:6443'],
    ['https://me:secret@a.test', {}, 'https://a.test'],
  ];
  it.each(servers)('server %s %j is %s', async (server, more, expected) => {
    expect((await loaded(single({ server, ...more }))).server).toBe(expected);
  });

  it('TLS settings', async () => {
    const ca = Buffer.from(pem).toString('base64');
    const connection = await loaded(
      single({ 'certificate-authority-data': ca, 'tls-server-name': 'x.test' }),
    );
    expect(connection.tls).toMatchObject({ ca: pem, serverName: 'x.test', insecure: false });
  });

  it("the kubeconfig's proxy goes before the environment's, and NO_PROXY does not count for it", async () => {
    const file = write(
      'config',
      single({ server: 'https://127.0.0.1:1', 'proxy-url': 'socks5://p.test:1080' }),
    );
    const connection = await load({ KUBECONFIG: file, HTTPS_PROXY: 'http://env.test', NO_PROXY: '*' });
    expect(connection?.proxy?.href).toBe('socks5://p.test:1080');
  });

  it("the environment's proxy", async () => {
    const connection = await load({
      KUBECONFIG: write('config', single({})),
      HTTPS_PROXY: 'http://env.test',
    });
    expect(connection?.proxy?.host).toBe('env.test');
  });

  const wrong: [name: string, content: unknown, message: RegExp][] = [
    ['a list in place of a mapping', [1], /the file must be a mapping, not a list/],
    ['no server', single({ server: '' }), /clusters\[0\]\.cluster\.server is missing/],
    [
      'a number as server',
      single({ server: 7 }),
      /clusters\[0\]\.cluster\.server must be a string, not a number/,
    ],
    ['another scheme', single({ server: 'ftp://a.test' }), /server must be an http or https URL/],
    ['a server that is no URL', single({ server: 'https://a b' }), /server is no URL/],
    [
      'bad base64',
      single({ 'certificate-authority-data': '!!' }),
      /certificate-authority-data must be base64$/,
    ],
    ['base64 that is no PEM', single({ 'certificate-authority-data': 'eA==' }), /holds no PEM certificate/],
    [
      'a missing authority',
      single({ 'certificate-authority': 'nope' }),
      /certificate-authority cannot be read: ENOENT/,
    ],
    [
      'an authority that is not to be checked',
      single({
        'certificate-authority-data': Buffer.from(pem).toString('base64'),
        'insecure-skip-tls-verify': true,
      }),
      /exclude each other/,
    ],
    [
      'a bad escape in the login of a server',
      single({ server: 'https://me:secret%zz@a.test' }),
      /clusters\[0\]\.cluster\.server has a % in its user or password that begins no escape/,
    ],
    ['text for a flag', single({ 'insecure-skip-tls-verify': 'yes' }), /must be true or false, not a string/],
    [
      'a proxy of another kind',
      single({ 'proxy-url': 'ftp://p' }),
      /proxy-url must be an http, https, socks5 or socks5h URL, not ftp:\/\//,
    ],
    [
      'a name twice',
      { clusters: [{ name: 'a' }, { name: 'a' }] },
      /clusters\[1\]\.name is the second "a" in this file/,
    ],
    ['broken YAML', 'a: [secret', /is not valid YAML at line 1/],
    [
      'too many aliases',
      `a: &a [${'x,'.repeat(1_000)}]\nb: [${'*a,'.repeat(1_000)}]\n`,
      /too many YAML aliases/,
    ],
  ];
  it.each(wrong)('%s is an error naming file and field', async (_name, content, message) => {
    const error = await failureOf(loaded(content));
    expect(error.code).toBe('KUBECONFIG_INVALID');
    expect(error.message).toMatch(message);
    expect(error.message).toContain(join(home, 'config'));
    expect(error.message).not.toContain('secret');
  });
});

describe('the user', () => {
  const https = { server: 'https://a.test' };
  const extra = { as: 'x', 'as-groups': ['g', 'h'], 'as-uid': 'u', 'as-user-extra': { 'a/b c': ['1', '2'] } };
  const basic = `Basic ${Buffer.from('u:p').toString('base64')}`;
  const cases: [name: string, user: object, choice: KubeconfigChoice, headers: Identity['headers']][] = [
    ['anonymous', {}, {}, {}],
    ['token', { token: 't' }, {}, { authorization: 'Bearer t' }],
    ['basic', { username: 'u', password: 'p' }, {}, { authorization: basic }],
    [
      'impersonation',
      extra,
      {},
      {
        'impersonate-user': 'x',
        'impersonate-uid': 'u',
        'impersonate-group': ['g', 'h'],
        'impersonate-extra-a%2Fb%20c': ['1', '2'],
      },
    ],
    [
      "--as keeps the file's groups",
      { as: 'x', 'as-groups': ['g'] },
      { as: 'y' },
      { 'impersonate-user': 'y', 'impersonate-group': ['g'] },
    ],
    [
      '--as-group replaces them',
      { as: 'x', 'as-groups': ['g'] },
      { asGroups: ['i', 'j'] },
      { 'impersonate-user': 'x', 'impersonate-group': ['i', 'j'] },
    ],
    [
      'a static token is used, the exec plugin not run',
      {
        token: 't',
        exec: { command: '/nope', apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' },
      },
      {},
      { authorization: 'Bearer t' },
    ],
  ];
  it.each(cases)('%s', async (_name, user, choice, headers) => {
    expect((await identityOf(single(https, user), choice)).headers).toEqual(headers);
  });

  const own = `Basic ${Buffer.from('jürgen:p@ss').toString('base64')}`;
  it.each([
    ['a token', { token: 't' }],
    ['basic', { username: 'u', password: 'p' }],
    ['nothing', {}],
  ])('who the server URL names goes before %s, and is shown nowhere', async (_name, user) => {
    for (const scheme of ['https', 'http']) {
      const connection = await loaded(single({ server: `${scheme}://j%C3%BCrgen:p%40ss@a.test/k8s` }, user));
      expect(connection.server).toBe(`${scheme}://a.test/k8s`);
      expect((await connection.credentials.identity()).headers).toEqual({ authorization: own });
    }
  });

  it('a server URL of a user alone, without a scheme, and beside no kubeconfig user', async () => {
    const config = {
      ...single({ server: 'me@a.test:1' }),
      contexts: [{ name: 'a', context: { cluster: 'a' } }],
    };
    expect((await identityOf(config)).headers).toEqual({
      authorization: `Basic ${Buffer.from('me:').toString('base64')}`,
    });
  });

  it('over plain http no credentials go out, impersonation does', async () => {
    const identity = await identityOf(single({ server: 'http://a.test' }, { token: 't', as: 'x' }));
    expect(identity.headers).toEqual({ 'impersonate-user': 'x' });
  });

  it('a client certificate, data before file', async () => {
    write('cert.pem', 'file cert');
    write('key.pem', 'file key');
    const data = Buffer.from('data cert').toString('base64');
    const user = {
      'client-certificate': 'cert.pem',
      'client-key': 'key.pem',
      'client-certificate-data': data,
    };
    expect((await identityOf(single(https, user))).certificate).toEqual({
      cert: 'data cert',
      key: 'file key',
    });
  });

  const wrong: [name: string, user: object, message: RegExp][] = [
    [
      'token and basic',
      { token: 'secret', username: 'u' },
      /users\[0\]\.user\.token and username or password exclude/,
    ],
    ['a user that no header carries', { as: 'a\nb' }, /users\[0\]\.user\.as holds characters that no HTTP/],
    [
      'a group that no header carries',
      { as: 'a', 'as-groups': ['g', '\u0007'] },
      /users\[0\]\.user\.as-groups holds characters/,
    ],
    ['a uid that no header carries', { as: 'a', 'as-uid': '\u007f' }, /user\.as-uid holds characters/],
    [
      'extra that no header carries',
      { as: 'a', 'as-user-extra': { k: ['\ud800'] } },
      /user\.as-user-extra holds characters/,
    ],
    ['groups without a user', { 'as-groups': ['g'] }, /users\[0\]\.user\.as is needed/],
    ['a certificate without a key', { 'client-certificate-data': 'eA==' }, /no client-key beside it/],
    ['a key without a certificate', { 'client-key-data': 'eA==' }, /no client-certificate beside it/],
    [
      'a token that is a number',
      { token: 123456 },
      /users\[0\]\.user\.token must be a string, not a number$/,
    ],
    [
      'an auth-provider',
      { 'auth-provider': { name: 'gcp' } },
      /"gcp" is no longer supported.*gke-gcloud-auth-plugin/,
    ],
    [
      'exec without a command',
      { exec: { apiVersion: 'client.authentication.k8s.io/v1' } },
      /exec\.command is missing/,
    ],
    [
      'exec of an old version',
      { exec: { command: 'x', apiVersion: 'client.authentication.k8s.io/v1alpha1' } },
      /exec\.apiVersion must be/,
    ],
    [
      'exec v1 without a mode',
      { exec: { command: 'x', apiVersion: 'client.authentication.k8s.io/v1' } },
      /interactiveMode must be one of/,
    ],
  ];
  it.each(wrong)('%s is an error', async (_name, user, message) => {
    const error = await failureOf(loaded(single(https, user)));
    expect(error).toMatchObject({ code: 'KUBECONFIG_INVALID' });
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/secret|123456/);
  });
});

describe('a token file', () => {
  async function withFile(user: object = {}) {
    const path = write('token', 'one\n');
    const clock = new MockClock(0);
    const file = write('config', single({}, { tokenFile: path, ...user }));
    const connection = await load({ KUBECONFIG: file }, {}, { clock });
    const token = async () => (await connection!.credentials.identity()).headers['authorization'];
    return { clock, token, credentials: connection!.credentials };
  }

  it('is read again after 50 seconds, not before', async () => {
    const { clock, token } = await withFile();
    expect(await token()).toBe('Bearer one');
    write('token', 'two');
    await clock.advance(49_000);
    expect(await token()).toBe('Bearer one');
    await clock.advance(2_000);
    expect(await token()).toBe('Bearer two');
  });

  it('that is gone leaves the last token', async () => {
    const { clock, token } = await withFile();
    await token();
    rmSync(join(home, 'token'));
    await clock.advance(60_000);
    expect(await token()).toBe('Bearer one');
  });

  it('goes before a token, which stands in where there is no file', async () => {
    expect(await (await withFile({ token: 'static' })).token()).toBe('Bearer one');
    expect(await (await withFile({ token: 'static', tokenFile: '/nonexistent/token' })).token()).toBe(
      'Bearer static',
    );
  });

  it('that never could be read is CREDENTIALS_FAILED', async () => {
    const { token } = await withFile({ tokenFile: '/nonexistent/token' });
    expect(await failureOf(token())).toMatchObject({ code: 'CREDENTIALS_FAILED' });
  });

  it('is read at once after a refusal, and worth a try only when it changed', async () => {
    const { credentials } = await withFile();
    const refused = await credentials.identity();
    expect(await credentials.refresh(refused)).toBe(false);
    write('token', 'two');
    expect(await credentials.refresh(refused)).toBe(true);
    expect((await credentials.identity()).headers['authorization']).toBe('Bearer two');
    expect(await credentials.refresh(refused)).toBe(true);
  });
});

describe('in a pod', () => {
  const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
  const mounted = (files: Record<string, string>): Partial<KubeHost> => ({
    readFile: (path) => {
      const text = files[path.replace('/var/run/secrets/kubernetes.io/serviceaccount/', '')];
      const missing = Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      return text === undefined ? Promise.reject(missing) : Promise.resolve(text);
    },
  });

  it('the service account is used', async () => {
    const host = mounted({ token: 'sa\n', 'ca.crt': 'PEM', namespace: 'pods\n' });
    const connection = await load(env, { as: 'x' }, host);
    expect(connection).toMatchObject({ server: 'https://10.0.0.1', namespace: 'pods', tls: { ca: 'PEM' } });
    expect((await connection!.credentials.identity()).headers).toEqual({
      authorization: 'Bearer sa',
      'impersonate-user': 'x',
    });
  });

  it('an IPv6 service address is bracketed', async () => {
    const host = mounted({ token: 'sa' });
    const v6 = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };
    expect((await load(v6, {}, host))?.server).toBe('https://[fd00::1]:6443');
  });

  it('without a token it is no pod', async () => {
    expect(await load(env, {}, mounted({}))).toBeUndefined();
  });

  it('a KUBECONFIG that yields no context is no way into the cluster of the pod', async () => {
    const error = await failureOf(load({ ...env, KUBECONFIG: '/nonexistent' }, {}, mounted({ token: 'sa' })));
    expect(error).toMatchObject({ code: 'KUBECONFIG_INVALID' });
  });

  it('a kubeconfig goes first', async () => {
    const file = write('config', single({ server: 'https://file.test' }));
    expect((await load({ ...env, KUBECONFIG: file }))?.server).toBe('https://file.test');
  });
});
