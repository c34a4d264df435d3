/** kubectl's JSONPath template language, as values. */
export type TemplateNode =
  | { kind: 'text'; text: string }
  | { kind: 'path'; steps: Step[] }
  | { kind: 'range'; steps: Step[]; body: TemplateNode[] };

/** One step of a path, from values to what they hold. */
export type Step =
  | { kind: 'field'; name: string }
  | { kind: 'wildcard' }
  | { kind: 'recursive' }
  | { kind: 'index'; index: number }
  | { kind: 'slice'; start: number | undefined; end: number | undefined; by: number }
  | { kind: 'union'; branches: Step[][] }
  | { kind: 'filter'; left: Operand; operator: Operator; right: Operand }
  | { kind: 'exists'; path: Step[] };

/** What a filter compares by. */
export type Operator = '==' | '!=' | '<' | '>' | '<=' | '>=';

/** One side of a comparison in a filter: a path from the element, or a constant. */
export type Operand = { path: Step[] } | { value: unknown };
