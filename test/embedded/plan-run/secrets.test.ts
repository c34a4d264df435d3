import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { faults } from '../../support/remote-systems/fault.ts';
import { pagerDutyToken } from '../../support/remote-systems/fake-pagerduty.ts';
import { ocmClientSecret, offlineToken } from '../../support/remote-systems/fake-sso.ts';
import { PlanBench, planText, silencing } from './plan-file.ts';

/** Every file below a folder, as bytes. */
async function everyFile(folder: string): Promise<{ name: string; bytes: Buffer }[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    names
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const name = path.join(entry.parentPath, entry.name);
        return { name, bytes: await readFile(name) };
      }),
  );
}

it('writes no credential anywhere: output, journal, metrics, preview, errors', async () => {
  const bench = await PlanBench.start();
  onTestFinished(() => bench.stop());
  const { ocm, pagerDuty, backplane, sso } = bench.systems;
  ocm.server.failOn('POST', faults['502 HTML page'], 2);
  backplane.server.failOn('POST', { kind: 'status', status: 403 });
  pagerDuty.server.failOn('POST', {
    kind: 'status',
    status: 400,
    body: { error: { code: 2001, message: `bad key ${pagerDutyToken}` } },
  });
  sso.server.failOn('POST', faults['503']);
  const file = await bench.write('plan.yaml', planText(silencing));
  const metrics = path.join(bench.folder, 'cad.prom');
  const said: string[] = [];
  for (const args of [
    ['plan', 'show', file, '-o', 'json'],
    ['plan', 'run', file, '--yes', '-v', '-o', 'json', '--metrics-file', metrics],
    ['plan', 'run', file, '--yes', '-v'],
    ['plan', 'status', '-o', 'json'],
  ]) {
    const { stdout, stderr } = await bench.run(...args);
    said.push(stdout, stderr);
  }
  bench.env['OCM_CLIENT_SECRET'] = 'wrong-secret-4711';
  const refused = await bench.run('plan', 'run', file, '--yes', '--again', '-v');
  said.push(refused.stdout, refused.stderr);

  expect(sso.granted.length).toBeGreaterThan(0);
  const basic = Buffer.from(`service-account-1:${ocmClientSecret}`).toString('base64');
  const secrets = [pagerDutyToken, ocmClientSecret, offlineToken, basic, 'wrong-secret-4711', ...sso.granted];
  const files = (await everyFile(bench.folder)).map(
    ({ name, bytes }) => [name, bytes.toString('latin1')] as const,
  );
  expect(files.map(([name]) => path.basename(name))).toContain('journal.db');
  for (const [name, text] of [...files, ...said.map((text) => ['output', text] as const)]) {
    for (const secret of secrets) expect(text.includes(secret), `${name} holds ${secret}`).toBe(false);
  }
}, 60_000);
