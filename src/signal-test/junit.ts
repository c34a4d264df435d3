import { escapeHidden, unitEscape } from '../text/hidden-characters.ts';
import type { CaseResult } from './case-result.ts';

/** JUnit's XML: a suite a file, a failure for a case that differs, an error for one that could not be run. */
export function junitXml(results: readonly CaseResult[]): string {
  const files = new Map<string, CaseResult[]>();
  for (const result of results) {
    const known = files.get(result.file);
    if (known === undefined) files.set(result.file, [result]);
    else known.push(result);
  }
  const suites = [...files].map(([file, cases]) => suite(file, cases));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${totals(results)}>\n${suites.join('')}</testsuites>\n`;
}

function suite(file: string, cases: readonly CaseResult[]): string {
  return `  <testsuite name="${escaped(file)}" ${totals(cases)}>\n${cases.map(testCase).join('')}  </testsuite>\n`;
}

function totals(cases: readonly CaseResult[]): string {
  const count = (...outcomes: CaseResult['outcome'][]): number =>
    cases.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const seconds = cases.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  return `tests="${cases.length}" failures="${count('differs')}" errors="${count('invalid')}" time="${seconds.toFixed(3)}"`;
}

function testCase(result: CaseResult): string {
  const { file, line, name, durationSeconds } = result;
  const attributes = `name="${escaped(name)}" classname="${escaped(file)}" file="${escaped(file)}" line="${line}" time="${durationSeconds.toFixed(3)}"`;
  const inner = verdict(result);
  return inner === ''
    ? `    <testcase ${attributes}/>\n`
    : `    <testcase ${attributes}>\n${inner}    </testcase>\n`;
}

function verdict({ outcome, problem = '', differences }: CaseResult): string {
  if (outcome === 'invalid') return `      <error message="${escaped(problem)}"/>\n`;
  if (outcome !== 'differs') return '';
  const paths = differences.map(({ path }) => path).join(', ');
  const text = differences
    .map(
      ({ path, line, expected, got }) =>
        `${path} (line ${line})\nexpected ${shown(expected)}\ngot ${shown(got)}`,
    )
    .join('\n');
  return `      <failure message="${escaped(`differs: ${paths}`)}">${escaped(text)}</failure>\n`;
}

function shown(value: unknown): string {
  return value === undefined ? '(nothing)' : JSON.stringify(value);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  // What XML 1.0 has no way to write is among them; attributes would lose tabs and carriage returns.
  return escapeHidden(text, (character) =>
    character === '\n' ? character : character.split('').map(unitEscape).join(''),
  ).replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
