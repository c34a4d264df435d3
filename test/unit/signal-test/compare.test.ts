import { LineCounter, parseDocument } from 'yaml';
import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../../src/jsonpath/jsonpath.ts';
import type { Expectation } from '../../../src/signal-test/case-schema.ts';
import type { CaseResult } from '../../../src/signal-test/case-result.ts';
import { compareWith } from '../../../src/signal-test/compare.ts';
import { junitXml } from '../../../src/signal-test/junit.ts';
import { textOf, updateExpectations } from '../../../src/signal-test/update-expectations.ts';

const actual = {
  outcome: 'wouldDuplicate',
  fingerprint: 'abc',
  signal: {
    severity: 'warning',
    resource: { kind: 'Pod', name: 'p', namespace: 'shop' },
    labels: { a: '1' },
  },
  decision: { reason: 'backoff', until: 'T' },
  request: { namespace: 'n', name: 'rr-1' },
  stages: [
    { stage: 'parse', outcome: 'ok', details: {} },
    { stage: 'scope', outcome: 'warn', details: { looked: ['x', 'y'] } },
  ],
  wouldChangeIf: ['after T, when the backoff of rr-1 ends'],
};

function differing(expectation: Expectation): string[] {
  return compareWith(expectation, actual, { at: ['e'], compileQuery }).map(({ path }) => path);
}

describe('an expectation', () => {
  it.each<[string, Expectation]>([
    ['values', { outcome: 'wouldDuplicate', fingerprint: 'abc' }],
    ['short forms', { target: 'Pod/p', decision: 'backoff', request: 'rr-1' }],
    ['some fields of a mapping', { target: { namespace: 'shop' }, decision: { until: 'T' } }],
    ['stages', { stages: { parse: 'ok', scope: 'warn', lease: 'notRun' } }],
    ['paths', { fields: { '.signal.severity': 'warning', '.signal.labels': { equals: { a: '1' } } } }],
    ['a path that finds several', { fields: { '.stages[*].stage': ['parse', 'scope'] } }],
    ['a path past the end', { fields: { '.stages[9].stage': { absent: true } } }],
    ['contains in a text', { fingerprint: { contains: 'b' } }],
    ['contains in a list of texts', { wouldChangeIf: { contains: 'backoff of rr-1' } }],
    ['matches', { fingerprint: { matches: '^a.c$' } }],
    ['oneOf', { outcome: { oneOf: ['skipped', 'wouldDuplicate'] } }],
    ['absent', { reason: { absent: true }, request: { name: { absent: false }, uid: { absent: true } } }],
    ['several matchers at once', { fingerprint: { contains: 'a', matches: 'c$' } }],
  ])('holds: %s', (_name, expectation) => {
    expect(differing(expectation)).toEqual([]);
  });

  it.each<[string, Expectation, string[]]>([
    ['another value', { outcome: 'wouldCreate' }, ['outcome']],
    ['another target', { target: 'Pod/q' }, ['target']],
    ['a field of a mapping', { decision: { reason: 'active', until: 'T' } }, ['decision.reason']],
    ['a mapping that is not there', { reason: { code: 'STALE' } }, ['reason']],
    ['a stage', { stages: { parse: 'stop', lease: 'ok' } }, ['stages.parse', 'stages.lease']],
    ['a path', { fields: { '.signal.severity': 'critical' } }, ['.signal.severity']],
    [
      'equals with a member too many',
      { fields: { '.decision': { equals: { reason: 'backoff' } } } },
      ['.decision'],
    ],
    ['matches of what is no text', { fields: { '.signal': { matches: '.' } } }, ['.signal']],
    ['one of several matchers', { fingerprint: { contains: 'a', matches: 'd$' } }, ['fingerprint']],
    ['absent of what is there', { fingerprint: { absent: true } }, ['fingerprint']],
    ['a number for a text', { fields: { '.signal.labels.a': 1 } }, ['.signal.labels.a']],
  ])('does not hold: %s', (_name, expectation, paths) => {
    expect(differing(expectation)).toEqual(paths);
  });
});

describe('updating', () => {
  const text = `# top
expect: # here
  # the outcome
  outcome: wouldCreate # as before
  decision: {reason: none}
  fields:
    .gone: x # it was there
`;

  function update(source: string, differences: { at: string[]; got?: unknown }[]): string | undefined {
    const document = parseDocument(source, { lineCounter: new LineCounter() });
    const done = updateExpectations(
      document,
      differences.map(({ at, ...rest }) => ({ ...rest, at, path: at.join('.'), expected: 'x' })),
    );
    return done ? textOf(document) : undefined;
  }

  it('rewrites what differed and keeps every comment', () => {
    const updated = update(text, [
      { at: ['expect', 'outcome'], got: 'wouldDuplicate' },
      { at: ['expect', 'decision', 'reason'], got: 'active' },
      { at: ['expect', 'fields', '.gone'] },
    ]);
    expect(updated).toBe(`# top
expect:
  # here
  # the outcome
  outcome: wouldDuplicate # as before
  decision: { reason: active }
  fields:
    .gone:
      absent: true
      # it was there
`);
  });

  it.each([
    ['behind an alias', 'a: &a { outcome: x }\nexpect: *a\n', ['expect', 'outcome']],
    ['with an anchor', 'expect: { outcome: &o x }\nb: *o\n', ['expect', 'outcome']],
  ])('leaves a place %s alone', (_name, source, at) => {
    expect(update(source, [{ at, got: 'y' }])).toBeUndefined();
  });
});

describe('the JUnit report', () => {
  const result = (more: Partial<CaseResult>): CaseResult => ({
    file: 'a.yaml',
    line: 3,
    name: 'n',
    outcome: 'passed',
    differences: [],
    durationSeconds: 0.01,
    ...more,
  });

  it('has a suite a file, with what failed and what could not be run', () => {
    const differences = [{ path: 'outcome', expected: 'a', got: 'b', line: 4, column: 5 }];
    const report = junitXml([
      result({}),
      result({ outcome: 'differs', differences }),
      result({ file: 'b.yaml', outcome: 'invalid', problem: 'no file' }),
    ]);
    expect(report).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="1" time="0.030">
  <testsuite name="a.yaml" tests="2" failures="1" errors="0" time="0.020">
    <testcase name="n" classname="a.yaml" file="a.yaml" line="3" time="0.010"/>
    <testcase name="n" classname="a.yaml" file="a.yaml" line="3" time="0.010">
      <failure message="differs: outcome">outcome (line 4)
expected &quot;a&quot;
got &quot;b&quot;</failure>
    </testcase>
  </testsuite>
  <testsuite name="b.yaml" tests="1" failures="0" errors="1" time="0.010">
    <testcase name="n" classname="b.yaml" file="b.yaml" line="3" time="0.010">
      <error message="no file"/>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it('writes nothing that XML cannot carry', () => {
    const report = junitXml([result({ name: 'a<b>&"\u0000\u001b[31m\ud800\ufffe]]>' })]);
    expect(report).toContain('name="a&lt;b&gt;&amp;&quot;\\u0000\\u001b[31m\\ud800\\ufffe]]&gt;"');
  });
});
