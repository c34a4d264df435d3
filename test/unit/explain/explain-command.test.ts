import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../cli/command-line.ts';
import { MemoryStream } from '../cli/memory-stream.ts';

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  line.remove();
});

const now = ['--now', '2026-03-01T12:00:00Z', '--target', 'embedded'];

function alert(labels: Record<string, string>): string {
  const startsAt = '2026-03-01T11:58:30Z';
  return JSON.stringify({ version: '4', alerts: [{ status: 'firing', labels, startsAt }] });
}

const web = { alertname: 'Slow', namespace: 'shop', deployment: 'web', severity: 'warning' };

async function importRequests(): Promise<void> {
  const { stdout } = await line.run(['signal', 'normalize', '-', '-o', 'json', ...now], {
    stdin: alert(web),
  });
  const { items } = JSON.parse(stdout) as { items: { signal: { fingerprint: string } }[] };
  const list = (name: string, status: object) => ({
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: {
      name,
      namespace: 'kubernaut-system',
      uid: `uid-of-${name}`,
      creationTimestamp: '2026-03-01T11:00:00Z',
    },
    spec: { signalFingerprint: items[0]?.signal.fingerprint },
    status,
  });
  const objects = [
    list('rr-b\u001b[31mad', { overallPhase: 'Completed' }),
    list('rr-wait', {
      overallPhase: 'Failed',
      routingStatus: { nextAllowedExecution: '2026-03-01T12:03:10Z' },
    }),
  ];
  const { code, stderr } = await line.run(['store', 'import', '-', '--target', 'embedded'], {
    stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  });
  if (code !== 0) throw new Error(stderr);
}

async function atWidth(columns: number): Promise<string> {
  await importRequests();
  const stdout = new MemoryStream();
  Object.assign(stdout, { isTTY: true, columns });
  const labels = { ...web, pod: 'web-1', job: 'kube-state-metrics' };
  const ran = await line.run(['signal', 'explain', '-', '--color', 'never', ...now], {
    stdin: alert(labels),
    stdout,
  });
  expect(ran.code).toBe(0);
  return ran.stdout;
}

