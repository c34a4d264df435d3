import type * as z from 'zod';
import type { ConfigProblem } from './config-problem.ts';
import type { DocumentPlaces, Fault, KeyPath } from './document-places.ts';
import { nearest } from '../text/nearest.ts';

type Issue = z.core.$ZodIssue;

const typeNames: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  string: 'a text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

/**
 * What is wrong, as problems with places; `schema` is the JSON Schema, which knows the keys of each mapping, and `at`
 * where in the document the checked value stands. An unknown word gets the nearest one that is known.
 */
export function problemsOf(
  issues: readonly Issue[],
  places: DocumentPlaces,
  schema: Readonly<Record<string, unknown>>,
  at: KeyPath = [],
): ConfigProblem[] {
  return faultsOf(issues, schema, at).map(({ path, message, suggestion }) => ({
    ...places.problemAt(path, message),
    ...(suggestion === undefined ? {} : { suggestion }),
  }));
}

/** The same without places. Of a value that was checked with `reportInput` wrong words get a suggestion too. */
export function faultsOf(
  issues: readonly Issue[],
  schema: Readonly<Record<string, unknown>>,
  at: KeyPath = [],
): Fault[] {
  const around = { schema, depth: at.length };
  return issues.flatMap((issue) => faultsOfIssue(issue, at, around));
}

interface Surroundings {
  schema: Readonly<Record<string, unknown>>;
  /** How deep in the document the value stands that the schema is of. */
  depth: number;
}

function faultsOfIssue(issue: Issue, at: KeyPath, around: Surroundings): Fault[] {
  const path = [...at, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.filter((key) => key !== '__proto__').map((key) => unknownKey([...path, key], around));
  }
  if (issue.code === 'invalid_union') {
    const branch = meantBranch(issue.errors);
    if (branch !== undefined && !(hasOwnWords(issue) && branch.every(isOfWholeValue))) {
      return branch.flatMap((inner) => faultsOfIssue(inner, path, around));
    }
  }
  return [{ path, message: messageOf(issue), suggestion: nearestWord(issue) }];
}

/** Whether the schema says itself what is wrong, in place of what zod says. */
function hasOwnWords({ message }: Issue): boolean {
  return !/^(?:Invalid (?:input|option)|Too small)\b/.test(message);
}

function isOfWholeValue({ path, code }: Issue): boolean {
  return path.length === 0 && code !== 'unrecognized_keys';
}

/** What a wrong word was meant to be; the schema has to be checked with `reportInput` for it. */
function nearestWord(issue: Issue): string | undefined {
  if (issue.code !== 'invalid_value' || typeof issue.input !== 'string') return undefined;
  const word = issue.input;
  const words = issue.values.filter((value) => typeof value === 'string');
  const sameLetters = words.find((value) => value.toLowerCase() === word.toLowerCase());
  return sameLetters ?? nearest(word, words);
}

/** Of a union the alternative that the value comes nearest to: of the right type, with the fewest problems. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const ofType = branches.filter(
    (issues) => !issues.some(({ code, path }) => path.length === 0 && isOfOtherType(code)),
  );
  return [...ofType].sort((a, b) => a.length - b.length)[0];
}

function isOfOtherType(code: string): boolean {
  return code === 'invalid_type' || code === 'invalid_value';
}

function messageOf(issue: Issue): string {
  if (isMissing(issue)) return 'is missing';
  if (hasOwnWords(issue)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'invalid_union':
      return 'is of a type that does not fit here';
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array' ? 'must not be empty' : issue.message;
    default:
      return issue.message;
  }
}

/**
 * What was there is known where `reportInput` was given; what zod says itself tells it always. Of a word out of a few
 * that is not there, the few say more.
 */
function isMissing(issue: Issue): boolean {
  if (issue.code === 'invalid_value') return false;
  if ('input' in issue) return issue.input === undefined;
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
}

function unknownKey(path: KeyPath, { schema, depth }: Surroundings): Fault {
  const suggestion = nearest(String(path.at(-1)), knownKeys(schema, path.slice(depth, -1)));
  return { path, message: 'unknown key', suggestion };
}

type Schema = Readonly<Record<string, unknown>>;

/** The keys that the schema names at a path, of all alternatives that may stand there. */
function knownKeys(root: Schema, path: KeyPath): string[] {
  let nodes = alternatives(root, root);
  for (const part of path) {
    nodes = nodes
      .map((node) =>
        typeof part === 'number'
          ? node['items']
          : (propertiesOf(node)[String(part)] ?? node['additionalProperties']),
      )
      .flatMap((node) => alternatives(root, node));
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(propertiesOf(node))))];
}

function propertiesOf(node: Schema): Schema {
  return (node['properties'] ?? {}) as Schema;
}

function alternatives(root: Schema, node: unknown): Schema[] {
  if (typeof node !== 'object' || node === null) return [];
  const { $ref: reference, anyOf, allOf } = node as Schema;
  const inner: unknown[] = [anyOf, allOf].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  if (typeof reference === 'string') {
    const name = reference.slice(reference.lastIndexOf('/') + 1);
    inner.push(((root['$defs'] ?? {}) as Schema)[name]);
  }
  return [node as Schema, ...inner.flatMap((one) => alternatives(root, one))];
}
