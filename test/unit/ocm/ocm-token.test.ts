import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemoteHttp } from '../../../src/http/remote-http.ts';
import type { RemoteError } from '../../../src/http/remote-error.ts';
import { Secret } from '../../../src/http/secret.ts';
import { OcmToken } from '../../../src/ocm/ocm-token.ts';
import type { OcmCredentials } from '../../../src/ocm/token-grant.ts';
import { tokenCredentials } from '../../../src/ocm/token-grant.ts';
import type { Clock } from '../../../src/time/clock.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { ocmClientSecret, offlineToken, webToken } from '../../support/remote-systems/fake-sso.ts';
import { startRemoteSystems, type FakeRemoteSystems } from '../../support/remote-systems/remote-systems.ts';
import { clientCredentials, testClients, thrownBy } from '../../support/remote-systems/test-clients.ts';

/** Time that the test sets; deadlines are those of the real clock. */
class ShiftedClock implements Clock {
  shiftMs = 0;
  readonly #real = new RealClock();

  now(): number {
    return this.#real.now() + this.shiftMs;
  }

  monotonicMs(): number {
    return this.#real.monotonicMs() + this.shiftMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#real.sleep(ms, signal);
  }
}

let systems: FakeRemoteSystems;
let http: RemoteHttp;
let clock: ShiftedClock;

beforeEach(async () => {
  systems = await startRemoteSystems();
  clock = new ShiftedClock();
  http = new RemoteHttp({ userAgent: 'remedyctl/test', clock, random: new SeededRandom(1) });
});
afterEach(async () => {
  await http.close();
  await systems.stop();
});

const offline: OcmCredentials = { kind: 'offline', token: new Secret(offlineToken) };
const tokenFor = (credentials: OcmCredentials): OcmToken =>
  new OcmToken({ http, tokenUrl: systems.sso.tokenUrl, credentials });
const bearer = async (token: OcmToken, signal?: AbortSignal): Promise<string | undefined> =>
  (await token.headers({ signal }))['authorization'];
const grants = (): number => systems.sso.server.calls.length;

describe.each([
  ['a service account', clientCredentials],
  ['an offline token', offline],
])('the token of %s', (_name, credentials) => {
  it('is granted once and kept', async () => {
    const token = tokenFor(credentials);
    const first = await bearer(token);
    expect(first).toBe(`Bearer ${systems.sso.granted[0] ?? ''}`);
    expect(await bearer(token)).toBe(first);
    expect(grants()).toBe(1);
  });

  it.each([
    [839, 1],
    [841, 2],
    [1_000, 2],
  ])('of 900 s is after %i s the grant number %i', async (seconds, count) => {
    const token = tokenFor(credentials);
    await bearer(token);
    clock.shiftMs = seconds * 1_000;
    await bearer(token);
    expect(grants()).toBe(count);
  });

  it('is renewed once for all who wait', async () => {
    const token = tokenFor(credentials);
    const all = await Promise.all(Array.from({ length: 50 }, () => bearer(token)));
    expect(new Set(all).size).toBe(1);
    expect(grants()).toBe(1);
  });

  it('is renewed for the others when one of them stops waiting', async () => {
    const token = tokenFor(credentials);
    const stopped = new AbortController();
    const [one, other] = [bearer(token, stopped.signal), bearer(token)];
    stopped.abort(new Error('stopped'));
    await expect(one).rejects.toMatchObject({ code: 'ABORTED', system: 'sso' });
    expect(await other).toMatch(/^Bearer /);
    expect(grants()).toBe(1);
  });

  it('is asked for anew after a failure', async () => {
    systems.sso.server.failOn('POST', { kind: 'status', status: 503, headers: { 'retry-after': '2' } });
    const token = tokenFor(credentials);
    expect(await thrownBy(() => bearer(token))).toMatchObject({
      code: 'REMOTE_ERROR',
      system: 'sso',
      httpStatus: 503,
      retryAfterSeconds: 2,
    });
    expect(await bearer(token)).toMatch(/^Bearer /);
  });

  it.each([
    ['an HTML page', { kind: 'html', status: 200, effect: true }, 'REMOTE_ERROR'],
    ['half an answer', { kind: 'truncated', effect: true }, 'UNREACHABLE'],
    ['a reset', { kind: 'reset' }, 'UNREACHABLE'],
    ['no token', { kind: 'status', status: 200, body: { expires_in: 900 } }, 'REMOTE_ERROR'],
    [
      'a token of two lines',
      { kind: 'status', status: 200, body: { access_token: 'a\r\nX: y' } },
      'REMOTE_ERROR',
    ],
    ['a refusal', { kind: 'status', status: 400, body: { error: 'invalid_grant' } }, 'CREDENTIALS_FAILED'],
  ] as const)('is none where the SSO answers %s', async (_what, fault, code) => {
    systems.sso.server.failOn('POST', fault);
    expect(await thrownBy(() => bearer(tokenFor(credentials)))).toMatchObject({ code, system: 'sso' });
  });
});

