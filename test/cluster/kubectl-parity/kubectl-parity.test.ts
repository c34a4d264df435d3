/**
 * The same kubeconfig, environment and flags given to the real kubectl and to our client, with recording
 * servers around them: what reaches those servers must be the same. `expected` keeps a case from passing
 * because both did nothing.
 */
import path from 'node:path';
import { describe, expect } from 'vitest';
import type { Case } from './cases.ts';
import {
  asSomeone,
  basic,
  compare,
  config,
  exec,
  failed,
  missing,
  only,
  peers,
  plugin,
  sent,
  someone,
  usePeers,
} from './cases.ts';
import { askedPath } from './peers.ts';

usePeers();

const files: Case[] = [
  {
    name: 'a KUBECONFIG list: missing files and empty entries passed over, the first of a name wins, so does the first current-context',
    set: () => {
      const first = { ...config({ token: 'first' }), 'current-context': undefined };
      const second = {
        ...config({ token: 'second' }),
        contexts: [{ name: 'b', context: { cluster: 'nope' } }],
      };
      const third = { 'current-context': 'b' };
      const list = [
        '',
        missing(),
        peers.write('1', first),
        peers.write('2', second),
        peers.write('3', third),
      ];
      return { env: { KUBECONFIG: list.join(path.delimiter) } };
    },
    expected: () => sent(['authorization: Bearer first']),
  },
  {
    name: 'an entry of a known name is not completed from a later file',
    set: () => {
      const first = { clusters: [{ name: 'a', cluster: { 'tls-server-name': 'api.test' } }] };
      const list = [peers.write('1', first), peers.write('2', config())];
      return { env: { KUBECONFIG: list.join(path.delimiter) } };
    },
    expected: failed,
  },
  {
    name: 'a name twice in one file',
    set: () => {
      const twice = config() as { clusters: object[] };
      twice.clusters.push(...twice.clusters);
      return { env: { KUBECONFIG: peers.write('config', twice) } };
    },
    expected: failed,
  },
  {
    name: 'another kind than Config',
    set: () => ({ env: { KUBECONFIG: peers.write('config', { ...config(), kind: 'Pod' }) } }),
    expected: failed,
  },
  {
    name: 'another version than v1',
    set: () => ({ env: { KUBECONFIG: peers.write('config', { ...config(), apiVersion: 'v2' }) } }),
    expected: failed,
  },
  {
    name: 'neither kind nor version',
    set: () => ({
      env: {
        KUBECONFIG: peers.write('config', { ...config({ token: 't' }), apiVersion: undefined, kind: '' }),
      },
    }),
    expected: () => sent(['authorization: Bearer t']),
  },
  {
    name: '~/.kube/config',
    set: () => {
      peers.write('.kube/config', config({ token: 'home' }));
      return { env: {} };
    },
    expected: () => sent(['authorization: Bearer home']),
  },
  {
    name: '--kubeconfig before KUBECONFIG',
    set: () => ({
      env: { KUBECONFIG: peers.write('1', config({ token: 'env' })) },
      choice: { path: peers.write('2', config({ token: 'flag' })) },
    }),
    expected: () => sent(['authorization: Bearer flag']),
  },
  {
    name: '--kubeconfig that is missing',
    set: () => ({ ...only(), choice: { path: missing() } }),
    expected: failed,
  },
  ...[{ context: 'x' }, { cluster: 'x' }, { user: 'x' }].map((choice) => ({
    name: `a flag that names nothing: ${JSON.stringify(choice)}`,
    set: () => ({ ...only(), choice }),
    expected: failed,
  })),
  {
    name: '--user and --cluster over the context',
    set: () => {
      const many = config({ token: 'a' }) as { users: object[]; clusters: object[] };
      many.users.push({ name: 'b', user: { token: 'b' } });
      many.clusters.push({
        name: 'b',
        cluster: { server: peers.https.url, 'insecure-skip-tls-verify': true },
      });
      return { env: { KUBECONFIG: peers.write('config', many) }, choice: { cluster: 'b', user: 'b' } };
    },
    expected: () => sent(['authorization: Bearer b']),
  },
];

