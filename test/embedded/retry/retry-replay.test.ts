import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-replay-'));
const file = (name: string): string => path.join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');

const policy = { multiplier: 2, jitter: 0.1, growth: 'exponential', spread: 'around' };
const header = {
  apiVersion: 'remedyctl.dev/v1',
  kind: 'RetryTrace',
  startedAt: '2026-08-22T00:00:00.000Z',
  program: 'remedyctl/0.1.0',
  policies: {
    creation: { ...policy, maxAttempts: 3, initialSeconds: 0.1, maxSeconds: 5 },
    lockContention: { ...policy, maxAttempts: 10, initialSeconds: 0.1, maxSeconds: 1 },
    statusUpdate: { ...policy, spread: 'above', initialSeconds: 0.01, maxSeconds: 0.275, withinSeconds: 30 },
  },
};

const steps = [
  ['check_deduplication', 'list remediationrequests.kubernaut.ai', 'creation'],
  ['acquire_lock', 'create leases.coordination.k8s.io', 'lockContention'],
  ['create_remediation_request', 'create remediationrequests.kubernaut.ai', 'creation'],
  ['update_status', 'update remediationrequests.kubernaut.ai', 'statusUpdate'],
  ['release_lock', 'delete leases.coordination.k8s.io', undefined],
] as const;

/** A day's operations, every hundredth creation of them retried once. */
function aDay(operations: number): string {
  const lines = [JSON.stringify(header)];
  const error = {
    type: 'service_unavailable',
    status: 503,
    reason: 'ServiceUnavailable',
    message: 'service unavailable',
  };
  for (let id = 1; id <= operations; id += 1) {
    const [operation, request, name] = steps[id % steps.length]!;
    const ok = { attempt: 1, request, atSeconds: 0, durationSeconds: 0.003, outcome: 'ok' };
    const failed = { ...ok, outcome: 'error', error, retryable: true, waitSeconds: 0.104 };
    const attempts = id % 500 === 2 ? [failed, { ...ok, attempt: 2, atSeconds: 0.107 }] : [ok];
    const startedAt = new Date(Date.parse(header.startedAt) + id * 432).toISOString();
    lines.push(
      JSON.stringify({
        ...{ id, operation, object: String(id).padStart(64, '0'), startedAt, attempts },
        ...(name === undefined ? {} : { policy: name }),
        ...{ result: 'ok', totalSeconds: 0.003 },
      }),
    );
  }
  return `${lines.join('\n')}\n`;
}

describe('retry replay of the built program', () => {
  it('replays a day of recorded traffic in seconds, in memory that does not grow with it', () => {
    writeFileSync(file('day.ndjson'), aDay(200_000));
    // what it spent of the processor: on a machine with other work the time on the wall says nothing
    const measured = `process.on('exit', () => { const { userCPUTime, systemCPUTime } = process.resourceUsage(); process.stderr.write(String((userCPUTime + systemCPUTime) / 1e6)); });`;
    writeFileSync(file('measure.cjs'), measured);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        ...['--max-old-space-size=48', '--require', file('measure.cjs'), program],
        ...['retry', 'replay', file('day.ndjson'), '-o', 'jsonl', '--show', 'differing'],
      ],
      { encoding: 'utf8', env: { HOME: folder, PATH: process.env['PATH'] ?? '' } },
    );
    expect({ status, stdout }).toMatchObject({ status: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ summary: { operations: 200_000, differing: 0, ok: 200_000 } });
    expect(Number(stderr)).toBeLessThan(10);
  });

  it('replays what signal ingest has recorded on the embedded store', async () => {
    const env = { HOME: folder };
    const target = ['--target', 'embedded', '--store', file('store')];
    const ingest = ['signal', 'ingest', 'examples/webhook.json', ...target, '--record', file('run.ndjson')];
    expect((await runProgram(ingest, { env })).exitCode).toBe(0);
    const text = readFileSync(file('run.ndjson'), 'utf8');
    expect(text).toContain('"request":"list remediationrequests.kubernaut.ai"');
    const { exitCode, stdout } = await runProgram(['retry', 'replay', file('run.ndjson'), '-o', 'json'], {
      env,
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ summary: { differing: 0 } });
    // killed in the middle of a line
    writeFileSync(file('cut.ndjson'), text.slice(0, -40));
    const cut = await runProgram(['retry', 'replay', file('cut.ndjson')], { env });
    expect(cut).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('the last line is cut off') as string,
    });
  });

  it('reads micro signs, and what comes by stdin', async () => {
    const input = `${JSON.stringify({ ...header, program: undefined })}\n${JSON.stringify({ operation: 'x', attempts: ['ok'] })}\n`;
    const { exitCode, stdout } = await runProgram(
      ['retry', 'replay', '-', '-o', 'json', '--initial', '50µs', '--outage', '0s..80µs'],
      { env: { HOME: folder }, input },
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ operations: [{ replayed: { tries: 3, result: 'ok' } }] });
  });
});
