import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../cli/command-line.ts';
import type { Ran } from '../cli/command-line.ts';
import { MemoryStream } from '../cli/memory-stream.ts';

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

function write(name: string, text: string): string {
  const file = path.join(line.home, name);
  writeFileSync(file, text);
  return name;
}

const lines = (...values: object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const replay = (text: string, ...flags: string[]): Promise<Ran> =>
  line.run(['retry', 'replay', write('trace', text), ...flags]);

async function replayed(text: string, ...flags: string[]): Promise<Document> {
  const { code, stdout, stderr } = await replay(text, ...flags, '-o', 'json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Document;
}

interface Side {
  attempts: {
    atSeconds: number;
    outcome: string;
    request?: string;
    waitSeconds?: number;
    waitReason?: string;
  }[];
  tries: number;
  result: string;
  error?: { message: string };
  totalSeconds: number;
  endedBy?: string;
}
interface Document {
  kind: string;
  operations: {
    id: number | string;
    recorded: Side;
    replayed: Side;
    differs: boolean;
    distribution?: { runs: number; successShare: number; histogram: { runs: number }[] };
    storm?: { requests: { atSeconds: number; requests: number }[]; total: number; peak: number };
  }[];
  summary: { operations: number; differing: number };
}

describe('retry replay', () => {
  it('has the document that docs/machine-output.md describes', async () => {
    const document = await replayed(
      lines(head, created({ ...unavailable, retryAfterSeconds: 2 }, 'ok')),
      '--jitter=0',
    );
    const attempts = [
      {
        attempt: 1,
        atSeconds: 0,
        outcome: 'error',
        error: {
          type: 'service_unavailable',
          status: 503,
          reason: 'ServiceUnavailable',
          message: 'service unavailable',
        },
        retryable: true,
        classifiedBy: 'status',
        retryAfterSeconds: 2,
        waitSeconds: 2,
        waitReason: 'retryAfter',
      },
      { attempt: 2, atSeconds: 2, outcome: 'ok' },
    ];
    const side = { attempts, tries: 2, result: 'ok', totalSeconds: 2, observerCalls: [0] };
    expect(document).toEqual({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'RetryReplay',
      seed: 1,
      operations: [
        {
          id: 1,
          operation: 'create_remediation_request',
          policy: {
            kind: 'exponential',
            maxAttempts: 3,
            initial: '100ms',
            max: '5s',
            multiplier: 2,
            jitter: 0,
          },
          recorded: side,
          replayed: side,
          differs: false,
        },
      ],
      summary: {
        operations: 1,
        differing: 0,
        ok: 1,
        error: 0,
        requests: 2,
        totalSeconds: 2,
        signals: {
          total: 1,
          recorded: { created: 1, duplicate: 0, failed: 0 },
          replayed: { created: 1, duplicate: 0, failed: 0, open: 0 },
          failures: [],
        },
        expectations: [],
      },
    });
  });

  it('is the same for the same seed, and another for another one', async () => {
    const text = lines(head, created(unavailable, unavailable, 'ok'));
    const runs = await Promise.all(['7', '7', '8'].map((seed) => replayed(text, '--seed', seed)));
    const waits = runs.map(({ operations }) => operations[0]!.replayed.totalSeconds);
    expect(waits[0]).toBe(waits[1]);
    expect(waits[0]).not.toBe(waits[2]);
  });

  it('replays what an ingest recorded, both in the working directory of the command', async () => {
    const webhook = path.resolve(import.meta.dirname, '../../../examples/webhook.json');
    const ingest = ['signal', 'ingest', webhook, '--target', 'embedded', '--record', 'run.ndjson'];
    expect((await line.run(ingest)).code).toBe(0);
    expect(statSync(path.join(line.home, 'run.ndjson')).isFile()).toBe(true);
    const { code, stdout } = await line.run(['retry', 'replay', 'run.ndjson', '-o', 'json']);
    expect({ code, summary: (JSON.parse(stdout) as Document).summary }).toMatchObject({
      code: 0,
      summary: { differing: 0 },
    });
  });

  it('finds no difference where the policy is the same, whatever stands before', async () => {
    const recorded = { operation: 'list', attempts: ['ok'], result: 'ok' };
    const lease = [
      { atSeconds: 0, state: 'held' },
      { atSeconds: 0.72, state: 'free' },
    ];
    const locks = Array.from({ length: 60 }, () => ({ operation: 'acquire_lock', object: 'fp', lease }));
    const { summary } = await replayed(lines(head, recorded, ...locks), '--policy', 'lock');
    expect(summary).toMatchObject({ operations: 61, differing: 0 });
  });

  it('gives an operation the same waits, whatever else is in the trace', async () => {
    const [a, b] = ['a', 'b'].map((id) => ({ id, ...created(unavailable, unavailable, 'ok') }));
    const waitsOf = async (trace: string): Promise<unknown> => {
      const { operations } = await replayed(trace, '--seed', '7');
      return operations.find(({ id }) => id === 'b')!.replayed.attempts.map(({ waitSeconds }) => waitSeconds);
    };
    const alone = await waitsOf(lines(head, b!));
    expect(await waitsOf(lines(head, a!, b!))).toEqual(alone);
    expect(await waitsOf(lines(head, { ...a!, id: 'b' }, { ...b!, id: 'a' }))).toEqual(alone);
    const { operations } = await replayed(lines(head, a!, b!), '--seed', '7');
    expect(operations[0]!.replayed.totalSeconds).not.toBe(operations[1]!.replayed.totalSeconds);
  });

  it.each([
    ['repeat', 'error'],
    ['ok', 'ok'],
    ['error=403', 'error'],
    ['error=ECONNRESET', 'error'],
  ])('goes on after the recorded outcomes with %s', async (then, result) => {
    const { operations } = await replayed(lines(head, created(unavailable)), '--then', then);
    expect(operations[0]!.replayed).toMatchObject({
      result,
      tries: then === 'error=403' || then === 'ok' ? 2 : 3,
    });
  });

  it('runs a schedule of ten hours in no time', async () => {
    const policy = 'kind=constant,initial=1s,max=1s,maxAttempts=36001,jitter=0';
    const text = lines(head, created(unavailable));
    const trace = write('trace', text);
    await line.run(['retry', 'replay', trace]);
    const { stdout } = await line.run([
      'retry',
      'replay',
      trace,
      '--policy',
      'kind=constant,initial=5m,max=5m,maxAttempts=121,jitter=0',
      '-o',
      'json',
    ]);
    expect((JSON.parse(stdout) as Document).operations[0]!.replayed).toMatchObject({
      tries: 121,
      totalSeconds: 36_000,
    });
    const { operations } = await replayed(text, '--policy', policy);
    expect(operations[0]!.replayed).toMatchObject({ tries: 36_001, totalSeconds: 36_000 });
  });

  it('lets the server fail in an outage, by the time of the trace', async () => {
    const text = lines(
      { ...head, startedAt: '2026-08-22T12:00:00Z' },
      { ...created('ok'), startedAt: '2026-08-22T12:00:00Z' },
      { ...created('ok'), startedAt: '2026-08-22T12:00:03.500Z' },
    );
    const { operations } = await replayed(
      text,
      '--outage',
      '3s..3.55s=429',
      '--latency',
      '10ms',
      '--jitter',
      '0',
    );
    expect(operations.map(({ replayed: side }) => side.tries)).toEqual([1, 2]);
    expect(operations[1]!.replayed.totalSeconds).toBe(0.12);
    expect(operations[1]!.differs).toBe(true);
  });

  it('reads outages and policies from files', async () => {
    write('outage.yaml', 'latency: 20ms\noutages:\n  - {from: 0s, to: 1s, status: 429, retryAfter: 1s}\n');
    write('policy.yaml', 'kind: quadratic\nmaxAttempts: 2\ninitial: 10ms\nmax: none\njitter: 0\n');
    const { operations } = await replayed(
      lines(head, created('ok')),
      '--outage',
      'outage.yaml',
      '--policy',
      'policy.yaml',
    );
    expect(operations[0]!.replayed).toMatchObject({
      result: 'ok',
      tries: 2,
      totalSeconds: 1.04,
      attempts: [{ waitSeconds: 1, waitReason: 'retryAfter' }, {}],
    });
  });

  it('shows the distribution that jitter makes', async () => {
    const text = lines(head, created('ok'));
    const { operations } = await replayed(
      text,
      '--outage',
      '0s..300ms',
      '--max-attempts',
      '3',
      '--runs',
      '2500',
    );
    const { distribution } = operations[0]!;
    expect(distribution?.runs).toBe(2_500);
    expect(distribution?.successShare).toBeGreaterThan(0.3);
    expect(distribution?.successShare).toBeLessThan(0.7);
    expect(distribution?.histogram.reduce((sum, { runs }) => sum + runs, 0)).toBe(2_500);
  });

  it('shows what jitter does to a storm', async () => {
    const text = lines(head, created('ok'));
    const storm = async (jitter: string): Promise<number[]> => {
      const flags = ['--outage', '0s..4s', '--max-attempts', '8', '--clients', '400', '--jitter', jitter];
      const { operations } = await replayed(text, ...flags);
      if (jitter === '0')
        expect(operations[0]!.storm?.total).toBe(400 * operations[0]!.replayed.attempts.length);
      return operations[0]!.storm!.requests.slice(1).map(({ requests }) => requests);
    };
    expect(Math.max(...(await storm('0')))).toBe(400);
    expect(Math.max(...(await storm('0.5')).slice(3))).toBeLessThan(200);
  });

  it.each([
    ['ok', 0],
    ['error', 3],
    ['attempts=2', 0],
    ['attempts=3', 3],
    ['requests<=2', 0],
    ['total<1s', 0],
    ['total<50ms', 3],
  ])('exits by what is expected: %s', async (expected, code) => {
    const ran = await replay(lines(head, created(unavailable, 'ok')), '--expect', expected);
    expect(ran.code).toBe(code);
    expect(ran.stdout).toContain(`expected ${expected}: ${code === 0 ? 'holds' : 'does not hold'}`);
  });

  it('waits for a lock as long as somebody holds it, and looks for a request after each wait', async () => {
    const lock = (rest: object): object => ({ operation: 'acquire_lock', object: 'fp', ...rest });
    const held = [{ atSeconds: 0, state: 'held' }];
    const { operations } = await replayed(
      lines(
        head,
        lock({ lease: held }),
        lock({ lease: [...held, { atSeconds: 1, state: 'free' }] }),
        lock({ lease: [...held, { atSeconds: 1, state: 'expired' }] }),
        lock({ lease: held, requestAtSeconds: 1 }),
      ),
    );
    const [forever, freed, expired, needless] = operations.map(({ replayed: side }) => side);
    expect(forever).toMatchObject({
      result: 'error',
      tries: 10,
      error: { message: 'lock acquisition timeout after 10 attempts (fingerprint: fp)' },
    });
    const asked = forever!.attempts.map(({ request }) => request?.split(' ')[0]);
    expect(asked.filter((verb) => verb === 'list')).toHaveLength(9);
    expect(freed).toMatchObject({ result: 'ok', tries: 5 });
    expect(expired!.attempts.at(-1)?.request).toMatch(/^update leases/);
    expect(needless).toMatchObject({ result: 'ok', endedBy: 'requestFound', tries: 4 });
  });

  it.each([
    [3, 'ok', 4],
    [4, 'error', 4],
  ])('writes a status over %i conflicts: %s', async (conflicts, result, tries) => {
    const attempts = [...Array.from({ length: conflicts }, () => ({ error: { status: 409 } })), 'ok'];
    const { operations } = await replayed(lines(head, { operation: 'update_status', attempts }));
    expect(operations[0]!.replayed).toMatchObject({ result, tries });
  });

  it.each([60, 80, 200])('has a timeline that fits %i columns', async (columns) => {
    const text = lines(
      head,
      {
        ...created(unavailable, { error: 'dial tcp 10.0.0.1:443: connect: connection refused' }),
        object: 'a\u001b[31m',
      },
      {
        operation: 'acquire_lock',
        object: 'fp',
        lease: [
          { atSeconds: 0, state: 'held' },
          { atSeconds: 0.05, state: 'free' },
        ],
      },
    );
    for (const [charset, LANG] of [
      ['UTF-8', 'C.UTF-8'],
      ['ASCII', 'C'],
    ] as const) {
      const stdout = Object.assign(new MemoryStream(), { isTTY: true, columns });
      line.env = { LANG, NO_COLOR: '1' };
      const flags = ['--outage', '0s..600ms', '--max-attempts', '4', '--latency', '5ms', '--runs', '50'];
      const ran = await line.run(['retry', 'replay', write('trace', text), ...flags], { stdout });
      expect(ran.code).toBe(0);
      expect(stdout.text).toMatchSnapshot(`${charset} at ${columns}`);
      if (charset === 'ASCII') expect(stdout.text).not.toMatch(/[^\n\x20-\x7e]/);
    }
  });
});

describe('retry schedule', () => {
  it.each([60, 80, 200])('has a table and a chart that fit %i columns', async (columns) => {
    for (const [charset, LANG] of [
      ['UTF-8', 'C.UTF-8'],
      ['ASCII', 'C'],
    ] as const) {
      for (const words of [['lock'], ['creation', 'lock', 'status', 'plan']]) {
        const stdout = Object.assign(new MemoryStream(), { isTTY: true, columns });
        line.env = { LANG, NO_COLOR: '1' };
        await line.run(['retry', 'schedule', ...words], { stdout });
        expect(stdout.text).toMatchSnapshot(`${words.join(' ')}, ${charset} at ${columns}`);
        for (const row of stdout.text.split('\n')) expect(row.length).toBeLessThanOrEqual(columns);
      }
    }
  });

  it('has the document that docs/machine-output.md describes', async () => {
    const { stdout } = await line.run(['retry', 'schedule', '-o', 'json', '--max-attempts', '2']);
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'RetrySchedule',
      policy: {
        name: 'creation',
        kind: 'exponential',
        maxAttempts: 2,
        initial: '100ms',
        max: '5s',
        multiplier: 2,
        jitter: 0.1,
      },
      attempts: [
        {
          attempt: 1,
          startsAtSeconds: { min: 0, nominal: 0, max: 0 },
          waitSeconds: { min: 0.1, nominal: 0.1, max: 0.11 },
        },
        { attempt: 2, startsAtSeconds: { min: 0.1, nominal: 0.1, max: 0.11 } },
      ],
      totalSeconds: { min: 0.1, nominal: 0.1, max: 0.11 },
    });
  });

  it('says what signal ingest would not take, and shows it all the same', async () => {
    const { code, stderr } = await line.run(['retry', 'schedule', 'creation', '--max-attempts', '11']);
    expect(code).toBe(0);
    expect(stderr).toContain('maxAttempts must be at most 10, not 11');
  });

  it('writes its chart as SVG for its owner alone, and never over a file', async () => {
    write('p.yaml', 'policies:\n  "a<b>&\\"c": {maxAttempts: 4}\n');
    const draw = (...flags: string[]): Promise<Ran> =>
      line.run(['retry', 'schedule', 'p.yaml', '--svg', 'waits.svg', ...flags]);
    expect((await draw()).code).toBe(0);
    const svg = readFileSync(path.join(line.home, 'waits.svg'), 'utf8');
    expect(svg).toContain('a&lt;b&gt;&amp;&quot;c');
    expect(svg).not.toContain('a<b>');
    expect(svg).toMatchSnapshot('the chart as SVG');
    expect(statSync(path.join(line.home, 'waits.svg')).mode & 0o777).toBe(0o600);
    const again = await draw();
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('exists already');
    expect((await draw('--force')).code).toBe(0);
  });

  it.each([
    [['--initial', '9s'], 'initial (9000 ms) must not exceed max (5000 ms)'],
    [['--max-attempts', '0'], 'maxAttempts must be a whole number of at least 1'],
    [['kind=constant,jitter=2'], 'jitter must be between 0 and 1'],
    [['craetion'], 'there is no policy "craetion"'],
    [['creation,initial=5'], 'initial must be a duration such as 500ms or 1m30s, not "5"'],
  ])('refuses a policy that contradicts itself: %j', async (words, message) => {
    const { code, stderr } = await line.run(['retry', 'schedule', ...words]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('retry schema', () => {
  it.each(['trace', 'trace-header', 'trace-operation', 'policy', 'outage'])('prints %s', async (name) => {
    const { code, stdout } = await line.run(['retry', 'schema', name]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
  });
});
