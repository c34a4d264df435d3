import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { outputOf } from '../../../src/cli/render/output.ts';
import { parseOutputFormat } from '../../../src/cli/render/output-format.ts';
import type { Session } from '../../../src/cli/session.ts';
import { printCases } from '../../../src/cli/signal-test/print-cases.ts';
import type { CaseResult } from '../../../src/signal-test/case-result.ts';
import { CommandLine } from '../cli/command-line.ts';
import { MemoryStream } from '../cli/memory-stream.ts';

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  vi.unstubAllEnvs();
  line.remove();
});

const examples = path.resolve(import.meta.dirname, '../../../examples');
const head = 'apiVersion: remedyctl.dev/v1\nkind: SignalTests\nnow: 2026-03-01T12:00:00Z\n';

const mixed = `${head}cases:
  - name: right
    alert: { labels: { alertname: A, namespace: shop, deployment: web } }
    expect: { outcome: wouldCreate } # stays
  - name: wrong \\e[31m
    alert: { labels: { alertname: A, namespace: shop, deployment: web } }
    expect:
      outcome: wouldDuplicate
      # the target
      target: Deployment/api
      decision: { reason: { matches: ^act } }
`.replace('wrong \\e[31m', '"wrong \\e[31m"');

function write(name: string, text: string): string {
  writeFileSync(path.join(line.home, name), text);
  return name;
}

