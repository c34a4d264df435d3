import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pagerDutyOAuthToken } from '../../support/remote-systems/fake-pagerduty.ts';
import { offlineToken, webToken } from '../../support/remote-systems/fake-sso.ts';
import { clusterId, PlanBench, planText, silencing } from './plan-file.ts';

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
});
afterEach(async () => {
  await bench.stop();
});

/** As after `ocm login`: no credential of ours, no URL configured. */
async function loggedIn(fields: Record<string, unknown> = {}): Promise<string> {
  const { env, systems } = bench;
  for (const name of ['OCM_CLIENT_ID', 'OCM_CLIENT_SECRET', 'REMEDYCTL_OCM_URL', 'REMEDYCTL_OCM_TOKEN_URL']) {
    Reflect.deleteProperty(env, name);
  }
  const login = {
    refresh_token: systems.sso.refreshToken,
    url: systems.ocm.server.url,
    token_url: systems.sso.tokenUrl,
  };
  return bench.write('.ocm.json', JSON.stringify({ ...login, ...fields }));
}

const serviceLog = [
  'ocm',
  'service-log',
  ...['--cluster-id', clusterId, '--external-id', '6e7f4c10-0000-4000-8000-000000000001'],
  ...['--severity', 'Info', '--summary', 'a summary', '--description', 'a description', '--yes'],
];

describe('the login of ocm', () => {
  it('sends where it was made for, by the client that it was made for, and is never written', async () => {
    bench.systems.sso.publicClient = 'ocm-cli';
    bench.systems.sso.rotates = true;
    bench.systems.sso.refreshToken = webToken({ typ: 'Refresh', azp: 'ocm-cli' });
    const file = await loggedIn();
    const before = [await readFile(file, 'utf8'), (await stat(file)).mtimeMs];
    const { exitCode, stderr } = await bench.run(...serviceLog, '-v');
    expect(exitCode, stderr).toBe(0);
    expect(bench.effects()).toMatchObject({ serviceLogs: 1 });
    expect(stderr).toContain(`OCM by the login of ocm in ${file}`);
    expect(stderr).not.toContain(bench.systems.sso.refreshToken);
    expect([await readFile(file, 'utf8'), (await stat(file)).mtimeMs]).toEqual(before);
  });

  it('is said under -v alone', async () => {
    await loggedIn();
    expect((await bench.run(...serviceLog)).stderr).not.toContain('the login of ocm');
  });

  it('shows in a preview where it would go', async () => {
    await loggedIn({ url: 'https://api.stage.openshift.com' });
    const { stdout } = await bench.run(...serviceLog, '--dry-run');
    expect(stdout).toContain('https://api.stage.openshift.com/api/service_logs/v1/cluster_logs');
  });

  it('of a stage never meets another URL that is configured', async () => {
    await loggedIn({ url: 'https://api.stage.openshift.com' });
    bench.env['REMEDYCTL_OCM_URL'] = bench.systems.ocm.server.url;
    const { exitCode, stderr } = await bench.run(...serviceLog);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('is for https://api.stage.openshift.com'),
    ]);
    expect(bench.systems.ocm.server.calls).toEqual([]);
    expect(bench.systems.sso.server.calls).toEqual([]);
  });

  it('that cannot be used stands in nobody else’s way', async () => {
    await loggedIn({ refresh_token: 'two\nlines' });
    const note = ['pd', 'note', '--incident-id', 'Q2I4AV3ZURABC', '--content', 'text', '--yes'];
    expect((await bench.run(...note)).exitCode).toBe(0);
    const { exitCode, stderr } = await bench.run(...serviceLog);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('no token has')]);
  });

  it('that the SSO refuses says to log in again', async () => {
    await loggedIn({ refresh_token: 'revoked' });
    const { stderr } = await bench.run(...serviceLog);
    expect(stderr).toContain('Log in again: ocm login');
  });
});

describe('the login of pagerduty-cli', () => {
  it('goes as Bearer where it is one of OAuth', async () => {
    Reflect.deleteProperty(bench.env, 'PAGERDUTY_TOKEN');
    await mkdir(path.join(bench.folder, '.config/pagerduty-cli'), { recursive: true });
    const subdomains = [{ alias: 'a', accessToken: pagerDutyOAuthToken }];
    const name = '.config/pagerduty-cli/config.json';
    const file = await bench.write(name, JSON.stringify({ defaultSubdomain: 'a', subdomains }));
    const note = ['pd', 'note', '--incident-id', 'Q2I4AV3ZURABC', '--content', 'text', '--yes', '-v'];
    const { exitCode, stderr } = await bench.run(...note);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`PagerDuty by the login of pagerduty-cli in ${file}`);
    expect(stderr).not.toContain(pagerDutyOAuthToken);
  });
});

describe('a token of OAuth', () => {
  const note = ['pd', 'note', '--incident-id', 'Q2I4AV3ZURABC', '--content', 'text', '--yes'];

  it('goes as Bearer', async () => {
    bench.env['PAGERDUTY_TOKEN'] = pagerDutyOAuthToken;
    expect((await bench.run(...note)).exitCode).toBe(0);
  });

  it('of the other region is named as one', async () => {
    bench.env['PAGERDUTY_TOKEN'] = 'pdeu+_0XBPWQQ_0123456789';
    bench.env['REMEDYCTL_PAGERDUTY_URL'] = 'https://api.pagerduty.com';
    const { exitCode, stderr } = await bench.run(...note);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('one of the EU region (pdeu+…)')]);
    expect(stderr).toContain('https://api.eu.pagerduty.com');
  });
});

describe('plan validate --online', () => {
  it('says as whom each system sees whoever asks', async () => {
    bench.env['PAGERDUTY_TOKEN'] = pagerDutyOAuthToken;
    bench.systems.sso.account = 'jdoe';
    const login = await loggedIn({ refresh_token: offlineToken });
    const file = await bench.write('plan.yaml', planText(silencing));
    const { exitCode, stderr } = await bench.run('plan', 'validate', file, '--online');
    expect(exitCode, stderr).toBe(0);
    const { pagerDuty, ocm, backplane } = bench.systems;
    for (const line of [
      `PagerDuty ${pagerDuty.server.url}: seen as sre@example.com, role user, by PAGERDUTY_TOKEN\n`,
      `OCM ${ocm.server.url}: seen as jdoe, by the login of ocm in ${login}, which others may read\n`,
      `Backplane ${backplane.server.url}: seen as jdoe, by the login of ocm in ${login}, which others may read\n`,
    ]) {
      expect(stderr).toContain(line);
    }
  });

  it('has them in its document, also of keys that are nobody’s', async () => {
    const file = await bench.write('plan.yaml', planText(['pagerduty_note', 'service_log']));
    const { stdout } = await bench.run('plan', 'validate', file, '--online', '-o', 'json');
    const { logins } = JSON.parse(stdout) as { logins: unknown[] };
    const { pagerDuty, ocm } = bench.systems;
    expect(logins).toHaveLength(2);
    expect(logins).toContainEqual({
      system: 'pagerduty',
      url: pagerDuty.server.url,
      source: 'PAGERDUTY_TOKEN',
    });
    const source = 'service-account-1, OCM_CLIENT_SECRET';
    expect(logins).toContainEqual({ system: 'ocm', url: ocm.server.url, source });
  });
});
