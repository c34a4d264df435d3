import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withDefaults, type SettingKey } from '../../../src/config/settings.ts';
import type { RemedyError } from '../../../src/errors/remedy-error.ts';
import { Secret } from '../../../src/http/secret.ts';
import type { OcmLogin } from '../../../src/ocm/ocm-login.ts';
import type { PagerDutyLogin } from '../../../src/pagerduty/pagerduty-login.ts';
import { credentialSources, findLogins, type Logins } from '../../../src/plan/logins.ts';
import type { SystemSettings } from '../../../src/plan/system-settings.ts';
import { webToken } from '../../support/remote-systems/fake-sso.ts';

const nowMs = Date.UTC(2026, 10, 29);
const stage = 'https://api.stage.openshift.com';
const production = 'https://api.openshift.com';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'logins-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function leave(name: string, content: unknown, mode = 0o600): Promise<string> {
  const file = path.join(home, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  await chmod(file, mode);
  return file;
}

interface Given {
  env?: Record<string, string>;
  settings?: Partial<SystemSettings>;
  configured?: readonly SettingKey[];
  credentials?: ReadonlyMap<string, Secret>;
}

function find(given: Given = {}): Promise<{ logins: Logins; settings: SystemSettings }> {
  const { env = {}, settings = {}, configured = [], credentials } = given;
  return findLogins(withDefaults(settings), {
    env,
    home,
    cwd: home,
    nowMs,
    credentials,
    isConfigured: (key) => configured.includes(key),
  });
}

const ocmOf = async (given?: Given): Promise<OcmLogin> => (await find(given)).logins.ocm as OcmLogin;
const pdOf = async (): Promise<PagerDutyLogin> => (await find()).logins.pagerduty as PagerDutyLogin;

