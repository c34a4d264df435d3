import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { listConfig } from '../../../src/config/config-listing.ts';
import { defaultConfigPath } from '../../../src/config/config-path.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { ConfigSources, EffectiveConfig } from '../../../src/config/load-config.ts';
import { describeOrigin } from '../../../src/config/origin.ts';
import { environmentNames, settingKeys, settings } from '../../../src/config/settings.ts';
import { parseText } from '../../../src/config/setting.ts';
import type { SettingKey } from '../../../src/config/settings.ts';
import { starterConfig } from '../../../src/config/starter-config.ts';

const defaultFile = '/home/op/.config/remedyctl/config.yaml';

function load(
  overrides: Partial<ConfigSources> = {},
  files: Record<string, string> = {},
): Promise<EffectiveConfig> {
  return loadConfig({
    flags: {},
    env: {},
    cwd: '/work',
    home: '/home/op',
    readFile: (path) => {
      const text = files[path];
      return text === undefined
        ? Promise.reject(Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' }))
        : Promise.resolve(text);
    },
    ...overrides,
  });
}

function loadText(text: string, overrides: Partial<ConfigSources> = {}): Promise<EffectiveConfig> {
  return load(overrides, { [defaultFile]: text });
}

describe('where a value comes from', () => {
  const file = 'namespace: of-file\nprofiles:\n  prod:\n    namespace: of-profile\n';

  const cases: [string, Partial<ConfigSources>, string, string][] = [
    ['the default', {}, 'kubernaut-system', 'default'],
    ['the file over the default', {}, 'of-file', `${defaultFile}:1:1`],
    [
      'the profile over the rest of the file',
      { flags: { profile: 'prod' } },
      'of-profile',
      `${defaultFile}:4:5 (profile prod)`,
    ],
    [
      'the environment over the profile',
      { flags: { profile: 'prod' }, env: { REMEDYCTL_NAMESPACE: 'of-env' } },
      'of-env',
      'environment REMEDYCTL_NAMESPACE',
    ],
    [
      'the flag over the environment',
      { flags: { namespace: 'of-flag' }, env: { REMEDYCTL_NAMESPACE: 'of-env' } },
      'of-flag',
      'flag --namespace',
    ],
  ];

  it.each(cases)('%s', async (name, sources, value, origin) => {
    const config = await load(sources, name === 'the default' ? {} : { [defaultFile]: file });
    expect(config.values.namespace).toBe(value);
    expect(describeOrigin(config.origins.namespace)).toBe(origin);
  });

  it.each(settingKeys.filter((key) => environmentNames(key).length > 0))(
    '%s can be set by its variable, and the wrong value names the variable',
    async (key) => {
      const [variable = ''] = environmentNames(key);
      const type = settings[key].type;
      const good = {
        choice: 'choices' in type ? type.choices.at(-1) : '',
        integer: '10',
        boolean: 'true',
        timeout: '5',
        size: '1MiB',
      };
      const texts = ['2s', '1m', 'table', 'https://api.example.com', 'sre@example.com'];
      const text =
        good[type.kind as keyof typeof good] ??
        texts.find((sample) => 'value' in parseText(type, sample)) ??
        '';
      const config = await load({ env: { [variable]: text } });
      expect(config.origins[key]).toEqual({ kind: 'environment', variable });
      if (['path', 'list', 'text'].includes(type.kind) && !('pattern' in type)) return;
      await expect(load({ env: { [variable]: '§' } })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(`${variable}: must be`) as string,
      });
    },
  );

  it('takes a variable that is set to nothing for unset', async () => {
    const config = await load({
      env: { REMEDYCTL_NAMESPACE: '', REMEDYCTL_PROFILE: '', REMEDYCTL_CONFIG: '' },
    });
    expect(config.values.namespace).toBe('kubernaut-system');
  });

  it('lets no variable and no flag lift what a profile forbids', async () => {
    const config = await loadText('profile: p\nprofiles: { p: { readOnly: true, confirm: typed } }', {
      env: { REMEDYCTL_READ_ONLY: 'false', REMEDYCTL_CONFIRM: 'none' },
      flags: { readOnly: false, 'read-only': false, confirm: 'none' },
    });
    expect(config.values).toMatchObject({ readOnly: true, confirm: 'typed' });
  });
});