const users: Case[] = [
  { name: 'token', set: () => only({ token: 't' }), expected: () => sent(['authorization: Bearer t']) },
  {
    name: 'tokenFile, relative to the kubeconfig, trimmed',
    set: () => {
      peers.write('deep/token', ' from file \n');
      return { env: { KUBECONFIG: peers.write('deep/config', config({ tokenFile: 'token' })) } };
    },
    expected: () => sent(['authorization: Bearer from file']),
  },
  {
    name: 'tokenFile before token',
    set: () => only({ tokenFile: peers.write('token', 'file'), token: 'static' }),
    expected: () => sent(['authorization: Bearer file']),
  },
  {
    name: 'token where tokenFile is missing',
    set: () => only({ tokenFile: missing(), token: 'static' }),
    expected: () => sent(['authorization: Bearer static']),
  },
  { name: 'tokenFile missing alone', set: () => only({ tokenFile: missing() }), expected: failed },
  {
    name: 'basic',
    set: () => only({ username: 'u', password: 'p:ä' }),
    expected: () => sent([basic('u:p:ä')]),
  },
  { name: 'token and basic', set: () => only({ token: 't', username: 'u' }), expected: failed },
  { name: 'a token that is a number', set: () => only({ token: 1 }), expected: failed },
  { name: 'an auth-provider', set: () => only({ 'auth-provider': { name: 'gcp' } }), expected: failed },
  {
    name: 'a client certificate',
    set: () => only({ 'client-certificate': peers.tls.clientCert, 'client-key': peers.tls.clientKey }),
    expected: () => sent([], { clientName: 'jane' }),
  },
  {
    name: 'a client certificate without its key',
    set: () => only({ 'client-certificate': peers.tls.clientCert }),
    expected: failed,
  },
  {
    name: 'as, as-uid, as-groups and as-user-extra',
    set: () =>
      only({
        token: 't',
        as: 'x',
        'as-uid': 'u',
        'as-groups': ['g', 'h'],
        'as-user-extra': { 'a/b c': ['1', '2'] },
      }),
    expected: () =>
      sent([
        'authorization: Bearer t',
        'impersonate-extra-a%2fb%20c: 1',
        'impersonate-extra-a%2fb%20c: 2',
        'impersonate-group: g',
        'impersonate-group: h',
        'impersonate-uid: u',
        'impersonate-user: x',
      ]),
  },
  {
    name: "--as keeps the file's groups",
    set: () => ({ ...only({ ...someone, as: 'x', 'as-groups': ['g'] }), choice: { as: 'y' } }),
    expected: () => sent([...asSomeone, 'impersonate-group: g', 'impersonate-user: y']),
  },
  {
    name: "--as-group with the file's user and groups",
    set: () => ({ ...only({ ...someone, as: 'x', 'as-groups': ['g'] }), choice: { asGroups: ['i', 'j'] } }),
    expected: () =>
      sent([...asSomeone, 'impersonate-group: i', 'impersonate-group: j', 'impersonate-user: x']),
  },
  {
    name: 'names beyond ASCII',
    set: () =>
      only({
        ...someone,
        as: 'jürgen',
        'as-uid': '名',
        'as-groups': ['Größe', '😀'],
        'as-user-extra': { schlüssel: ['wört'] },
      }),
    expected: () =>
      sent([
        ...asSomeone,
        'impersonate-extra-schl%c3%bcssel: wört',
        'impersonate-group: Größe',
        'impersonate-group: 😀',
        'impersonate-uid: 名',
        'impersonate-user: jürgen',
      ]),
  },
  {
    name: '--as and --as-group beyond ASCII',
    set: () => ({ ...only(), choice: { as: 'jürgen', asGroups: ['Größe'] } }),
    expected: () => sent([...asSomeone, 'impersonate-group: Größe', 'impersonate-user: jürgen']),
  },
  {
    name: 'a token beyond ASCII',
    set: () => only({ token: 'tökén' }),
    expected: () => sent(['authorization: Bearer tökén']),
  },
  ...['a\nb', 'a\u0007', 'a\u007f'].flatMap((name) => [
    { name: `as ${JSON.stringify(name)}`, set: () => only({ ...someone, as: name }), expected: failed },
    {
      name: `--as ${JSON.stringify(name)}`,
      set: () => ({ ...only(), choice: { as: name } }),
      expected: failed,
    },
    {
      name: `as-groups ${JSON.stringify(name)}`,
      set: () => only({ ...someone, as: 'x', 'as-groups': [name] }),
      expected: failed,
    },
    { name: `token ${JSON.stringify(name)}`, set: () => only({ token: name }), expected: failed },
  ]),
  {
    name: '--as with a tab and a control character of ISO 6429',
    set: () => ({ ...only(), choice: { as: 'a\tb\u0085c' } }),
    expected: () => sent([...asSomeone, 'impersonate-user: a\tb\u0085c']),
  },
  { name: 'groups without a user', set: () => only({ ...someone, 'as-groups': ['g'] }), expected: failed },
];