describe('signal test', { timeout: 60_000 }, () => {
  it('passes the example', async () => {
    const { code, stdout, stderr } = await line.run([
      'signal',
      'test',
      path.join(examples, 'signal-tests.yaml'),
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('8 cases: 8 passed\n');
  });

  it.each([60, 80, 200])('shows what differs in %d columns, harmless and in its place', async (columns) => {
    const stdout = new MemoryStream();
    Object.assign(stdout, { isTTY: true, columns });
    const file = write('cases.yaml', mixed);
    const ran = await line.run(['signal', 'test', file, '--color', 'never'], { stdout });
    expect(ran.code).toBe(3);
    expect(ran.stdout).toMatchSnapshot();
  });

  it('counts cases while it runs them', async () => {
    const counts: string[] = [];
    const session = {
      runtime: {},
      output: outputOf(new MemoryStream()),
      render: { format: parseOutputFormat('json'), table: {} },
      progress: {
        start: () => undefined,
        update: (text: () => string) => counts.push(text()),
        stop: () => undefined,
      },
      notices: { say: () => undefined, warn: () => undefined },
    } as unknown as Session;
    const result: CaseResult = {
      file: 'cases.yaml',
      line: 4,
      name: 'right',
      outcome: 'passed',
      differences: [],
      durationSeconds: 0,
    };
    await printCases(session, Readable.from([result, result]), { each: () => undefined, works: false });
    expect(counts).toEqual(['1 case', '2 cases']);
  });

  it('prints one document as json, and a line a case as jsonl', async () => {
    const file = write('cases.yaml', mixed);
    const { code, stdout } = await line.run(['signal', 'test', file, '-o', 'json']);
    expect(code).toBe(3);
    const result = JSON.parse(stdout) as { items: { durationSeconds: unknown }[] };
    for (const item of result.items) item.durationSeconds = expect.any(Number);
    expect({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'SignalTestResult',
      items: [
        { file, line: 5, name: 'right', outcome: 'passed', differences: [], durationSeconds: 0.1 },
        {
          file,
          line: 8,
          name: 'wrong \u001b[31m',
          outcome: 'differs',
          differences: [
            { path: 'outcome', expected: 'wouldDuplicate', got: 'wouldCreate', line: 11, column: 7 },
            { path: 'target', expected: 'Deployment/api', got: 'Deployment/web', line: 13, column: 7 },
            { path: 'decision.reason', expected: { matches: '^act' }, got: 'none', line: 14, column: 19 },
          ],
          durationSeconds: 0.1,
        },
      ],
      summary: { total: 2, passed: 1, differs: 1, updated: 0, invalid: 0 },
    }).toEqual(result);
    const lines = (await line.run(['signal', 'test', file, '-o', 'jsonl'])).stdout.trim().split('\n');
    expect(lines).toHaveLength(3);
  });

  it('--update rewrites what differs, keeps comments, and the file passes then', async () => {
    const file = write('cases.yaml', mixed);
    const updated = await line.run(['signal', 'test', file, '--update']);
    expect(updated.code).toBe(0);
    expect(updated.stdout).toContain('2 cases: 1 passed, 1 updated\n');
    const text = readFileSync(path.join(line.home, file), 'utf8');
    expect(text).toContain('# stays');
    expect(text).toContain('# the target\n      target: Deployment/web');
    expect((await line.run(['signal', 'test', file])).code).toBe(0);
  });

  it.each(['', '    expect: {}\n', '    expect: { fields: {}, stages: {} }\n'])(
    '--update writes an expectation where there is none: %j',
    async (nothing) => {
      const bare = `${head}cases:\n  - name: a\n    alert: { labels: { alertname: A, pod: p } }\n${nothing}`;
      const file = write('cases.yaml', bare);
      expect((await line.run(['signal', 'test', file])).code).toBe(2);
      expect((await line.run(['signal', 'test', file, '--update'])).code).toBe(0);
      const text = readFileSync(path.join(line.home, file), 'utf8');
      expect(text).toMatch(
        /expect:\n\s+outcome: wouldCreate\n\s+fingerprint: [0-9a-f]{64}\n\s+target: Pod\/p\n\s+decision: none/,
      );
      expect((await line.run(['signal', 'test', file])).code).toBe(0);
    },
  );

  it('writes JUnit XML beside its output', async () => {
    const file = write('cases.yaml', mixed);
    expect((await line.run(['signal', 'test', file, '--junit', 'report.xml'])).code).toBe(3);
    const report = readFileSync(path.join(line.home, 'report.xml'), 'utf8');
    expect(report).toContain('<testsuites tests="2" failures="1" errors="0"');
    expect(report).toContain('name="wrong \\u001b[31m"');
  });

  it.each<[string, () => string[], number, RegExp]>([
    ['no files', () => [], 2, /which cases/],
    ['a file that is not there', () => ['gone.yaml'], 2, /gone\.yaml: no such file/],
    ['a glob without matches', () => ['*.yml'], 2, /no file matches/],
    [
      'an invalid file',
      () => [write('a.yaml', `${head}cases: [{ nme: x }]\n`)],
      2,
      /a\.yaml:4:11: cases\[0\]\.nme: unknown key; did you mean "name"\?/,
    ],
    [
      'a file that is no UTF-8',
      () => [(writeFileSync(path.join(line.home, 'u.yaml'), Buffer.from([0xff, 0x20])), 'u.yaml')],
      2,
      /no UTF-8/,
    ],
  ])('with %s exits with 2 and says why', async (_name, args, code, said) => {
    const ran = await line.run(['signal', 'test', ...args()]);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toMatch(said);
    expect(ran.stdout).toBe('');
  });

  it('a case that cannot be run is invalid, and the others still are run', async () => {
    const file = write(
      'cases.yaml',
      `${head}cases:
  - { name: a, signalFile: gone.json, expect: { outcome: skipped } }
  - { name: b, alert: { labels: { alertname: A } }, objects: [gone.yaml], expect: { outcome: skipped } }
  - { name: c, alert: { labels: { alertname: A } }, requests: [{ name: r }], expect: { outcome: skipped } }
  - { name: d, alert: { labels: { alertname: A } }, objects: [{ apiVersion: x/v1, kind: Odd, metadata: { name: o } }], expect: { outcome: skipped } }
  - { name: e, alert: { labels: { alertname: A } }, expect: { outcome: rejected } }
`,
    );
    const ran = await line.run(['signal', 'test', file]);
    expect(ran.code).toBe(2);
    expect(ran.stdout).toContain('5 cases: 1 passed, 4 invalid\n');
    expect(ran.stdout).toContain('gone.json: no such file or directory');
    expect(ran.stdout).toContain('request r needs a fingerprint');
  });

  it('leaves no store behind, and no case sees what another had', async () => {
    // of its own: other tests make and remove theirs meanwhile
    const own = path.join(line.home, 'tmp');
    mkdirSync(own);
    vi.stubEnv('TMPDIR', own);
    const alert = 'alert: { labels: { alertname: A, namespace: shop, deployment: web } }';
    const file = write(
      'cases.yaml',
      `${head}cases:
  - { name: a, ${alert}, requests: [{ name: rr-1, phase: Pending }], expect: { outcome: wouldDuplicate, request: rr-1 } }
  - { name: b, ${alert}, expect: { outcome: wouldCreate } }
  - name: c
    ${alert}
    lease: { holder: other, renewedAt: 2026-03-01T11:59:50Z }
    expect: { stages: { lease: warn }, fields: { '.stages[?(@.stage=="lease")].details.expiresAt': 2026-03-01T12:00:20.000000Z } }
`,
    );
    const ran = await line.run(['signal', 'test', file]);
    expect(ran.stdout).toContain('3 cases: 3 passed');
    expect(readdirSync(own)).toEqual([]);
    expect(readdirSync(line.home)).toEqual(['cases.yaml', 'tmp']);
  });

  it('runs 200 cases', async () => {
    const one = (n: number): string =>
      `  - { name: c${n}, alert: { labels: { alertname: A, namespace: shop, pod: p-${n} } }, objects: [{ apiVersion: v1, kind: Pod, metadata: { name: p-${n}, namespace: shop } }], requests: [{ name: r, phase: Pending }], expect: { outcome: wouldDuplicate } }\n`;
    const file = write(
      'cases.yaml',
      `${head}cases:\n${Array.from({ length: 200 }, (_, n) => one(n)).join('')}`,
    );
    const { stdout } = await line.run(['signal', 'test', file]);
    expect(stdout).toContain('200 cases: 200 passed');
  }, 60_000);

  it('--schema prints what editors check case files with', async () => {
    const { code, stdout } = await line.run(['signal', 'test', '--schema']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ $schema: expect.stringContaining('2020-12') as unknown });
  });
});