describe('signal explain', { timeout: 60_000 }, () => {
  it.each([60, 80, 200])('in %d columns stands still', async (columns) => {
    const text = await atWidth(columns);
    expect(text).toMatchSnapshot();
    // Words stay whole, to be copied; everything else is broken.
    const tooLong = text.split('\n').filter((one) => one.length > columns && /\S\s+\S/.test(one.trim()));
    expect(tooLong.filter((one) => !one.includes('remedyctl signal ingest'))).toEqual([]);
  });

  it('shows nothing that could move a terminal', async () => {
    const text = await atWidth(80);
    expect(text).toContain('rr-b\\x1b[31mad');

    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('gives one SignalExplanation for one signal', async () => {
    await importRequests();
    const { code, stdout } = await line.run(['signal', 'explain', '-', '-o', 'json', ...now], {
      stdin: alert(web),
    });
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect({ ...document, target: 'store' }).toMatchSnapshot();
  });

  it('gives a SignalExplanationList for several, and the bare items with a summary as jsonl', async () => {
    writeFileSync(path.join(line.home, 'a.ndjson'), `${alert(web)}\n${alert({ alertname: 'None' })}\n`);
    const asList = await line.run(['signal', 'explain', 'a.ndjson', '-o', 'json', ...now]);
    const list = JSON.parse(asList.stdout) as { kind: string; items: { outcome: string }[]; summary: object };
    expect(list.kind).toBe('SignalExplanationList');
    expect(list.items.map(({ outcome }) => outcome)).toEqual(['wouldCreate', 'rejected']);
    expect(asList.code).toBe(4);
    const asLines = await line.run(['signal', 'explain', 'a.ndjson', '-o', 'jsonl', ...now]);
    const lines = asLines.stdout
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one) as Record<string, unknown>);
    expect(lines).toHaveLength(3);
    expect(lines[2]).toEqual({ summary: list.summary });
  });

  it.each<[string, string, string[], number]>([
    ['a signal that would be taken', alert(web), [], 0],
    ['a signal without a target', alert({ alertname: 'A' }), [], 2],
    [
      'a stale signal that is refused',
      alert(web).replace('2026-03-01T11', '2026-03-02T11'),
      ['--enforce-freshness'],
      2,
    ],
    ['what is no signal', '{"a":1}', [], 2],
    ['nothing', '', [], 2],
  ])('exits with its code for %s', async (_name, stdin, flags, code) => {
    expect((await line.run(['signal', 'explain', '-', ...flags, ...now], { stdin })).code).toBe(code);
  });

  it('starts at the fingerprint, by a unique prefix of one', async () => {
    await importRequests();
    const full = await line.run(['signal', 'explain', '-', '-o', 'json', ...now], { stdin: alert(web) });
    const whole = (JSON.parse(full.stdout) as { fingerprint: string }).fingerprint;
    const ran = await line.run(['signal', 'explain', whole.slice(0, 12), '-o', 'json', ...now]);
    const found = JSON.parse(ran.stdout) as Record<string, unknown>;
    expect(found).toMatchObject({
      fingerprint: whole,
      outcome: 'wouldDuplicate',
      decision: { reason: 'backoff', until: '2026-03-01T12:03:10Z' },
      notRun: ['parse', 'target', 'owner', 'scope'],
    });
    expect((await line.run(['signal', 'explain', '99ef28a8a', ...now])).stderr).toContain(
      'no lock and no request begins with',
    );
    expect((await line.run(['signal', 'explain', whole, 'x.json', ...now])).code).toBe(2);
  });

  it('ends with the command that does it for real, quoted for a shell', async () => {
    mkdirSync(path.join(line.home, "it's here"));
    writeFileSync(path.join(line.home, "it's here", 'a.json'), alert(web));
    const { stdout } = await line.run([
      'signal',
      'explain',
      "it's here/a.json",
      '-n',
      'other',
      '--enforce-freshness',
      ...now,
    ]);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      `  remedyctl signal ingest 'it'\\''s here/a.json' --target embedded --namespace other --enforce-freshness`,
    );
  });
});

describe('a resource with an active request under another fingerprint', { timeout: 60_000 }, () => {
  beforeEach(async () => {
    const request = {
      apiVersion: 'kubernaut.ai/v1alpha1',
      kind: 'RemediationRequest',
      metadata: { name: 'by-hand', namespace: 'kubernaut-system' },
      spec: {
        signalFingerprint: 'f'.repeat(64),
        signalSource: 'a2a-agent',
        targetResource: { kind: 'Deployment', name: 'web', namespace: 'shop' },
      },
      status: { overallPhase: 'Analyzing' },
    };
    const { code, stderr } = await line.run(['store', 'import', '-', '--target', 'embedded'], {
      stdin: JSON.stringify(request),
    });
    if (code !== 0) throw new Error(stderr);
  });

  const run = (verb: string, ...flags: string[]): ReturnType<CommandLine['run']> =>
    line.run(['signal', verb, '-', '-o', 'json', ...now, ...flags], { stdin: alert(web) });

  it.each([
    { flags: [], code: 0, outcome: 'wouldCreate' },
    { flags: ['--strict-resource'], code: 2, outcome: 'rejected' },
  ])('is told as the ingest tells it: $flags', async ({ flags, code, outcome }) => {
    const explained = await run('explain', ...flags);
    expect(explained.code, explained.stderr).toBe(code);
    const explanation = JSON.parse(explained.stdout) as {
      outcome: string;
      stages: { stage: string; outcome: string; reason: string }[];
      command: string;
    };
    expect(explanation.outcome).toBe(outcome);
    const last = explanation.stages.at(-1);
    expect(last).toMatchObject({ stage: 'decision', outcome: code === 0 ? 'warn' : 'stop' });
    expect(last?.reason).toContain('an active request under another fingerprint: by-hand (Analyzing,');
    expect(explanation.command.includes('--strict-resource')).toBe(flags.length > 0);

    const dry = await run('ingest', '--dry-run', ...flags);
    expect(dry.code).toBe(code);
    expect(JSON.parse(dry.stdout)).toMatchObject({ items: [{ outcome }] });
  });
});
