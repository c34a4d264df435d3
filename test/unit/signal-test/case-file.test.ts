import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../../src/jsonpath/jsonpath.ts';
import { problemLine } from '../../../src/documents/config-problem.ts';
import { readCaseFile } from '../../../src/signal-test/case-file.ts';
import { caseFileJsonSchema } from '../../../src/signal-test/case-schema.ts';

const head = 'apiVersion: remedyctl.dev/v1\nkind: SignalTests\n';

function read(text: string, expectMayBeMissing = false): ReturnType<typeof readCaseFile> {
  return readCaseFile(text, 'cases.yaml', { compileQuery, expectMayBeMissing });
}

function problems(text: string): string[] {
  const result = read(text);
  return 'problems' in result ? result.problems.map(problemLine) : [];
}

/** One case with these lines, from line 5 on. */
function oneCase(...lines: string[]): string {
  return `${head}cases:\n  - name: a\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

const alert = 'alert: { labels: { alertname: A } }';
const expectation = 'expect: { outcome: skipped }';

describe('a case file', () => {
  it('that is right has no problems', () => {
    expect(problems(oneCase(alert, expectation))).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    [
      'an unknown key of a case',
      oneCase(alert, 'expct: { outcome: skipped }'),
      ['cases.yaml:6:5: cases[0].expct: unknown key; did you mean "expect"?'],
    ],
    [
      'an unknown key of an expectation',
      oneCase(alert, 'expect: { outcom: skipped }'),
      ['cases.yaml:6:15: cases[0].expect.outcom: unknown key; did you mean "outcome"?'],
    ],
    [
      'an unknown key at the top',
      `${head}case: []\ncases: [{ name: a, ${alert}, ${expectation} }]\n`,
      ['cases.yaml:3:1: case: unknown key; did you mean "cases"?'],
    ],
    [
      'an unknown key of a request in short',
      oneCase(alert, expectation, 'requests: [{ name: rr-1, phse: Failed }]'),
      ['cases.yaml:7:30: cases[0].requests[0].phse: unknown key; did you mean "phase"?'],
    ],
    [
      'an outcome that is none',
      oneCase(alert, 'expect: { outcome: created }'),
      ['cases.yaml:6:15: cases[0].expect.outcome: is of a type that does not fit here'],
    ],
    [
      'a wrong type',
      oneCase(alert, expectation, 'objects: objects.yaml'),
      ['cases.yaml:7:5: cases[0].objects: must be a list'],
    ],
    [
      'a time that is none',
      oneCase(alert, expectation, 'now: yesterday'),
      ['cases.yaml:7:5: cases[0].now: must be an RFC 3339 time such as 2026-03-01T12:00:00Z'],
    ],
    [
      'a day that is none',
      oneCase(alert, expectation, 'now: 2026-02-31T12:00:00Z'),
      ['cases.yaml:7:5: cases[0].now: must be an RFC 3339 time such as 2026-03-01T12:00:00Z'],
    ],
    [
      'no signal',
      oneCase(expectation),
      ['cases.yaml:4:5: cases[0]: has no signal: give one of signal, signalFile and alert'],
    ],
    [
      'two signals',
      oneCase(alert, 'signalFile: x.json', expectation),
      ['cases.yaml:4:5: cases[0]: has signalFile and alert: give one of signal, signalFile and alert'],
    ],
    [
      'no expectation',
      oneCase(alert),
      ['cases.yaml:4:5: cases[0]: has no expect: write one, or let signal test --update write it'],
    ],
    [
      'an expectation of nothing',
      oneCase(alert, 'expect: {}'),
      [
        'cases.yaml:4:5: cases[0]: expects nothing, which holds of anything: write what, or let signal test --update write it',
      ],
    ],
    [
      'a regular expression that is none',
      oneCase(alert, 'expect: { fingerprint: { matches: "(" } }'),
      [
        'cases.yaml:6:30: cases[0].expect.fingerprint.matches: Invalid regular expression: /(/u: Unterminated group',
      ],
    ],
    ['no cases', `${head}cases: []\n`, ['cases.yaml:3:1: cases: must not be empty']],
    ['another kind', 'apiVersion: remedyctl.dev/v1\nkind: Config\ncases: []\n', []],
    ['a __proto__ key', oneCase(alert, expectation, '__proto__: {}'), []],
  ])('with %s is refused at its place', (_name, text, expected) => {
    const found = problems(text);
    expect(found.length).toBeGreaterThan(0);
    if (expected.length > 0) expect(found).toEqual(expected);
  });

  it('with a path that is no JSONPath is refused at it', () => {
    const [problem] = problems(oneCase(alert, "expect: { fields: { '.a[': 1 } }"));
    expect(problem).toMatch(/^cases\.yaml:6:25: cases\[0\]\.expect\.fields\.\.a\[: jsonpath: /);
  });

  it('names every problem at once, in the order of the file', () => {
    const text = oneCase(alert, 'expect: { outcom: skipped, targt: x }', 'nwo: x');
    expect(problems(text).map((line) => line.split(': ')[0])).toEqual([
      'cases.yaml:6:15',
      'cases.yaml:6:32',
      'cases.yaml:7:5',
    ]);
  });

  it.each(['[', '{a: ', '- '])('nested a hundred thousand times by "%s" is refused, not fatal', (open) => {
    expect(problems(open.repeat(100_000))[0]).toContain('nested too deep');
  });

  it('whose aliases unfold without end is refused', () => {
    const bomb = Array.from({ length: 30 }, (_, n) => `a${n}: &a${n} [*a${n - 1}, *a${n - 1}]`).slice(1);
    expect(problems(`a0: &a0 [x]\n${bomb.join('\n')}\n`)[0]).toContain('alias');
  });

  it('with broken YAML is refused without showing the line', () => {
    expect(problems('kind: "unclosed\n')[0]).toMatch(/^cases\.yaml:\d+:\d+: Missing closing "quote/);
  });

  it('may leave expectations out where they are about to be written', () => {
    expect(read(oneCase(alert), true)).toHaveProperty('read');
  });
});

describe('the JSON Schema', () => {
  const schema = caseFileJsonSchema() as {
    properties: Record<string, unknown>;
    required: string[];
    additionalProperties: boolean;
    $defs: Record<string, { properties: Record<string, { description?: string }> }>;
  };

  it('is that of the schema that files are checked against', () => {
    expect(schema.required).toEqual(['apiVersion', 'kind', 'cases']);
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.$defs).sort()).toEqual(['Case', 'ExistingRequest', 'Expectation', 'Matcher']);
    expect(Object.keys(schema.$defs['Case']?.properties ?? {})).toContain('expect');
  });

  it('has every key that the page about case files explains, and no other', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/signal-test.md'), 'utf8');
    const explained = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key);
    const keys = [
      ...Object.keys(schema.properties).filter((key) => key !== '$schema'),
      ...Object.values(schema.$defs).flatMap(({ properties }) => Object.keys(properties)),
    ];
    expect([...new Set(explained)].sort()).toEqual([...new Set(keys)].sort());
  });
});
