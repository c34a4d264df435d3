/** Files that go away under the program: nothing that is gone is said to be done, and nothing more is done. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { faults } from '../../support/remote-systems/fault.ts';
import { alert, webhook } from '../../support/signals.ts';
import { PlanBench, planText, silencing } from '../plan-run/plan-file.ts';
import { program, startProgram } from '../plan-run/started-program.ts';

const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-removed-'));

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const ways: readonly (readonly [string, (folder: string) => void])[] = [
  [
    'removed',
    (folder) => {
      rmSync(folder, { recursive: true });
    },
  ],
  [
    'moved away',
    (folder) => {
      renameSync(folder, `${folder}-elsewhere`);
    },
  ],
  [
    'replaced',
    (folder) => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
    },
  ],
];

describe('a store whose folder goes in the middle of an ingest', () => {
  it.each(ways)('%s: exit code 1, and nothing is called created after it', async (name, take) => {
    const store = path.join(home, name.replaceAll(' ', '-'));
    const args = ['signal', 'ingest', '-', '--yes', '--skip-scope-check', '--store', store];
    const child = spawn(process.execPath, [program, ...args, '--target', 'embedded', '-o', 'jsonl'], {
      env: { PATH: process.env['PATH'] ?? '', HOME: home },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => undefined);
    const ended = new Promise((resolve) => child.once('close', resolve));
    const created = (): number => stdout.split('"outcome":"created"').length - 1;
    const feed = (service: string): void => void child.stdin.write(`${webhook([alert(service)])}\n`);
    for (const service of ['a', 'b', 'c']) feed(service);
    await expect.poll(created, { timeout: 60_000, interval: 20 }).toBe(3);
    take(store);
    for (const service of ['d', 'e', 'f']) feed(service);
    child.stdin.end();
    expect(await ended, stderr).toBe(1);
    expect(created()).toBe(3);
    expect(stderr).toContain('code: STORE_LOST');
    expect(stderr).not.toContain('Warning');
  });
});

describe('a journal that goes in the middle of a run', () => {
  it.each(ways)('%s: nothing more is sent, and it is said what was done', async (_name, take) => {
    const bench = await PlanBench.start();
    try {
      const file = await bench.write('plan.yaml', planText(silencing));
      bench.systems.pagerDuty.server.failOn('POST', faults['stall after the effect']);
      const env = { ...bench.env, REMEDYCTL_REMOTE_TIMEOUT: '3s' };
      const run = startProgram(['plan', 'run', file, '--yes'], env);
      await expect.poll(() => bench.systems.pagerDuty.notes.length, { timeout: 60_000 }).toBe(1);
      const before = bench.effects();
      take(bench.store);
      expect(await run.ended, run.text()).toBe(1);
      expect(bench.effects()).toEqual(before);
      expect(run.text()).toContain('STORE_LOST');
      const [, id = ''] = /^run (\S+) of plan/m.exec(run.text()) ?? [];
      expect(run.text()).toContain(`error: run ${id} was stopped`);
      expect(run.text()).toContain(
        'as far as it came: 0 limited_support: succeeded, 1 service_log: succeeded, 2 backplane_report: succeeded',
      );
      expect(run.text()).toContain('plan run would do again');
    } finally {
      await bench.stop();
    }
  });
});
