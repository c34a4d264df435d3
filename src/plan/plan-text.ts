/** From the text of a file to plain values with places. No tag runs code, no alias explodes, no depth overflows. */
import { isScalar, LineCounter, Parser, parseAllDocuments, type Document } from 'yaml';
import type { ConfigProblem } from '../documents/config-problem.ts';
import { DocumentPlaces } from '../documents/document-places.ts';
import { messageOf } from '../errors/remedy-error.ts';
import { findTooDeep } from '../documents/yaml-depth.ts';

/** One document of a file. */
export interface PlanText {
  readonly file: string;
  readonly value: unknown;
  readonly places: DocumentPlaces;
}

const maxAliasCount = 100;

/** Every document of a YAML or JSON text, or all that is wrong with it. Empty documents are left out. */
export function readPlanText(
  text: string,
  file: string,
): { documents: PlanText[] } | { problems: ConfigProblem[] } {
  const source = text.replace(/^\uFEFF/, '');
  const lines = new LineCounter();
  const tooDeep = findTooDeep([...new Parser(lines.addNewLine).parse(source)]);
  if (tooDeep !== undefined) {
    const { line, col: column } = lines.linePos(tooDeep);
    const place = { where: `${file}:${line}:${column}`, file, line, column };
    return { problems: [{ ...place, message: 'nested too deep' }] };
  }
  const lineCounter = new LineCounter();
  const parsed = parseAllDocuments(source, { lineCounter, stringKeys: true });
  if (!Array.isArray(parsed)) return { documents: [] };
  const read = parsed
    .filter((document) => !isEmpty(document))
    .map((document) => readDocument(document, lineCounter, file));
  const problems = read.flatMap((one) => ('problems' in one ? one.problems : []));
  if (problems.length > 0) return { problems };
  return { documents: read.flatMap((one) => ('problems' in one ? [] : [one])) };
}

function isEmpty({ contents, errors }: Document.Parsed): boolean {
  return errors.length === 0 && (contents === null || (isScalar(contents) && contents.value === null));
}

function readDocument(
  document: Document.Parsed,
  lines: LineCounter,
  file: string,
): PlanText | { problems: ConfigProblem[] } {
  const places = new DocumentPlaces(document, lines, file);
  const warnings = document.warnings.map((warning) => {
    const [summary = ''] = warning.message.split(/ at line \d+|\n/);
    return places.problem(warning.pos[0], summary);
  });
  const problems = [...places.syntaxProblems(), ...warnings, ...places.prototypeKeys()];
  if (problems.length > 0) return { problems };
  try {
    return { file, value: document.toJS({ maxAliasCount }), places };
  } catch (error) {
    return { problems: [places.problem(0, messageOf(error))] };
  }
}