const plugins: Case[] = [
  {
    name: 'a relative command, one run for one request',
    set: () => {
      peers.write('plugin', plugin({ token: 'p' }), true);
      return only(exec());
    },
    expected: () => ({
      ...sent(['authorization: Bearer p']),
      pluginRuns: [
        {
          kind: 'ExecCredential',
          apiVersion: 'client.authentication.k8s.io/v1',
          spec: { interactive: false },
        },
      ],
    }),
  },
  {
    name: 'a command in PATH, v1beta1 without a mode',
    set: () => {
      const version = 'client.authentication.k8s.io/v1beta1';
      peers.write('bin/plugin', plugin({ token: 'p' }, version), true);
      const setting = only(exec({ command: 'plugin', apiVersion: version, interactiveMode: undefined }));
      return { env: { ...setting.env, PATH: `${peers.home}/bin:${process.env['PATH'] ?? ''}` } };
    },
    expected: () => sent(['authorization: Bearer p']),
  },
  {
    name: 'provideClusterInfo',
    set: () => {
      peers.write('plugin', plugin({ token: 'p' }), true);
      return only(exec({ provideClusterInfo: true }), {
        'tls-server-name': 'api.test',
        extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'me', n: 1 } }],
      });
    },
    expected: () => (facts) => {
      expect(facts.requests).toMatchObject([{ identity: ['authorization: Bearer p'], sni: 'api.test' }]);
      expect(facts.pluginRuns).toMatchObject([
        { spec: { cluster: { server: peers.https.url, 'tls-server-name': 'api.test', config: { n: 1 } } } },
      ]);
    },
  },
  {
    name: 'provideClusterInfo of a cluster without verification',
    set: () => {
      peers.write('plugin', plugin({ token: 'p' }), true);
      const cluster = { 'certificate-authority': undefined, 'insecure-skip-tls-verify': true };
      return only(exec({ provideClusterInfo: true }), cluster);
    },
    expected: () => (facts) => {
      expect(facts.pluginRuns).toMatchObject([{ spec: { cluster: { 'insecure-skip-tls-verify': true } } }]);
    },
  },
  {
    name: 'a token goes before a plugin, which does not run',
    set: () => {
      peers.write('plugin', plugin({ token: 'p' }), true);
      return only({ token: 't', ...exec() });
    },
    expected: () => ({ ...sent(['authorization: Bearer t']), pluginRuns: [] }),
  },
  ...[
    ['without a status', { kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1' }],
    [
      'of another version',
      { kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1beta1', status: { token: 'p' } },
    ],
  ].map(([name, answer]) => ({
    name: `an answer ${name as string}`,
    set: () => {
      peers.write('plugin', `#!/bin/sh\nprintf '%s' '${JSON.stringify(answer)}'\n`, true);
      return only(exec());
    },
    expected: failed,
  })),
  ...[
    ['YAML', 'kind: ExecCredential\napiVersion: client.authentication.k8s.io/v1\nstatus: {token: p}\n'],
    [
      'JSON behind a byte order mark',
      `\uFEFF${JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status: { token: 'p' } })}`,
    ],
    [
      'YAML behind a byte order mark',
      '\uFEFFkind: ExecCredential\napiVersion: client.authentication.k8s.io/v1\nstatus: {token: p}\n',
    ],
  ].map(([name, answer]) => ({
    name: `an answer in ${name as string}`,
    set: () => {
      peers.write('answer', answer);
      peers.write('plugin', '#!/bin/sh\ncat "$(dirname "$0")/answer"\n', true);
      return only(exec());
    },
    expected: () => sent(['authorization: Bearer p']),
  })),
  {
    name: 'v1 without interactiveMode',
    set: () => only(exec({ interactiveMode: undefined })),
    expected: failed,
  },
  {
    name: 'Always without a terminal',
    set: () => {
      peers.write('plugin', plugin({ token: 'p' }), true);
      return only(exec({ interactiveMode: 'Always' }));
    },
    expected: () => ({ ...failed(), pluginRuns: [] }),
  },
  {
    name: 'a plugin that is not there',
    set: () => only(exec({ command: 'no-such-plugin' })),
    expected: failed,
  },
];

const clusters: Case[] = [
  {
    name: 'tls-server-name is sent as SNI and verified',
    set: () => only(someone, { 'tls-server-name': 'api.test' }),
    expected: () => sent(asSomeone, { sni: 'api.test' }),
  },
  {
    name: 'a tls-server-name that is an address sends no SNI, and is what the certificate has to name',
    set: () =>
      only(someone, {
        server: peers.https.url.replace('127.0.0.1', 'localhost'),
        'tls-server-name': '127.0.0.1',
      }),
    expected: () => sent(asSomeone, { sni: '' }),
  },
  {
    name: 'a tls-server-name that is another address',
    set: () => only(someone, { 'tls-server-name': '10.0.0.1' }),
    expected: failed,
  },
  {
    name: 'a wrong tls-server-name',
    set: () => only(someone, { 'tls-server-name': 'x.test' }),
    expected: failed,
  },
  {
    name: 'an unknown authority',
    set: () => only(someone, { 'certificate-authority': undefined }),
    expected: failed,
  },
  {
    name: 'no verification',
    set: () => only(someone, { 'certificate-authority': undefined, 'insecure-skip-tls-verify': true }),
    expected: () => sent(asSomeone),
  },
  {
    name: 'no verification and an authority exclude each other',
    set: () => only(someone, { 'insecure-skip-tls-verify': true }),
    expected: failed,
  },
  {
    name: 'an http server gets no credentials, but impersonation',
    set: () => only({ token: 't', as: 'x' }, { server: peers.http.url, 'certificate-authority': undefined }),
    expected: () => sent(['impersonate-user: x']),
  },
  {
    name: 'a server without a scheme is http',
    set: () =>
      only(someone, { server: peers.http.url.replace('http://', ''), 'certificate-authority': undefined }),
    expected: () => sent([]),
  },
  {
    name: 'a server without a scheme is http beside an authority too',
    set: () => only(someone, { server: peers.http.url.replace('http://', '') }),
    expected: () => sent([]),
  },
  {
    name: 'a server with a path',
    set: () => only(someone, { server: `${peers.https.url}/k8s/c1/` }),
    expected: () => sent(asSomeone, { url: `/k8s/c1${askedPath}` }),
  },
  ...[{ token: 't' }, { username: 'u', password: 'p' }].map((user) => ({
    name: `a server with a login before ${JSON.stringify(user)}`,
    set: () => only(user, { server: peers.https.url.replace('://', '://j%C3%BCrgen:p%40ss@') }),
    expected: () => sent([basic('jürgen:p@ss')]),
  })),
  {
    name: 'a server with a login before a plugin',
    set: () => {
      peers.write('plugin', plugin({ token: 'p' }), true);
      return only(exec(), { server: peers.https.url.replace('://', '://me@') });
    },
    expected: () => sent([basic('me:')]),
  },
  {
    name: 'an http server with a login',
    set: () =>
      only(someone, {
        server: peers.http.url.replace('://', '://u:p@'),
        'certificate-authority': undefined,
      }),
    expected: () => sent([basic('u:p')]),
  },
  {
    name: 'a server with a bad escape in its login',
    set: () => only(someone, { server: peers.https.url.replace('://', '://u:%zz@') }),
    expected: failed,
  },
  { name: 'bad base64', set: () => only(someone, { 'certificate-authority-data': '!!' }), expected: failed },
];

const named = () => `https://api.test:${peers.https.port}`;
const proxied =
  (env: () => Record<string, string>, cluster: () => object = () => ({})) =>
  () => {
    const setting = only({ token: 't' }, { server: named(), ...cluster() });
    return { env: { ...setting.env, ...env() } };
  };
const tunnelled = (as = '') => ({
  ...sent(['authorization: Bearer t'], { sni: 'api.test' }),
  proxied: [`CONNECT api.test:${peers.https.port}${as}`],
});

const proxies: Case[] = [
  { name: 'HTTPS_PROXY', set: proxied(() => ({ HTTPS_PROXY: peers.proxyUrl })), expected: () => tunnelled() },
  { name: 'https_proxy', set: proxied(() => ({ https_proxy: peers.proxyUrl })), expected: () => tunnelled() },
  {
    name: 'HTTPS_PROXY without a scheme',
    set: proxied(() => ({ HTTPS_PROXY: peers.proxyUrl.replace('http://', '') })),
    expected: () => tunnelled(),
  },
  {
    name: 'HTTPS_PROXY with a user and no password',
    set: proxied(() => ({ HTTPS_PROXY: peers.proxyUrl.replace('://', '://me@') })),
    expected: () => tunnelled(` as Basic ${Buffer.from('me:').toString('base64')}`),
  },
  {
    name: 'ALL_PROXY alone is nothing',
    set: proxied(() => ({ ALL_PROXY: peers.proxyUrl })),
    expected: () => ({ outcome: 'failed', proxied: [] }),
  },
  ...['*', 'api.test', '.test', 'other, API.test'].map((noProxy) => ({
    name: `NO_PROXY=${noProxy}`,
    set: proxied(() => ({ HTTPS_PROXY: peers.proxyUrl, NO_PROXY: noProxy })),
    expected: () => ({ outcome: 'failed' as const, proxied: [] }),
  })),
  ...['pi.test', 'api.test:1', '10.0.0.0/8', ':443'].map((noProxy) => ({
    name: `NO_PROXY=${noProxy} is not for us`,
    set: proxied(() => ({ HTTPS_PROXY: peers.proxyUrl, NO_PROXY: noProxy })),
    expected: () => tunnelled(),
  })),
  {
    name: 'loopback is never proxied by the environment',
    set: () => ({ env: { ...only().env, HTTPS_PROXY: peers.proxyUrl } }),
    expected: () => ({ ...sent(asSomeone), proxied: [] }),
  },
  {
    name: 'proxy-url of the cluster, for loopback and whatever NO_PROXY says',
    set: () => ({ env: { ...only(someone, { 'proxy-url': peers.proxyUrl }).env, NO_PROXY: '*' } }),
    expected: () => ({ ...sent(asSomeone), proxied: [`CONNECT 127.0.0.1:${peers.https.port}`] }),
  },
  {
    name: 'an http server by absolute URL',
    set: () => {
      const setting = only(someone, { server: 'http://api.test', 'certificate-authority': undefined });
      return { env: { ...setting.env, HTTP_PROXY: peers.proxyUrl } };
    },
    expected: () => ({ outcome: 'answered', requests: [], proxied: [`GET http://api.test${askedPath}`] }),
  },
  ...['http://me:%zz@p.test', 'http://p%zz.test', 'http://'].map((url) => ({
    name: `HTTPS_PROXY=${url}`,
    set: proxied(() => ({ HTTPS_PROXY: url })),
    expected: failed,
  })),
  {
    name: 'proxy-url with a bad escape',
    set: () => only(someone, { 'proxy-url': peers.proxyUrl.replace('://', '://me:%zz@') }),
    expected: failed,
  },
  {
    name: 'proxy-url of another kind',
    set: () => only(someone, { 'proxy-url': 'ftp://p.test' }),
    expected: failed,
  },
];

describe.each([
  ['files and flags', files],
  ['users', users],
  ['exec plugins', plugins],
  ['clusters', clusters],
  ['proxies', proxies],
])('%s', (_group, cases) => {
  compare(cases);
});
