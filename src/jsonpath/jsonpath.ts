import { RemedyError } from '../errors/remedy-error.ts';
import { exactJson } from '../text/exact-json.ts';
import { goText } from './go-text.ts';
import { parsePath, parseTemplate } from './jsonpath-parse.ts';
import type { Operand, Operator, Step, TemplateNode } from './jsonpath-syntax.ts';

/**
 * A template of kubectl's `-o jsonpath`, ready to run: ranges, filters, slices, unions and recursive descent.
 * A missing field prints nothing; an index outside of an array is an error (INVALID_OPTION), both as in kubectl. Where `onMiss`
 * is given it is called with that error, the path prints nothing, and the rest of the template goes on.
 */
export function compileTemplate(
  text: string,
  onMiss?: (failure: RemedyError) => void,
): (value: unknown) => string {
  const nodes = parseTemplate(text);
  const look = onMiss === undefined ? find : findOr(onMiss);
  return (value) => nodes.map((node) => renderNode(node, value, look)).join('');
}

type Look = (steps: readonly Step[], values: unknown[]) => unknown[];

/** Finds nothing where a path does not apply, and says why. */
function findOr(onMiss: (failure: RemedyError) => void): Look {
  return (steps, values) => {
    try {
      return find(steps, values);
    } catch (thrown) {
      if (!(thrown instanceof RemedyError)) throw thrown;
      onMiss(thrown);
      return [];
    }
  };
}

/** A path's values as they are; none where it leads nowhere. */
export function compileQuery(text: string): (value: unknown) => unknown[] {
  const steps = parsePath(text);
  const look = findOr(() => undefined);
  return (value) => look(steps, [value]);
}

/** One path of a custom column: the values it finds, as text; none where it does not apply. */
export function compilePath(text: string): (value: unknown) => string[] {
  const query = compileQuery(text);
  return (value) => query(value).map(goText);
}

function renderNode(node: TemplateNode, value: unknown, look: Look): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'path':
      return look(node.steps, [value]).map(toText).join(' ');
    case 'range':
      return look(node.steps, [value])
        .map((item) => node.body.map((inner) => renderNode(inner, item, look)).join(''))
        .join('');
  }
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? goText(value) : exactJson(value);
}

function find(steps: readonly Step[], values: unknown[]): unknown[] {
  let found = values;
  for (const step of steps) {
    const from = found;
    found =
      step.kind === 'union'
        ? step.branches.flatMap((branch) => find(branch, from))
        : from.flatMap((value) => applyStep(step, value));
  }
  return found;
}

function applyStep(step: Exclude<Step, { kind: 'union' }>, value: unknown): unknown[] {
  switch (step.kind) {
    case 'field':
      return fieldOf(value, step.name);
    case 'wildcard':
      return childrenOf(value);
    case 'recursive':
      return withDescendants(value);
    case 'index':
      return [elementAt(value, step.index)].filter((element) => element !== undefined);
    case 'slice':
      return sliceOf(value, step);
    case 'filter':
      return childrenOf(value).filter((child) => holds(step, child));
    case 'exists':
      return childrenOf(value).filter((child) => find(step.path, [child]).length > 0);
  }
}

function fieldOf(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.hasOwn(value, name) ? [(value as Record<string, unknown>)[name]] : [];
}

function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function withDescendants(value: unknown): unknown[] {
  return [value, ...childrenOf(value).flatMap(withDescendants)];
}

function elementAt(value: unknown, index: number): unknown {
  if (!Array.isArray(value)) return undefined;
  const at = index < 0 ? value.length + index : index;
  if (at < 0 || at >= value.length) {
    throw new RemedyError(
      'INVALID_OPTION',
      `jsonpath: array index out of bounds: index ${index}, length ${value.length}`,
    );
  }
  return value[at];
}

function sliceOf(value: unknown, step: Extract<Step, { kind: 'slice' }>): unknown[] {
  if (!Array.isArray(value)) return [];
  const by = Math.max(1, step.by);
  return value.slice(step.start ?? 0, step.end).filter((_, index) => index % by === 0);
}

function holds(filter: Extract<Step, { kind: 'filter' }>, child: unknown): boolean {
  const left = operandOf(filter.left, child);
  const right = operandOf(filter.right, child);
  return left.length === 1 && right.length === 1 && compare(left[0], filter.operator, right[0]);
}

function operandOf(operand: Operand, child: unknown): unknown[] {
  return 'path' in operand ? find(operand.path, [child]) : [operand.value];
}

function compare(left: unknown, operator: Operator, right: unknown): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const order = orderOf(left, right);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '>') return order > 0;
  return operator === '<=' ? order <= 0 : order >= 0;
}

/** Numbers by size, texts by code unit; values of two types have no order. */
function orderOf(left: unknown, right: unknown): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  return left < right ? -1 : Number(left > right);
}
