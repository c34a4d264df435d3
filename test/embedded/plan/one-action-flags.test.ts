import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PlanPreview } from '../../../src/plan-run/preview.ts';
import { runProgram } from '../../support/built-program.ts';

const home = mkdtempSync(path.join(tmpdir(), 'one-action-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const env = {
  HOME: home,
  REMEDYCTL_BACKPLANE_URL: 'https://bp.example.com',
  OCM_TOKEN: 'ocm-secret-91bc',
};

async function preview(args: readonly string[]): Promise<PlanPreview> {
  const { exitCode, stdout, stderr } = await runProgram([...args, '--dry-run', '-o', 'json'], { env });
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout) as PlanPreview;
}

const cluster = ['--cluster-id', 'c1', '--summary', 'chgm'];

describe('the flags of one action', () => {
  it('put the time before the summary of a report', async () => {
    const plain = await preview(['backplane', 'report', ...cluster, '--data', 'd']);
    const timed = await preview(['backplane', 'report', ...cluster, '--data', 'd', '--timestamped']);
    const summaries = [plain, timed].map(({ actions }) => actions[0]?.requests.at(-1)?.body?.['summary']);
    expect(summaries).toStrictEqual(['chgm', '<at run> : chgm']);
  });

  it('keep the reason of a service log with its plan and send it nowhere', async () => {
    const log = ['ocm', 'service-log', ...cluster, '--external-id', 'e1', '--severity', 'Info'];
    const plain = await preview(log);
    const reasoned = await preview([...log, '--reason', 'asked for on the phone']);
    expect(reasoned.plan.hash).not.toBe(plain.plan.hash);
    expect(reasoned.actions).toStrictEqual(plain.actions);
  });
});
