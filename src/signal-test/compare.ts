import { isDeepStrictEqual } from 'node:util';
import type { KeyPath } from '../documents/document-places.ts';
import type { CompileQuery } from './case-file.ts';
import { isMatcher, type Expectation, type MatcherKey } from './case-schema.ts';
import type { Difference } from './case-result.ts';

/** What a case came to for one signal, as JSON has it: the explanation, with the request that it is about. */
export type Actual = Readonly<Record<string, unknown>>;

/** One thing to compare: what is expected of a value, its name, and where the expectation stands. */
interface Claim {
  expected: unknown;
  value: unknown;
  path: string;
  at: KeyPath;
}

/** Every expectation that does not hold, in the order of the expectations. */
export function compareWith(
  expectation: Expectation,
  actual: Actual,
  { at, compileQuery }: { at: KeyPath; compileQuery: CompileQuery },
): Difference[] {
  const { stages = {}, fields = {}, ...named } = expectation;
  const claims: Claim[] = [
    ...Object.entries(named).map(([key, expected]) => namedClaim(key, expected, { actual, at })),
    ...Object.entries(stages).map(([stage, expected]) => ({
      expected,
      value: stageOutcome(actual, stage),
      path: `stages.${stage}`,
      at: [...at, 'stages', stage],
    })),
    ...Object.entries(fields).map(([path, expected]) => ({
      expected,
      value: single(compileQuery(path)(actual)),
      path,
      at: [...at, 'fields', path],
    })),
  ];
  return claims.flatMap(differencesOf);
}

/** Fields that a text names in short, by what the text then is. */
const shortForms: Readonly<Record<string, (actual: Actual) => unknown>> = {
  target: (actual) => {
    const resource = memberOf(memberOf(actual, 'signal'), 'resource');
    if (resource === undefined) return undefined;
    return `${String(memberOf(resource, 'kind'))}/${String(memberOf(resource, 'name'))}`;
  },
  request: (actual) => memberOf(memberOf(actual, 'request'), 'name'),
  decision: (actual) => memberOf(memberOf(actual, 'decision'), 'reason'),
  reason: (actual) => memberOf(memberOf(actual, 'reason'), 'code'),
};

function namedClaim(key: string, expected: unknown, of: { actual: Actual; at: KeyPath }): Claim {
  const { actual, at } = of;
  const short = typeof expected === 'string' ? shortForms[key] : undefined;
  const whole = key === 'target' ? memberOf(memberOf(actual, 'signal'), 'resource') : memberOf(actual, key);
  return { expected, value: short === undefined ? whole : short(actual), path: key, at: [...at, key] };
}

function stageOutcome(actual: Actual, name: string): unknown {
  const stages = memberOf(actual, 'stages');
  const found = Array.isArray(stages)
    ? (stages as unknown[]).find((stage) => memberOf(stage, 'stage') === name)
    : undefined;
  return memberOf(found, 'outcome') ?? 'notRun';
}

/** A path that finds several values finds a list; one that finds none, nothing. */
function single(found: unknown[]): unknown {
  return found.length > 1 ? found : found[0];
}

function differencesOf(claim: Claim): Difference[] {
  const { expected, value, path, at } = claim;
  if (!isMapping(expected) || isMatcher(expected)) return holds(expected, value) ? [] : [difference(claim)];
  if (!isMapping(value)) return [difference(claim)];
  return Object.entries(expected).flatMap(([key, member]) =>
    differencesOf({
      expected: member,
      value: memberOf(value, key),
      path: `${path}.${key}`,
      at: [...at, key],
    }),
  );
}

function difference({ expected, value, path, at }: Claim): Difference {
  return { path, expected, ...(value === undefined ? {} : { got: value }), at };
}

function holds(expected: unknown, value: unknown): boolean {
  if (!isMatcher(expected)) return isDeepStrictEqual(expected, value);
  return (Object.keys(expected) as MatcherKey[]).every((key) => tests[key](value, expected[key]));
}

const tests: Readonly<Record<MatcherKey, (value: unknown, wanted: unknown) => boolean>> = {
  equals: (value, wanted) => isDeepStrictEqual(value, wanted),
  contains: doesContain,
  matches: (value, pattern) =>
    typeof value === 'string' && typeof pattern === 'string' && new RegExp(pattern, 'u').test(value),
  oneOf: (value, wanted) =>
    Array.isArray(wanted) && (wanted as unknown[]).some((one) => isDeepStrictEqual(one, value)),
  absent: (value, wanted) => wanted === (value === undefined),
};

/** A text contains another; a list an element that equals it, or a text that has it in it. */
function doesContain(value: unknown, part: unknown): boolean {
  if (typeof value === 'string') return typeof part === 'string' && value.includes(part);
  if (Array.isArray(value)) {
    return (value as unknown[]).some(
      (element) =>
        isDeepStrictEqual(element, part) || (typeof element === 'string' && doesContain(element, part)),
    );
  }
  return (
    isMapping(value) &&
    isMapping(part) &&
    differencesOf({ expected: part, value, path: '', at: [] }).length === 0
  );
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function memberOf(value: unknown, key: string): unknown {
  return isMapping(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
