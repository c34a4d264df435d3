import type { z } from 'zod';
import type { ConfigProblem } from './config-problem.ts';
import { nearestKey, type DocumentPlaces, type KeyPath } from './document-places.ts';

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
  const around = { places, schema, depth: at.length };
  return issues.flatMap((issue) => issueProblems(issue, at, around));
}

interface Surroundings {
  places: DocumentPlaces;
  schema: Readonly<Record<string, unknown>>;
  /** How deep in the document the value stands that the schema is of. */
  depth: number;
}

function issueProblems(issue: Issue, at: KeyPath, around: Surroundings): ConfigProblem[] {
  const path = [...at, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.filter((key) => key !== '__proto__').map((key) => unknownKey([...path, key], around));
  }
  if (issue.code === 'invalid_union') {
    const branch = meantBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => issueProblems(inner, path, around));
  }
  return [{ ...around.places.problemAt(path, messageOf(issue)), ...nearestWord(issue) }];
}

/** What a wrong word was meant to be; the schema has to be checked with `reportInput` for it. */
function nearestWord(issue: Issue): { suggestion?: string } {
  if (issue.code !== 'invalid_value' || typeof issue.input !== 'string') return {};
  const word = issue.input;
  const words = issue.values.filter((value) => typeof value === 'string');
  const sameLetters = words.find((value) => value.toLowerCase() === word.toLowerCase());
  const suggestion = sameLetters ?? nearestKey(word, words);
  return suggestion === undefined ? {} : { suggestion };
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
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? 'is missing'
        : `must be ${typeNames[issue.expected] ?? issue.expected}`;
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

function unknownKey(path: KeyPath, { places, schema, depth }: Surroundings): ConfigProblem {
  const suggestion = nearestKey(String(path.at(-1)), knownKeys(schema, path.slice(depth, -1)));
  return { ...places.problemAt(path, 'unknown key'), ...(suggestion === undefined ? {} : { suggestion }) };
}

type Schema = Readonly<Record<string, unknown>>;

/** The keys that the schema names at a path, of all alternatives that may stand there. */
function knownKeys(root: Schema, path: KeyPath): string[] {
  let nodes = alternatives(root, root);
  for (const part of path) {
    nodes = nodes
      .flatMap((node) => (typeof part === 'number' ? [node['items']] : [propertiesOf(node)[String(part)]]))
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
