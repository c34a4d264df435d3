/** kubectl's JSONPath template language, as values. */
export type TemplateNode =
  | { kind: 'text'; text: string }
  | { kind: 'path'; steps: Step[] }
  | { kind: 'range'; steps: Step[]; body: TemplateNode[] };

export type Step =
  | { kind: 'field'; name: string }
  | { kind: 'wildcard' }
  | { kind: 'recursive' }
  | { kind: 'index'; index: number }
  | { kind: 'slice'; start: number | undefined; end: number | undefined; by: number }
  | { kind: 'union'; branches: Step[][] }
  | { kind: 'filter'; left: Operand; operator: Operator; right: Operand }
  | { kind: 'exists'; path: Step[] };

export type Operator = '==' | '!=' | '<' | '>' | '<=' | '>=';

export type Operand = { path: Step[] } | { value: unknown };