/** The token endpoint has no published document: its form is held here to the letter. */
describe('the request for a token', () => {
  const path = '/auth/realms/redhat-external/protocol/openid-connect/token';
  const sent = async (credentials: OcmCredentials): Promise<unknown> => {
    await bearer(tokenFor(credentials));
    return systems.sso.server.calls.map(({ method, url, headers, text }) => {
      const { authorization, accept, 'content-type': type, 'content-length': length } = headers;
      return { method, url, authorization, accept, type, length: Number(length), text };
    });
  };

  it('of a service account is a form, with its secret in the Authorization header alone', async () => {
    const text = 'grant_type=client_credentials&client_id=service-account-1&scope=openid';
    const basic = Buffer.from(`service-account-1:${ocmClientSecret}`).toString('base64');
    expect(await sent(clientCredentials)).toStrictEqual([
      {
        method: 'POST',
        url: path,
        authorization: `Basic ${basic}`,
        accept: 'application/json',
        type: 'application/x-www-form-urlencoded',
        length: text.length,
        text,
      },
    ]);
  });

  it('of an offline token is a form of the public client, without an Authorization header', async () => {
    const text = `grant_type=refresh_token&client_id=cloud-services&refresh_token=${offlineToken}`;
    expect(await sent(offline)).toStrictEqual([
      {
        method: 'POST',
        url: path,
        authorization: undefined,
        accept: 'application/json',
        type: 'application/x-www-form-urlencoded',
        length: text.length,
        text,
      },
    ]);
  });

  it.each([
    ['the client that the token was made for', { azp: 'ocm-cli' }, undefined, 'ocm-cli'],
    ['it before the client of its login', { azp: 'ocm-cli' }, 'other', 'ocm-cli'],
    ['the client of the login where the token says none', { typ: 'Offline' }, 'ocm-cli', 'ocm-cli'],
    ['the usual client where nobody says one', { typ: 'Offline', azp: '' }, undefined, 'cloud-services'],
  ])('names %s', async (_what, claims, clientId, client) => {
    systems.sso.publicClient = client;
    systems.sso.refreshToken = webToken(claims);
    const token = new Secret(webToken(claims));
    expect(await bearer(tokenFor({ kind: 'offline', token, clientId }))).toMatch(/^Bearer access-token-1/);
  });

  it('names the client of the newest token, where the SSO rotates them', async () => {
    systems.sso.publicClient = 'ocm-cli';
    systems.sso.refreshToken = webToken({ azp: 'ocm-cli' });
    systems.sso.rotates = true;
    const token = tokenFor({
      kind: 'offline',
      token: new Secret(systems.sso.refreshToken),
      clientId: 'ocm-cli',
    });
    await bearer(token);
    clock.shiftMs = 900_000;
    await bearer(token);
    expect(systems.sso.granted).toHaveLength(2);
  });

  it('encodes what a form reserves', async () => {
    const token = 'a+b/c=&grant_type=x%20#';
    await thrownBy(() => bearer(tokenFor({ kind: 'offline', token: new Secret(token) })));
    const [call] = systems.sso.server.calls;
    expect([...new URLSearchParams(call?.text)]).toEqual([
      ['grant_type', 'refresh_token'],
      ['client_id', 'cloud-services'],
      ['refresh_token', token],
    ]);
    expect(call?.text).toContain('refresh_token=a%2Bb%2Fc%3D%26grant_type%3Dx%2520%23');
  });

  it('is answered with a token that is good for as long as it says, and no other answer is read', async () => {
    const answer = { access_token: 'the-token', expires_in: 900, token_type: 'Bearer' };
    for (const [body, kept] of [
      [{ ...answer, scope: 'openid', id_token: 'x', 'not-before-policy': 0 }, 1],
      [{ ...answer, expires_in: 59 }, 2],
      [{ access_token: 'the-token' }, 2],
      [{ ...answer, expires_in: '900' }, 2],
    ] as const) {
      systems.sso.server.calmDown();
      systems.sso.server.failOn('POST', { kind: 'status', status: 200, body }, 2);
      const token = tokenFor(clientCredentials);
      expect([await bearer(token), await bearer(token), grants()]).toEqual([
        'Bearer the-token',
        'Bearer the-token',
        kept,
      ]);
    }
  });
});

