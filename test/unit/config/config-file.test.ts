import { describe, expect, it } from 'vitest';
import { readConfigFile } from '../../../src/config/config-file.ts';
import type { ConfigProblem } from '../../../src/documents/config-problem.ts';

function problemsOf(text: string): ConfigProblem[] {
  const read = readConfigFile(text, 'c.yaml');
  return 'problems' in read ? read.problems : [];
}

describe('what is wrong with a file', () => {
  const cases: [string, string, Partial<ConfigProblem>[]][] = [
    ['nothing', 'namespace: a\n', []],
    ['an empty file', '', []],
    ['only comments', '# x\n', []],
    ['a byte order mark', '\uFEFFnamespace: a\n', []],
    ['keys with nothing behind them', 'namespace:\nretry:\n  creation:\nprofiles:\n  a:\n', []],
    [
      'a misspelt key',
      'namespce: a\n',
      [{ line: 1, column: 1, field: 'namespce', message: 'unknown key', suggestion: 'namespace' }],
    ],
    [
      'a key of another case',
      'ingest:\n  Concurrency: 3\n',
      [{ line: 2, column: 3, field: 'ingest.Concurrency', suggestion: 'concurrency' }],
    ],
    [
      'a misspelt key in a profile',
      'profiles:\n  prod:\n    lock:\n      wate: 1s\n',
      [{ line: 4, column: 7, field: 'profiles.prod.lock.wate', suggestion: 'wait' }],
    ],
    ['a key that is nowhere near one', 'zzzzzzzzzz: 1\n', [{ field: 'zzzzzzzzzz' }]],
    ['profiles in a profile', 'profiles: { a: { profiles: {} } }', [{ field: 'profiles.a.profiles' }]],
    [
      'a secret',
      'pagerdutyToken: hunter2\n',
      [
        {
          field: 'pagerdutyToken',
          message: 'unknown key (secrets are read from environment variables only)',
        },
      ],
    ],
    [
      'a number for a name',
      'namespace: 5\n',
      [
        {
          line: 1,
          column: 1,
          field: 'namespace',
          message: 'must be the name of a namespace, not the number 5',
        },
      ],
    ],
    [
      'a text for a number',
      'ingest:\n  concurrency: "8"\n',
      [{ line: 2, column: 3, message: 'must be a whole number from 1 to 256, not "8"' }],
    ],
    [
      'a number for a duration',
      'lock: { wait: 30 }',
      [{ column: 9, message: expect.stringMatching(/must be a duration .* not the number 30/) as string }],
    ],
    [
      'a number out of bounds',
      'retry: { creation: { maxAttempts: 11 } }',
      [{ field: 'retry.creation.maxAttempts' }],
    ],
    ['a text for a truth', 'readOnly: yes\n', [{ message: 'must be true or false, not "yes"' }]],
    [
      'a value for a mapping',
      'retry: 3\n',
      [{ field: 'retry', message: 'must be a mapping, not the number 3' }],
    ],
    [
      'a list for a mapping',
      'profiles: []\n',
      [{ field: 'profiles', message: 'must be a mapping, not a list' }],
    ],
    ['a text for a list', 'asGroup: a\n', [{ message: 'must be a list of group names, not "a"' }]],
    [
      'a choice that is none',
      'target: moon\n',
      [{ message: 'must be one of auto, cluster, embedded, not "moon"' }],
    ],
    ['a list at the top', '- a\n', [{ line: 1, message: 'must be a mapping, not a list' }]],
    ['a text at the top', 'hello', [{ message: 'must be a mapping, not "hello"' }]],
    [
      'another version',
      'apiVersion: v2\nkind: Config\n',
      [{ field: 'apiVersion', message: 'must be remedyctl.dev/v1, not "v2"' }],
    ],
    ['a prototype', '__proto__: { readOnly: true }\n', [{ field: '__proto__', message: 'unknown key' }]],
    [
      'a profile of that name',
      'profiles: { __proto__: { readOnly: true } }',
      [{ field: 'profiles.__proto__' }],
    ],
    [
      'a key twice',
      'namespace: a\nnamespace: b\n',
      [{ line: 2, message: expect.stringMatching(/unique/) as string }],
    ],
    ['two documents', 'namespace: a\n---\nnamespace: b\n', [{ line: 2 }]],
    ['broken YAML', 'namespace: [a\nb: {\n', [{ file: 'c.yaml' }, { file: 'c.yaml' }]],
    ['a tab for an indent', 'lock:\n\twait: 1s\n', [{ line: 2 }]],
    [
      'an alias without an anchor',
      'namespace: *a\n',
      [{ message: expect.stringMatching(/alias/i) as string }],
    ],
  ];

  it.each(cases)('%s', (_name, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(expected.length);
    expected.forEach((part, index) => {
      expect(problems[index]).toMatchObject(part);
      const { where, line, column } = problems[index]!;
      expect(where).toBe(`c.yaml:${line ?? 0}:${column ?? 0}`);
    });
  });

  it('suggests nothing where nothing is near', () => {
    expect(problemsOf('zzzzzzzzzz: 1\n')[0]).not.toHaveProperty('suggestion');
  });

  it('comes all at once, in the order of the file', () => {
    const text = 'lock:\n  wait: soon\nnamespace: 5\nprofiles:\n  a:\n    colour: never\n    color: pink\n';
    expect(problemsOf(text).map(({ line, field, suggestion }) => [line, field, suggestion])).toEqual([
      [2, 'lock.wait', undefined],
      [3, 'namespace', undefined],
      [6, 'profiles.a.colour', 'color'],
      [7, 'profiles.a.color', undefined],
    ]);
  });

  it('never shows the value of a key that it does not know, nor the line of a syntax error', () => {
    const texts = [
      'token: hunter2\n',
      'profiles: { a: { apiKey: hunter2 } }\n',
      'token: "hunter2\n',
      'token: hunter2: x: y\n',
    ];
    for (const text of texts) {
      const problems = problemsOf(text);
      expect(problems.length).toBeGreaterThan(0);
      expect(JSON.stringify(problems)).not.toContain('hunter2');
    }
  });
});

describe('hostile files', () => {
  it('an alias bomb is refused, not expanded', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`,
    );
    const problems = problemsOf(['a0: &a0 x', ...levels].join('\n'));
    expect(problems[0]?.message).toMatch(/alias/i);
  });

  it('a file of more than 256 KiB is refused unread', () => {
    expect(problemsOf(`# ${'x'.repeat(262_145)}`)).toMatchObject([
      { message: expect.stringMatching(/256 KiB/) as string },
    ]);
  });

  it.each([1_000, 20_000, 120_000])('a depth of %d is refused', { timeout: 60_000 }, (depth) => {
    const open = '['.repeat(depth);
    expect(problemsOf(`namespace: ${open}`).length).toBeGreaterThan(0);
    expect(problemsOf(`namespace: ${open}${']'.repeat(depth)}`).length).toBeGreaterThan(0);
  });
});

it('keeps anchors and merges within a file working', () => {
  const read = readConfigFile('lock: &l { wait: 2s }\nprofiles: { a: { lock: *l } }', 'c.yaml');
  expect('config' in read && read.config.profiles.get('a')?.get('lock.wait')).toMatchObject({
    value: 2_000,
    line: 2,
  });
});

describe('a file that is broken all over', () => {
  it('is answered with the first ten problems', () => {
    const read = readConfigFile('['.repeat(5000), 'config.yaml');
    expect('problems' in read && read.problems.length).toBe(10);
  });
});