describe('derived values', () => {
  it.each([
    ['the lease namespace is the namespace', { flags: { namespace: 'a' } }, { leaseNamespace: 'a' }],
    ['unless it is given', { flags: { namespace: 'a', 'lease-namespace': 'b' } }, { leaseNamespace: 'b' }],
    ['the store is below the home folder', {}, { store: '/home/op/.local/share/remedyctl/store' }],
    ['or below XDG_DATA_HOME', { env: { XDG_DATA_HOME: '/data' } }, { store: '/data/remedyctl/store' }],
    [
      'which is ignored when it is relative',
      { env: { XDG_DATA_HOME: 'data' } },
      { store: '/home/op/.local/share/remedyctl/store' },
    ],
    ['a relative flag is relative to where one stands', { flags: { store: 's' } }, { store: '/work/s' }],
    ['~ is the home folder', { env: { REMEDYCTL_STORE: '~/s' } }, { store: '/home/op/s' }],
    ['~name is a name', { flags: { store: '~s' } }, { store: '/work/~s' }],
    ['KUBECONFIG stays the list that it is', { env: { KUBECONFIG: 'a:~/b:' } }, { kubeconfig: 'a:~/b:' }],
    [
      'groups come as a list or separated by commas',
      { env: { REMEDYCTL_AS_GROUP: 'a, b' } },
      { asGroup: ['a', 'b'] },
    ],
    ['or from a repeated flag', { flags: { 'as-group': ['a', 'b,c'] } }, { asGroup: ['a', 'b,c'] }],
    [
      'typed flags are taken as they are',
      { flags: { concurrency: 4, 'skip-scope-check': true } },
      { 'ingest.concurrency': 4, 'ingest.skipScopeCheck': true },
    ],
    ['sizes are bytes', { flags: { 'max-document': '64KiB' } }, { 'ingest.maxDocument': 65_536 }],
    ['time-outs may be bare seconds', { flags: { 'request-timeout': '5' } }, { requestTimeout: 5_000 }],
    ['flags of commands are none of its business', { flags: { 'dry-run': 'client', json: true } }, {}],
    [
      'an output may be a template',
      { flags: { output: 'jsonpath={.items[*].x}\n' } },
      { output: 'jsonpath={.items[*].x}\n' },
    ],
  ] as [string, Partial<ConfigSources>, object][])('%s', async (_name, sources, expected) => {
    const { values } = await load(sources);
    expect(values).toMatchObject(expected);
  });

  it('paths in a file are relative to the file', async () => {
    const { values } = await load(
      { flags: { config: 'etc/r.yaml' } },
      { '/work/etc/r.yaml': 'store: ../s\nkubeconfig: ~/k\n' },
    );
    expect(values).toMatchObject({ store: '/work/s', kubeconfig: '/home/op/k' });
  });
});

describe('the file that is read', () => {
  it.each([
    ['the default one', {}, defaultFile],
    ['below XDG_CONFIG_HOME', { env: { XDG_CONFIG_HOME: '/xdg' } }, '/xdg/remedyctl/config.yaml'],
    ['that of the variable', { env: { REMEDYCTL_CONFIG: '~/c.yaml' } }, '/home/op/c.yaml'],
    ['that of the flag', { flags: { config: 'c.yaml' }, env: { REMEDYCTL_CONFIG: '/x' } }, '/work/c.yaml'],
  ] as [string, Partial<ConfigSources>, string][])('is %s', async (_name, sources, path) => {
    const config = await load(sources, { [path]: 'namespace: here' });
    expect(config.values.namespace).toBe('here');
    expect(config.file).toEqual({ path, exists: true });
  });

  it('need not exist when nobody asked for it', async () => {
    expect((await load()).file).toEqual({ path: defaultFile, exists: false });
    expect(defaultConfigPath({ env: {}, cwd: '/', home: '/home/op' })).toBe(defaultFile);
  });

  it('must exist when it was asked for', async () => {
    await expect(load({ flags: { config: '/absent.yaml' } })).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
      message: expect.stringContaining('/absent.yaml') as string,
    });
  });

  it('is an error when it is there and cannot be read', async () => {
    const readFile = (): Promise<string> =>
      Promise.reject(Object.assign(new Error('EACCES'), { code: 'EACCES' }));
    await expect(load({ readFile })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { file: defaultFile },
    });
  });
});

describe('a profile', () => {
  const file = 'profile: a\nprofiles:\n  a: { context: ctx-a }\n  b: { context: ctx-b }\n  empty:\n';

  it.each([
    ['the file', {}, 'ctx-a', `${defaultFile}:1:1`],
    ['the environment', { env: { REMEDYCTL_PROFILE: 'b' } }, 'ctx-b', 'environment REMEDYCTL_PROFILE'],
    ['the flag', { flags: { profile: 'b' }, env: { REMEDYCTL_PROFILE: 'a' } }, 'ctx-b', 'flag --profile'],
    ['the flag, with nothing in it', { flags: { profile: 'empty' } }, undefined, 'flag --profile'],
  ] as [string, Partial<ConfigSources>, string | undefined, string][])(
    'is chosen by %s',
    async (_name, sources, context, by) => {
      const config = await loadText(file, sources);
      expect(config.values.context).toBe(context);
      expect(describeOrigin(config.profile!.origin)).toBe(by);
    },
  );

  it.each(['c', 'toString', '__proto__'])(
    'that does not exist (%s) is an error that names those that do',
    async (profile) => {
      await expect(loadText(file, { flags: { profile } })).rejects.toMatchObject({
        code: 'CONFIG_NOT_FOUND',
        hint: expect.stringContaining('a, b, empty') as string,
      });
    },
  );

  it('without any file is an error that names the file', async () => {
    await expect(load({ flags: { profile: 'a' } })).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
      hint: expect.stringContaining(defaultFile) as string,
    });
  });
});

