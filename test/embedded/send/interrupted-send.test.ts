import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SendItem } from '../../../src/send/send-item.ts';
import { alertOf, webhookText } from '../../support/gateway-objects.ts';
import { openSendBench, type SendBench } from '../../support/send-bench.ts';

const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');
const patience = { timeout: 60_000, interval: 20 };

let bench: SendBench;
let release: () => void;

beforeEach(async () => {
  bench = await openSendBench({ writeTimeoutMs: 60_000 });
  bench.gateway.hold = new Promise((resolve) => {
    release = resolve;
  });
});

afterEach(async () => {
  release();
  await bench.close();
});

interface Stopped {
  exitCode: number | null;
  items: SendItem[];
  stderr: string;
}

/** Sends two signals one after the other, and Ctrl-C while the gateway works on the first; `then` when that was heard. */
async function interrupted(then: () => void): Promise<Stopped> {
  const names = ['payment-api', 'checkout'];
  const alerts = names.map((deployment) => alertOf({ namespace: 'prod', deployment }));
  const words = ['signal', 'send', bench.file('alerts.json', webhookText(alerts)), '-o', 'json'];
  const named = ['--gateway', bench.gateway.url, '--token-file', path.join(bench.line.home, 'token')];
  const child = spawn(process.execPath, [program, ...words, ...named, '--concurrency', '1'], {
    env: { ...bench.line.env, HOME: bench.line.home, PATH: process.env['PATH'] ?? '' },
  });
  const heard = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (heard.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (heard.stderr += text));
  const closed = once(child, 'close');
  await vi.waitFor(() => {
    expect(bench.gateway.seen).toHaveLength(1);
  }, patience);
  child.kill('SIGINT');
  then();
  const [exitCode] = (await closed) as [number | null];
  const { items } = JSON.parse(heard.stdout || '{"items":[]}') as { items: SendItem[] };
  return { exitCode, items, stderr: heard.stderr };
}

function outcomes(items: readonly SendItem[]): string[] {
  return items.map(({ outcome }) => outcome);
}

describe('signal send, stopped by Ctrl-C while a request is under way', () => {
  it('lets the gateway answer, says what became of it, and sends nothing more', async () => {
    const { exitCode, items, stderr } = await interrupted(() => {
      release();
    });
    expect(outcomes(items), stderr).toEqual(['created', 'notRun']);
    expect(items[0]?.deduplication).toMatchObject({ occurrenceCount: 1, persisted: true });
    expect(bench.gateway.seen).toHaveLength(1);
    expect(exitCode).toBe(130);
  });

  it('where no answer comes: unknown, once the time for it is over', async () => {
    const { exitCode, items, stderr } = await interrupted(() => undefined);
    expect(outcomes(items), stderr).toEqual(['unknown', 'notRun']);
    expect(items[0]?.reason).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringContaining('stopped before the gateway answered') as string,
    });
    expect(bench.gateway.seen).toHaveLength(1);
    expect(exitCode).toBe(130);
  });

  it('where the gateway has done it and its answer is lost: what the cluster says', async () => {
    bench.gateway.next.push('cut');
    const { exitCode, items, stderr } = await interrupted(() => {
      release();
    });
    expect(outcomes(items), stderr).toEqual(['created', 'notRun']);
    expect(items[0]?.warnings?.map(({ code }) => code)).toContain('OUTCOME_LOOKED_UP');
    expect(exitCode).toBe(130);
  });
});
