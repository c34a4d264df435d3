import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine, type Ran } from './command-line.ts';

const event = (type: string, name: string): object => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'shop' },
  involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name, namespace: 'shop' },
  type,
  reason: 'Scaled',
  firstTimestamp: '2026-03-01T11:58:30Z',
  lastTimestamp: '2026-03-01T11:58:30Z',
});
const items = [event('Normal', 'a'), event('Warning', 'b'), event('Normal', 'c')];

describe('Normal events of a cluster', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
  });
  afterEach(() => {
    line.remove();
  });

  const run = (verb: string, ...flags: string[]): Promise<Ran> =>
    line.run(['signal', verb, '-', '--target', 'embedded', '--now', '2026-03-01T12:00:00Z', ...flags], {
      stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    });

  it.each(['normalize', 'ingest'])('take one line in the table of %s, and count', async (verb) => {
    const { code, stdout, stderr } = await run(verb);
    expect(code).toBe(0);
    expect(stdout.match(/-:0:/g)).toHaveLength(1);
    expect(stdout).toMatch(/^3 signals: .*2 skipped/m);
    expect(stderr).toContain('2 Normal events skipped, in no row: --show-skipped lists them');
  });

  it.each([[['--show-skipped']], [['-o', 'wide']], [['-o', 'jsonl']]])(
    'have a row or line each with %s',
    async (flags) => {
      const { stdout, stderr } = await run('normalize', ...flags);
      expect(stdout.match(/NORMAL_EVENT/g)).toHaveLength(2);
      expect(stderr).not.toContain('--show-skipped');
    },
  );
});
