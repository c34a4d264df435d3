import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../cli/command-line.ts';
import type { Ran } from '../cli/command-line.ts';

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  line.remove();
});

const head = { apiVersion: 'remedyctl.dev/v1', kind: 'RetryTrace' };
const unavailable = { error: { status: 503, reason: 'ServiceUnavailable', message: 'service unavailable' } };
const created = (...attempts: unknown[]): object => ({ operation: 'create_remediation_request', attempts });
const lines = (...values: object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

async function replay(text: string, ...flags: string[]): Promise<Ran> {
  writeFileSync(path.join(line.home, 'trace'), text);
  return line.run(['retry', 'replay', 'trace', ...flags]);
}

interface Document {
  operations: { storm?: { total: number } }[];
  summary: object;
}

async function replayed(text: string, ...flags: string[]): Promise<Document> {
  const { stdout } = await replay(text, ...flags, '-o', 'json');
  return JSON.parse(stdout) as Document;
}

describe('the answer of retry replay', () => {
  const forbidden = { error: { status: 403, reason: 'Forbidden', message: 'no' } };
  const many = (count: number, ...attempts: unknown[]): object[] =>
    Array.from({ length: count }, () => created(...attempts));
  const twenty = lines(
    head,
    ...many(12, 'ok'),
    ...many(2, unavailable, unavailable, unavailable),
    ...many(6, forbidden),
  );
  const answerOf = async (text: string, ...flags: string[]): Promise<string> => {
    const { stdout } = await replay(text, '--show', 'summary', ...flags);
    return stdout.slice(0, stdout.indexOf('\n\n'));
  };

  it('comes first, in signals, and says where more attempts do not help', async () => {
    expect(await answerOf(twenty, '--max-attempts', '6', '--then', 'ok')).toBe(
      'Of 20 signals 14 would have been created instead of 12; 6 ended in an error that is not retried (403 forbidden).\n' +
        'More attempts do not help the 6 with an error that is not retried.',
    );
    expect(await answerOf(twenty)).toContain('Of 20 signals 12 were created; 6 ended in an error');
  });

  it('says that a trace which ends with a failure cannot tell what came then', async () => {
    const answer = await answerOf(twenty, '--max-attempts', '6');
    expect(answer).toContain('12 would have been created, as recorded');
    expect(answer).toContain('2 used up their attempts (503 service_unavailable)');
    expect(answer).toContain('the last outcome of the 2 is repeated. --then ok or --outage');
  });

  it('lists only what differs under other settings, and everything where nothing was changed', async () => {
    const changed = await replay(twenty, '--max-attempts', '6', '--then', 'ok');
    expect(changed.stdout.match(/^#\d+/gm)).toEqual(['#13', '#14']);
    expect(changed.stdout).toContain('18 operations did not differ: --show all lists all');
    expect((await replay(twenty)).stdout.match(/^#\d+/gm)).toHaveLength(20);
    const { operations } = await replayed(twenty, '--max-attempts', '6', '--then', 'ok');
    expect(operations).toHaveLength(20);
  });

  it('retries the actions of a plan as plan run does: every 5xx, and by no text', async () => {
    const action = (error: unknown): object => ({
      operation: 'service_log',
      policy: 'plan',
      attempts: [{ error }],
    });
    const { stdout } = await replay(
      lines(head, action({ status: 500 }), action('too many requests')),
      '--then',
      'ok',
    );
    expect(stdout).toContain('Of 2 operations 1 would have ended well and 1 with an error');
    expect(stdout.match(/^#\d+/gm)).toEqual(['#1']);
  });

  it('follows a signal through its steps, and its fingerprint from signal to signal', async () => {
    const recorded = { ...head, program: 'remedyctl/0.1.0' };
    const step = (operation: string, object: string, request: string, rest: object = {}): object => ({
      operation,
      object,
      policy: operation === 'update_status' ? 'status' : 'creation',
      attempts: [{ request, atSeconds: 0, outcome: 'ok' }],
      result: 'ok',
      ...rest,
    });
    const failed = {
      attempts: [{ request: 'list r', atSeconds: 0, outcome: 'error', error: { status: 503 } }],
      result: 'error',
    };
    const text = lines(
      recorded,
      // created and counted twice more in one write
      step('check_deduplication', 'a', 'list r'),
      step('create_remediation_request', 'a', 'create r'),
      step('update_status', 'a', 'update r', { signals: 0 }),
      step('update_status', 'a', 'patch r', { signals: 2 }),
      // ended at its look-up
      step('check_deduplication', 'b', 'list r', failed),
    );
    expect((await replayed(text)).summary).toMatchObject({
      signals: { total: 4, recorded: { created: 1, duplicate: 2, failed: 1 } },
    });
    expect((await replayed(text, '--then', 'ok')).summary).toMatchObject({
      signals: { total: 4, replayed: { created: 1, duplicate: 2, failed: 0, open: 1 } },
    });
    // the whole time: no request is made, so nothing can be counted on it
    expect((await replayed(text, '--outage', '0s..1h=403')).summary).toMatchObject({
      signals: { total: 4, replayed: { created: 0, duplicate: 0, failed: 4, open: 0 } },
    });
  });

  it.each(['all', 'differing', 'summary'])('keeps storm and distribution with --show %s', async (show) => {
    const text = lines(head, created('ok'));
    const storm = await replay(text, '--clients', '200', '--show', show);
    expect(storm.stdout).toContain('200 clients at once send at most 200 requests in 100ms (#1).');
    expect(storm.stdout).toContain('200 clients: 200 requests from 0s to 0s');
    const { operations } = await replayed(text, '--clients', '200', '--show', show);
    expect(operations[0]!.storm?.total).toBe(200);
    const runs = await replay(text, '--runs', '20', '--show', show);
    expect(runs.stdout).toContain('20 runs: 100 % ok');
    expect(runs.stdout).toContain('In 20 runs each 1 operation always ended well, 0 sometimes, 0 never.');
  });
});
