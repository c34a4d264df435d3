import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';
import { recordedDay, recordedHeader } from '../../support/recorded-day.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-replay-'));
const file = (name: string): string => path.join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');

describe('retry replay of the built program', () => {
  it('replays a day of recorded traffic in memory that does not grow with it', () => {
    writeFileSync(file('day.ndjson'), recordedDay(200_000));
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        ...['--max-old-space-size=48', program],
        ...['retry', 'replay', file('day.ndjson'), '-o', 'jsonl', '--show', 'differing'],
      ],
      { encoding: 'utf8', env: { HOME: folder, PATH: process.env['PATH'] ?? '' } },
    );
    expect({ status, stdout }).toMatchObject({ status: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ summary: { operations: 200_000, differing: 0, ok: 200_000 } });
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
    const input = `${JSON.stringify({ ...recordedHeader, program: undefined })}\n${JSON.stringify({ operation: 'x', attempts: ['ok'] })}\n`;
    const { exitCode, stdout } = await runProgram(
      ['retry', 'replay', '-', '-o', 'json', '--initial', '50µs', '--outage', '0s..80µs'],
      { env: { HOME: folder }, input },
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ operations: [{ replayed: { tries: 3, result: 'ok' } }] });
  });
});
