import { LineCounter, Parser, parseDocument, type Document } from 'yaml';
import type { ConfigProblem } from '../documents/config-problem.ts';
import { byPlace, DocumentPlaces, type KeyPath } from '../documents/document-places.ts';
import { optionName } from '../errors/option-name.ts';
import { messageOf } from '../errors/remedy-error.ts';
import { findTooDeep } from '../documents/yaml-depth.ts';
import {
  caseFileJsonSchema,
  caseFileSchema,
  isMatcher,
  type CaseFileContent,
  type Expectation,
  type TestCase,
} from './case-schema.ts';
import { problemsOf } from '../documents/schema-problems.ts';

/** Finds values by a path as `-o jsonpath` has them. Throws where the path is none. */
export type CompileQuery = (path: string) => (value: unknown) => unknown[];

/** A case file that was read and checked. */
export interface CaseFile {
  /** As the user named it. */
  file: string;
  content: CaseFileContent;
  /** For places, and to write expectations back with every comment kept. */
  document: Document.Parsed;
  places: DocumentPlaces;
}

interface ReadCaseOptions {
  compileQuery: CompileQuery;
  /** Cases may leave their expectation out: it is about to be written. */
  expectMayBeMissing: boolean;
}

const maxAliasCount = 100;

/** Reads a case file's text; every problem at once, each with line, column, field and the nearest known key. */
export function readCaseFile(
  text: string,
  file: string,
  options: ReadCaseOptions,
): { read: CaseFile } | { problems: ConfigProblem[] } {
  const lines = new LineCounter();
  const source = text.replace(/^\uFEFF/, '');
  const tooDeep = findTooDeep([...new Parser(lines.addNewLine).parse(source)]);
  if (tooDeep !== undefined) {
    const { line, col: column } = lines.linePos(tooDeep);
    const place = { where: `${file}:${line}:${column}`, file, line, column };
    return { problems: [{ ...place, message: 'nested too deep' }] };
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(source, { lineCounter, stringKeys: true });
  const places = new DocumentPlaces(document, lineCounter, file);
  if (document.errors.length > 0) return { problems: places.syntaxProblems() };
  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount });
  } catch (error) {
    return { problems: [places.problem(0, messageOf(error))] };
  }
  const hidden = places.prototypeKeys();
  const parsed = caseFileSchema.safeParse(plain);
  if (!parsed.success || hidden.length > 0) {
    return { problems: [...hidden, ...schemaProblems(parsed, places)].sort(byPlace) };
  }
  const problems = contentProblems(parsed.data, places, options);
  if (problems.length > 0) return { problems };
  return { read: { file, content: parsed.data, document, places } };
}

function schemaProblems(
  parsed: ReturnType<typeof caseFileSchema.safeParse>,
  places: DocumentPlaces,
): ConfigProblem[] {
  return parsed.success ? [] : problemsOf(parsed.error.issues, places, caseFileJsonSchema());
}

/** What a schema cannot say. */
function contentProblems(
  { cases }: CaseFileContent,
  places: DocumentPlaces,
  options: ReadCaseOptions,
): ConfigProblem[] {
  return cases.flatMap((one, index) => {
    const at = ['cases', index];
    return [...inputProblems(one, at, places), ...expectationProblems(one, at, { places, ...options })];
  });
}

function inputProblems(one: TestCase, at: KeyPath, places: DocumentPlaces): ConfigProblem[] {
  const given = (['signal', 'signalFile', 'alert'] as const).filter((key) => one[key] !== undefined);
  if (given.length === 1) return [];
  const what = given.length === 0 ? 'has no signal' : `has ${given.join(' and ')}`;
  return [places.problemAt(at, `${what}: give one of signal, signalFile and alert`)];
}

interface Checking extends ReadCaseOptions {
  places: DocumentPlaces;
}

function expectationProblems({ expect }: TestCase, at: KeyPath, checking: Checking): ConfigProblem[] {
  const { places, expectMayBeMissing } = checking;
  if (expect === undefined || expectsNothing(expect)) {
    if (expectMayBeMissing) return [];
    const what =
      expect === undefined
        ? 'has no expect: write one'
        : 'expects nothing, which holds of anything: write what';
    return [places.problemAt(at, `${what}, or let signal test ${optionName('update')} write it`)];
  }
  return expectationsOf(expect, at).flatMap(({ expectation, at: where }) => [
    ...matcherProblems(expectation, where, places),
    ...Object.keys(expectation.fields ?? {}).flatMap((path) => pathProblems(path, where, checking)),
  ]);
}

/** Whether every signal would do. */
export function expectsNothing(expect: NonNullable<TestCase['expect']>): boolean {
  if (Array.isArray(expect)) return false;
  const { stages = {}, fields = {}, ...named } = expect;
  return [stages, fields, named].every((part) => Object.keys(part).length === 0);
}

/** The expectations of a case with their places, one for each signal. */
export function expectationsOf(
  expect: NonNullable<TestCase['expect']>,
  at: KeyPath,
): { expectation: Expectation; at: KeyPath }[] {
  if (!Array.isArray(expect)) return [{ expectation: expect, at: [...at, 'expect'] }];
  return expect.map((expectation, index) => ({ expectation, at: [...at, 'expect', index] }));
}

function pathProblems(path: string, at: KeyPath, { places, compileQuery }: Checking): ConfigProblem[] {
  try {
    compileQuery(path);
    return [];
  } catch (error) {
    return [places.problemAt([...at, 'fields', path], messageOf(error))];
  }
}

function matcherProblems(value: unknown, at: KeyPath, places: DocumentPlaces): ConfigProblem[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!isMatcher(value)) {
    return Object.entries(value).flatMap(([key, member]) =>
      matcherProblems(member, [...at, Array.isArray(value) ? Number(key) : key], places),
    );
  }
  const { matches, oneOf, absent } = value;
  return [
    ...(matches === undefined ? [] : patternProblems(matches, [...at, 'matches'], places)),
    ...(oneOf === undefined || Array.isArray(oneOf)
      ? []
      : [places.problemAt([...at, 'oneOf'], 'must be a list')]),
    ...(absent === undefined || typeof absent === 'boolean'
      ? []
      : [places.problemAt([...at, 'absent'], 'must be true or false')]),
  ];
}

function patternProblems(pattern: unknown, at: KeyPath, places: DocumentPlaces): ConfigProblem[] {
  if (typeof pattern !== 'string') return [places.problemAt(at, 'must be a text')];
  try {
    new RegExp(pattern, 'u');
    return [];
  } catch (error) {
    return [places.problemAt(at, messageOf(error))];
  }
}