describe('the login of ocm', () => {
  const content = { refresh_token: 'refresh-1', access_token: '', client_id: 'ocm-cli', url: stage };

  it('is that of OCM_CONFIG, else ~/.ocm.json, else the folder of configurations', async () => {
    const own = await leave('cfg/ocm/ocm.json', content);
    const env = { XDG_CONFIG_HOME: path.join(home, 'cfg') };
    expect((await ocmOf({ env })).file).toBe(own);
    const old = await leave('.ocm.json', content);
    expect((await ocmOf({ env })).file).toBe(old);
    const named = await leave('named.json', content);
    expect((await ocmOf({ env: { ...env, OCM_CONFIG: named } })).file).toBe(named);
    expect((await ocmOf({ env: { ...env, OCM_CONFIG: 'named.json' } })).file).toBe(named);
    expect(await find({ env: { ...env, OCM_CONFIG: 'securestore' } })).toMatchObject({ logins: {} });
    expect(await find({ env: { ...env, OCM_CONFIG: '/nowhere/ocm.json' } })).toMatchObject({ logins: {} });
  });

  it('is in ~/.config where no folder is named', async () => {
    const file = await leave('.config/ocm/ocm.json', content);
    expect((await ocmOf()).file).toBe(file);
  });

  it.each([
    ['nothing', ''],
    ['an empty mapping', {}],
    ['a logout', { url: stage, access_token: '', refresh_token: '' }],
    ['a password alone', { user: 'a', password: 'b' }],
  ])('is none where the file holds %s', async (_what, held) => {
    await leave('.ocm.json', held);
    expect((await find()).logins).toEqual({});
  });

  it.each([
    ['OCM_TOKEN', { env: { OCM_TOKEN: 'x' } }],
    ['a file of the token', { settings: { 'ocm.tokenFile': '/f' } }],
    ['a service account', { settings: { 'ocm.clientId': 'id' } }],
    ['credentials that are given', { credentials: new Map([['OCM_TOKEN', new Secret('x')]]) }],
  ] as [string, Given][])('is not looked at where there is %s', async (_what, given) => {
    await leave('.ocm.json', 'no json');
    expect((await find(given)).logins.ocm).toBeUndefined();
  });

  it('brings its URLs with it', async () => {
    await leave('.ocm.json', { ...content, token_url: 'https://sso.stage.example.com/token' });
    expect((await find()).settings).toMatchObject({
      'ocm.url': stage,
      'ocm.tokenUrl': 'https://sso.stage.example.com/token',
    });
  });

  it.each([
    ['ocm.url', production],
    ['ocm.tokenUrl', 'https://sso.example.com/token'],
  ] as const)('is refused where another %s is configured', async (key, url) => {
    await leave('.ocm.json', { ...content, token_url: 'https://sso.stage.example.com/token' });
    const { logins, settings } = await find({ settings: { [key]: url }, configured: [key] });
    expect((logins.ocm as RemedyError).message).toMatch(`${key} is ${url}`);
    expect(settings[key]).toBe(url);
  });

  it('is taken where the same URL is configured', async () => {
    await leave('.ocm.json', content);
    const given: Given = { settings: { 'ocm.url': `${stage}/` }, configured: ['ocm.url'] };
    expect((await ocmOf(given)).url).toBe(stage);
  });

  it('without a URL is for production alone', async () => {
    await leave('.ocm.json', { refresh_token: 'refresh-1' });
    expect((await find()).settings['ocm.url']).toBe(production);
    const given: Given = { settings: { 'ocm.url': stage }, configured: ['ocm.url'] };
    expect((await find(given)).logins.ocm).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  const token = (endsInSeconds: number): string =>
    webToken({ exp: endsInSeconds === 0 ? 0 : nowMs / 1_000 + endsInSeconds });
  it.each([
    [
      'a secret',
      { client_id: 'id', client_secret: 'secret', refresh_token: 'r' },
      { kind: 'client', id: 'id' },
    ],
    ['both tokens', { refresh_token: token(0), access_token: token(9) }, { kind: 'offline', access: {} }],
    ['an access token that has ended', { refresh_token: 'r', access_token: token(-1) }, { kind: 'offline' }],
    [
      'a refresh token that has ended',
      { refresh_token: token(-1), access_token: token(9) },
      { kind: 'access' },
    ],
  ])('with %s is used by it', async (_what, held, credentials) => {
    await leave('.ocm.json', held);
    expect((await ocmOf()).credentials).toMatchObject(credentials);
  });

  it.each([
    ['has expired', { refresh_token: token(-1), access_token: token(-1) }, /has expired$/],
    ['is no JSON', '{"refresh_token":"hidden-secret"', /is no JSON that can be understood$/],
    ['is a list', '["hidden-secret"]', /is no JSON/],
    ['holds a token of two lines', { refresh_token: 'hidden-secret\nx' }, /has characters in refresh_token/],
  ])('that %s is refused when it is used, without a character of it', async (_what, held, message) => {
    await leave('.ocm.json', held);
    const { ocm } = (await find()).logins;
    expect(ocm).toMatchObject({
      code: 'CREDENTIALS_FAILED',
      message: expect.stringMatching(message) as string,
    });
    expect(JSON.stringify([(ocm as RemedyError).message, ocm])).not.toContain('hidden-secret');
  });

  it('that is a folder is refused when it is used', async () => {
    await mkdir(path.join(home, '.ocm.json'));
    expect((await find()).logins.ocm).toMatchObject({ code: 'CREDENTIALS_FAILED' });
  });
});

describe('the login of pagerduty-cli', () => {
  const place = '.config/pagerduty-cli/config.json';
  const key = { alias: 'a', subdomain: 'a', legacyToken: 'key-0123456789', isDomainToken: true };
  const oauth = { alias: 'b', subdomain: 'b', accessToken: 'pdus+_1', expiresAt: '2026-11-29T01:00:00.000Z' };

  it.each([
    ['of its default', { defaultSubdomain: 'b', subdomains: [key, oauth] }, ['pdus+_1', true]],
    ['that is the only one', { defaultSubdomain: null, subdomains: [key] }, ['key-0123456789', false]],
    ['of its first versions', { token: 'key-9' }, ['key-9', false]],
    ['of OAuth, whatever the token looks like', { subdomains: [{ accessToken: 'abc' }] }, ['abc', true]],
  ])('is the one %s', async (_what, content, [token, isOAuth]) => {
    await leave(place, content);
    const login = await pdOf();
    expect([login.token.reveal(), login.isOAuth]).toEqual([token, isOAuth]);
  });

  it.each([
    ['has expired', { subdomains: [{ ...oauth, expiresAt: '2026-11-28T23:59:59Z' }] }, /has expired$/],
    ['has no default', { subdomains: [key, oauth] }, /several accounts and no default$/],
  ])('that %s is refused when it is used', async (_what, content, message) => {
    await leave(place, content);
    expect((await find()).logins.pagerduty).toMatchObject({
      code: 'CREDENTIALS_FAILED',
      message: expect.stringMatching(message) as string,
    });
  });

  it('is said to be open to others, and read all the same', async () => {
    const file = await leave(place, { subdomains: [key] }, 0o644);
    const { logins, settings } = await find();
    expect(credentialSources(settings, { env: {}, logins }).pagerduty).toBe(
      `the login of pagerduty-cli in ${file}, which others may read`,
    );
  });

  it('is not looked at where there is a key', async () => {
    await leave(place, 'no json');
    expect((await find({ env: { PAGERDUTY_TOKEN: 'x' } })).logins).toEqual({});
  });
});
