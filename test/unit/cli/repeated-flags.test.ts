import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandTable } from '../../../src/commands/command-table.ts';
import { CommandLine } from './command-line.ts';

describe('a flag that may be given several times', () => {
  it.each(commandTable.commands)('takes one word each time: $id', async ({ load }) => {
    const flags = Object.entries({ ...(await load()).flags }) as [string, object][];
    const greedy = flags.filter(
      ([, flag]) => 'multiple' in flag && flag.multiple === true && !('multipleNonGreedy' in flag),
    );
    expect(greedy.map(([flag]) => flag)).toEqual([]);
  });
});

describe('a file behind such flags', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
  });
  afterEach(() => {
    line.remove();
  });

  it.each([
    [['--label-as', 'k8s.pod.name=pod']],
    [['--label-as=k8s.pod.name=pod', '--prefer', 'Pod']],
    [['--label-as', 'x=node', '--label-as', 'k8s.pod.name=pod']],
  ])('is read: %s', async (flags) => {
    const file = path.join(line.home, 'alert.json');
    const labels = { alertname: 'A', namespace: 'shop', 'k8s.pod.name': 'web-1' };
    writeFileSync(file, JSON.stringify({ version: '4', alerts: [{ status: 'firing', labels }] }));
    const { code, stdout, stderr } = await line.run(['signal', 'normalize', ...flags, file, '-o', 'json']);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('"name":"web-1"');
  });
});

describe('what concerns a document without signals', () => {
  it.each([
    [
      'text before an empty List',
      'Error from server\n{"kind":"List","items":[]}\n',
      'TEXT_SKIPPED|1 line of text skipped',
    ],
    ['items twice', '{"kind":"List","items":[{"kind":"Event"}],"items":[]}', 'items stands more than once'],
  ])('is told all the same: %s', async (_name, stdin, said) => {
    const line = new CommandLine();
    try {
      for (const verb of ['normalize', 'ingest', 'explain']) {
        const { stderr, code } = await line.run(['signal', verb, '-', '--target', 'embedded'], { stdin });
        expect(code).toBe(0);
        expect(stderr).toMatch(new RegExp(said));
      }
    } finally {
      line.remove();
    }
  });
});