describe('wrong flags and variables', () => {
  it('are reported all at once, and as wrong usage where only flags are wrong', async () => {
    const flags = { namespace: 'Not_DNS', color: 'pink', concurrency: 0 };
    await expect(load({ flags })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: [
        'configuration: 3 problems:',
        '--namespace: must be the name of a namespace, not "Not_DNS"',
        '--color: must be one of auto, always, never, not "pink"',
        '--concurrency: must be a whole number from 1 to 256, not the number 0',
      ].join('\n  '),
    });
    await expect(load({ flags, env: { REMEDYCTL_TARGET: 'moon' } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });

  it.each([
    [
      { REMEDYCTL_RETRY_CREATION_INITIAL: '4s', REMEDYCTL_RETRY_CREATION_MAX: '3s' },
      /initial \(4s\) must not exceed max \(3s\)/,
    ],
    [
      { REMEDYCTL_RETRY_CREATION_MAX: '10ms' },
      /REMEDYCTL_RETRY_CREATION_MAX: .*initial \(100ms\).*comes from: default/,
    ],
  ])('that contradict each other are named together: %o', async (env, message) => {
    await expect(load({ env })).rejects.toThrow(message);
  });
});

describe('config show', () => {
  it('lists every setting with its value in the notation of the file', async () => {
    const entries = listConfig(await loadText('lock: { wait: 90s }\n'));
    expect(entries.map(({ key }) => key)).toEqual(settingKeys);
    const shown = new Map<SettingKey, unknown>(entries.map(({ key, value }) => [key, value]));
    expect(shown.get('lock.wait')).toBe('1m30s');
    expect(shown.get('ingest.maxDocument')).toBe('10MiB');
    expect(shown.get('context')).toBeNull();
    expect(shown.get('ingest.concurrency')).toBe(8);
  });

  it('keeps to itself what somebody has put into a URL to sign in with', async () => {
    const env = { REMEDYCTL_OCM_URL: 'https://me:secret-value@ocm.example/a@b' };
    const entry = listConfig(await load({ env })).find(({ key }) => key === 'ocm.url');
    expect(entry?.value).toBe('https://***@ocm.example/a@b');
  });
});

describe('config init', () => {
  it('writes a file that changes nothing', async () => {
    const [bare, started] = [await load(), await loadText(starterConfig())];
    expect(started.values).toEqual(bare.values);
  });

  it('writes every key with its default, ready to be uncommented', async () => {
    const [settingsPart = ''] = starterConfig().split('# Choose one with');
    const uncommented = settingsPart.replace(/^# (?! *#)/gm, (match, offset: number) =>
      offset < settingsPart.indexOf('apiVersion') ? match : '',
    );
    const config = await loadText(uncommented);
    expect(config.values).toEqual((await load()).values);
    const unset = new Set<SettingKey>([
      'leaseNamespace',
      'store',
      'kubeconfig',
      'context',
      'cluster',
      'user',
      'as',
      'lock.wait',
      'gateway.url',
      'gateway.tokenFile',
      'gateway.serviceAccount',
      'gateway.caFile',
      'pagerduty.from',
      'pagerduty.tokenFile',
      'pagerduty.silentPolicy',
      'ocm.tokenFile',
      'ocm.clientId',
      'ocm.clientSecretFile',
      'backplane.url',
      'from.username',
      'from.passwordFile',
      'from.tokenFile',
      'from.caFile',
    ]);
    for (const key of settingKeys)
      expect([key, config.origins[key].kind]).toEqual([key, unset.has(key) ? 'default' : 'file']);
  });

  it('shows profiles that work', async () => {
    const [, profiles = ''] = starterConfig().split('# A profile takes every key of above.\n');
    const config = await loadText(profiles.replace(/^# /gm, ''), { flags: { profile: 'prod-look' } });
    expect(config.values).toMatchObject({ context: 'prod-east', readOnly: true });
  });
});

it('loads neither yaml nor zod where there is no file', { timeout: 60_000 }, () => {
  // a process of its own: within the test run they are loaded anyway
  const bundle = execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { build } from 'esbuild';
       const { metafile } = await build({ entryPoints: ['src/config/load-config.ts'], bundle: true, platform: 'node',
         format: 'esm', splitting: true, outdir: 'unused', write: false, metafile: true });
       const entry = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === 'src/config/load-config.ts');
       const reached = new Set();
       const visit = (name) => {
         if (reached.has(name)) return;
         reached.add(name);
         for (const { path, kind } of metafile.outputs[name]?.imports ?? []) if (kind === 'import-statement') visit(path);
       };
       visit(entry[0]);
       console.log(JSON.stringify([...reached].flatMap((name) => Object.keys(metafile.outputs[name]?.inputs ?? {}))));`,
    ],
    { encoding: 'utf8' },
  );
  const inputs = JSON.parse(bundle) as string[];
  expect(inputs).toContain('src/config/load-config.ts');
  expect(inputs.filter((input) => input.includes('node_modules'))).toEqual([]);
});