describe('a token', () => {
  it('that was refused with 401 is renewed for the next call', async () => {
    const clients = testClients(systems);
    systems.ocm.addCluster({ id: 'c1' });
    await clients.ocm.getCluster('c1');
    systems.sso.revoke(systems.sso.granted[0] ?? '');
    expect(await thrownBy(() => clients.ocm.getCluster('c1'))).toMatchObject({ code: 'CREDENTIALS_FAILED' });
    expect(await clients.ocm.getCluster('c1')).toMatchObject({ id: 'c1' });
    await clients.http.close();
    expect(systems.sso.granted).toHaveLength(2);
  });

  it('is shared by OCM and Backplane', async () => {
    const clients = testClients(systems);
    systems.ocm.addCluster({ id: 'c1' });
    await Promise.all([clients.ocm.getCluster('c1'), clients.backplane.listReports('c1', 1)]);
    await clients.http.close();
    expect(grants()).toBe(1);
  });

  it('that the SSO rotates is asked for with the newest', async () => {
    systems.sso.rotates = true;
    const token = tokenFor(offline);
    for (let round = 0; round < 3; round += 1) {
      await bearer(token);
      clock.shiftMs += 900_000;
    }
    expect(systems.sso.granted).toHaveLength(3);
  });

  it.each([
    [
      'the secret of a service account',
      { ...clientCredentials, secret: new Secret('wrong-secret-000') },
      'wrong-secret-000',
    ],
    ['an offline token', { kind: 'offline', token: new Secret('wrong-token-00000') }, 'wrong-token-00000'],
  ] as [string, OcmCredentials, string][])(
    'is refused without showing %s',
    async (_what, credentials, secret) => {
      const thrown = (await thrownBy(() => bearer(tokenFor(credentials)))) as RemoteError;
      expect(thrown).toMatchObject({ code: 'CREDENTIALS_FAILED' });
      const shown = JSON.stringify([thrown, thrown.message, thrown.stack, thrown.details, credentials]);
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain(ocmClientSecret);
    },
  );
});

describe('a token that a login has kept', () => {
  const kept = (endsInSeconds: number): { access: string; credentials: OcmCredentials } => {
    const access = webToken({ typ: 'Bearer', exp: Math.floor(clock.now() / 1_000) + endsInSeconds });
    const credentials = {
      kind: 'offline',
      token: new Secret(offlineToken),
      access: new Secret(access),
    } as const;
    return { access, credentials };
  };

  it('is used until it is about to end, and then renewed', async () => {
    const { access, credentials } = kept(600);
    const token = tokenFor(credentials);
    expect([await bearer(token), grants()]).toEqual([`Bearer ${access}`, 0]);
    clock.shiftMs = 545_000;
    expect([await bearer(token), grants()]).toEqual([expect.stringMatching('access-token-1'), 1]);
  });

  it.each([30, -30])('is not used with %i s left', async (seconds) => {
    expect(await bearer(tokenFor(kept(seconds).credentials))).toMatch('access-token-1');
  });

  it('is not used again once it was refused', async () => {
    const { credentials } = kept(600);
    const token = tokenFor(credentials);
    await bearer(token);
    token.refused();
    expect(await bearer(token)).toMatch('access-token-1');
  });
});

describe('whom a token names', () => {
  it.each([
    ['a person', 'jdoe', 'jdoe'],
    ['nobody, where it is opaque', undefined, undefined],
  ])('is %s', async (_what, account, name) => {
    systems.sso.account = account;
    expect(await tokenFor(offline).name()).toBe(name);
  });
});

describe('what OCM_TOKEN holds', () => {
  const webTokenOf = (claims: Record<string, unknown>): Secret => new Secret(webToken(claims));

  it.each([
    ['an offline token', webTokenOf({ typ: 'Offline' }), 'offline'],
    ['a refresh token', webTokenOf({ typ: 'Refresh' }), 'offline'],
    ['an opaque token', new Secret('opaque'), 'offline'],
    ['an access token', webTokenOf({ typ: 'Bearer' }), 'access'],
  ])('is told apart: %s', (_what, token, kind) => {
    expect(tokenCredentials(token).kind).toBe(kind);
  });

  it('is refused where it is an ID token', () => {
    expect(() => tokenCredentials(webTokenOf({ typ: 'ID' }))).toThrow('ID token');
  });

  it('is used as it is where it is an access token, until it ends', async () => {
    const given = webTokenOf({ typ: 'Bearer', exp: Math.floor(clock.now() / 1_000) + 120 });
    const token = tokenFor(tokenCredentials(given));
    expect(await bearer(token)).toBe(`Bearer ${given.reveal()}`);
    clock.shiftMs = 100_000;
    expect(await bearer(token)).toBe(`Bearer ${given.reveal()}`);
    clock.shiftMs = 121_000;
    await expect(bearer(token)).rejects.toMatchObject({ code: 'CREDENTIALS_FAILED' });
    expect(grants()).toBe(0);
  });
});
