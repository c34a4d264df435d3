import { RemedyError } from '../errors/remedy-error.ts';
import type { Operand, Operator, Step, TemplateNode } from './jsonpath-syntax.ts';
import { TextCursor } from './text-cursor.ts';

const operators: readonly Operator[] = ['==', '!=', '<=', '>=', '<', '>'];
const fieldEnd = /[\s.[\]{}()=!<>,'"|&]/;

function invalid(cursor: TextCursor, problem: string): RemedyError {
  return new RemedyError(
    'INVALID_OPTION',
    `jsonpath: ${problem} at character ${cursor.position + 1}: ${cursor.text}`,
    {
      hint: 'write it as kubectl does, for example -o jsonpath=\'{range .items[*]}{.outcome}{"\\n"}{end}\'',
    },
  );
}

/** Parses a template such as `{range .items[*]}{.metadata.name}{"\n"}{end}`. @throws INVALID_OPTION */
export function parseTemplate(text: string): TemplateNode[] {
  const cursor = new TextCursor(text);
  const nodes = parseNodes(cursor, 'text');
  if (!cursor.atEnd()) throw invalid(cursor, '"{end}" without a range');
  return nodes;
}

/** Parses one path as custom columns have them: `.metadata.name`, with or without the dot or braces. */
export function parsePath(text: string): Step[] {
  const bare = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
  const cursor = new TextCursor(/^[.[$@]/.test(bare) ? bare : `.${bare}`);
  const steps = parseSteps(cursor);
  if (!cursor.atEnd()) throw invalid(cursor, 'unexpected character');
  return steps;
}

function parseNodes(cursor: TextCursor, within: 'text' | 'range'): TemplateNode[] {
  const nodes: TemplateNode[] = [];
  while (!cursor.atEnd()) {
    const literal = cursor.takeUntil('{');
    if (literal !== '') nodes.push({ kind: 'text', text: literal });
    if (cursor.atEnd()) break;
    const start = cursor.position;
    if (!parseAction(cursor, nodes)) {
      if (within === 'range') return nodes;
      cursor.position = start;
      return nodes;
    }
  }
  // without {end} a range goes on to the end, as in kubectl
  return nodes;
}

/** One `{…}`; false at `{end}`. */
function parseAction(cursor: TextCursor, nodes: TemplateNode[]): boolean {
  cursor.expect('{');
  cursor.skipBlanks();
  if (cursor.takeWord('end')) {
    closeAction(cursor);
    return false;
  }
  if (cursor.takeWord('range')) {
    cursor.skipBlanks();
    const steps = parseSteps(cursor);
    closeAction(cursor);
    const body = parseNodes(cursor, 'range');
    nodes.push({ kind: 'range', steps, body });
    if (cursor.endsRange()) return true;
    // kubectl prints what stands behind the last {end} once more, for what is around a range that is never ended
    nodes.push(...body.slice(body.findLastIndex(({ kind }) => kind === 'range') + 1));
    return true;
  }
  if (cursor.take('}')) {
    nodes.push({ kind: 'path', steps: [] });
    return true;
  }
  while (!cursor.take('}')) {
    if (cursor.atEnd()) throw invalid(cursor, 'an unclosed "{"');
    const before = cursor.position;
    nodes.push(parsePart(cursor));
    cursor.skipBlanks();
    if (cursor.position === before) throw invalid(cursor, 'unexpected character');
  }
  return true;
}

function parsePart(cursor: TextCursor): TemplateNode {
  const quoted = takeQuoted(cursor);
  return quoted === undefined ? { kind: 'path', steps: parseSteps(cursor) } : { kind: 'text', text: quoted };
}

function takeQuoted(cursor: TextCursor): string | undefined {
  const quote = cursor.peek();
  if (quote !== '"' && quote !== "'") return undefined;
  const text = cursor.takeQuoted();
  if (text === undefined) throw invalid(cursor, 'an unclosed quote, or an escape that is none,');
  return text;
}

function closeAction(cursor: TextCursor): void {
  cursor.skipBlanks();
  if (!cursor.take('}')) throw invalid(cursor, 'expected "}"');
}

/** `$` and `@` both stand for the current value, as they do in kubectl. */
function parseSteps(cursor: TextCursor): Step[] {
  const steps: Step[] = [];
  if (!cursor.take('$')) cursor.take('@');
  for (;;) {
    if (cursor.take('..')) {
      steps.push({ kind: 'recursive' });
      if (cursor.peek() !== '[') steps.push(...parseDotted(cursor));
    } else if (cursor.take('.')) steps.push(...parseDotted(cursor));
    else if (cursor.take('[')) steps.push(...parseBracket(cursor));
    else return steps;
  }
}

function parseDotted(cursor: TextCursor): Step[] {
  if (cursor.take('*')) return [{ kind: 'wildcard' }];
  const name = cursor.takeField(fieldEnd);
  return name === '' ? [] : [{ kind: 'field', name }];
}

function parseBracket(cursor: TextCursor): Step[] {
  if (cursor.take('?(')) return [parseFilter(cursor)];
  const branches: Step[][] = [];
  do {
    cursor.skipBlanks();
    branches.push(parseSubscript(cursor));
    cursor.skipBlanks();
  } while (cursor.take(','));
  if (!cursor.take(']')) throw invalid(cursor, 'expected "]"');
  const [only] = branches;
  return only !== undefined && branches.length === 1 ? only : [{ kind: 'union', branches }];
}

/** A name in quotes is a path, dots and all, as it is in kubectl; `\\.` is a dot of the name. */
function parseSubscript(cursor: TextCursor): Step[] {
  if (cursor.take('*')) return [{ kind: 'wildcard' }];
  const quoted = cursor.takeMatch(/'([^']*)'|"([^"]*)"/y);
  if (quoted !== undefined) return parsePath(`.${quoted[1] ?? quoted[2] ?? ''}`);
  const range = cursor.takeMatch(/(-?\d+)?(?::(-?\d+)?(?::(\d+)?)?)?/y);
  if (range === undefined || range[0] === '')
    throw invalid(cursor, 'expected an index, a name in quotes or *');
  const number = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : Number(text);
  if (!range[0].includes(':')) return [{ kind: 'index', index: Number(range[0]) }];
  return [{ kind: 'slice', start: number(range[1]), end: number(range[2]), by: number(range[3]) ?? 1 }];
}

function parseFilter(cursor: TextCursor): Step {
  const left = parseOperand(cursor);
  const operator = operators.find((symbol) => cursor.take(symbol));
  if (operator === undefined) {
    closeFilter(cursor);
    if (!('path' in left)) throw invalid(cursor, 'a filter of a constant');
    return { kind: 'exists', path: left.path };
  }
  const right = parseOperand(cursor);
  closeFilter(cursor);
  return { kind: 'filter', left, operator, right };
}

function closeFilter(cursor: TextCursor): void {
  if (!cursor.take(')]')) throw invalid(cursor, 'expected ")]"');
}

function parseOperand(cursor: TextCursor): Operand {
  cursor.skipBlanks();
  const operand = readOperand(cursor);
  cursor.skipBlanks();
  return operand;
}

function readOperand(cursor: TextCursor): Operand {
  const quoted = takeQuoted(cursor);
  if (quoted !== undefined) return { value: quoted };
  const constant = cursor.takeMatch(/(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
  if (constant !== undefined) return { value: JSON.parse(constant[0]) as unknown };
  const path = parseSteps(cursor);
  if (path.length === 0 && cursor.text[cursor.position - 1] !== '@') {
    throw invalid(cursor, 'expected a path, a number or a text in quotes');
  }
  return { path };
}
