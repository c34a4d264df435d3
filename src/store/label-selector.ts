/** Label selectors in the full syntax of k8s.io/apimachinery pkg/labels. */
import { aggregateMessage, invalidValue, type FieldError } from './field-error.ts';
import { checkLabelValue, checkQualifiedName } from './names.ts';
import { badRequest } from './refusals.ts';

type Operator = 'in' | 'notin' | 'exists' | 'absent' | 'gt' | 'lt';

export interface LabelRequirement {
  key: string;
  operator: Operator;
  values: readonly string[];
}

interface Token {
  kind: 'word' | 'symbol' | 'end';
  text: string;
}

const symbols = ['==', '!=', '=', '>', '<', '!', '(', ')', ','];
const binaryOperators = ['=', '==', '!=', 'in', 'notin', '>', '<'];
const listedOperators = 'in, notin, =, ==, !=, gt, lt';

/** @throws a 400 refusal */
export function readLabelSelector(text: string | null): LabelRequirement[] {
  if (text === null || text.trim() === '') return [];
  return new SelectorParser(text).parse();
}

class SelectorParser {
  readonly #tokens: Token[];
  #position = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  parse(): LabelRequirement[] {
    const requirements: LabelRequirement[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'end') return requirements;
      if (token.kind !== 'word' && token.text !== '!') {
        throw refused(`found '${token.text}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.#requirement());
      const separator = this.#take();
      if (separator.kind === 'end') return requirements;
      if (separator.text !== ',') {
        throw refused(`found '${separator.text}', expected: ',' or 'end of string'`);
      }
      const next = this.#peek();
      if (next.kind !== 'word' && next.text !== '!') {
        throw refused(`found '${next.text}', expected: identifier after ','`);
      }
    }
  }

  #peek(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', text: '' };
  }

  #take(): Token {
    const token = this.#peek();
    this.#position += 1;
    return token;
  }

  #requirement(): LabelRequirement {
    const negated = this.#peek().text === '!';
    if (negated) this.#take();
    const key = this.#take();
    if (key.kind !== 'word') throw unparsable(`found '${key.text}', expected: identifier`);
    if (negated) return checked({ key: key.text, operator: 'absent', values: [] });
    const next = this.#peek();
    if (next.kind === 'end' || next.text === ',') {
      return checked({ key: key.text, operator: 'exists', values: [] });
    }
    return this.#comparison(key.text);
  }

  #comparison(key: string): LabelRequirement {
    const { text } = this.#take();
    if (!binaryOperators.includes(text)) {
      throw unparsable(`found '${text}', expected: ${listedOperators}`);
    }
    if (text === 'in' || text === 'notin') {
      return checked({ key, operator: text, values: this.#list() });
    }
    const operators: Record<string, Operator> = { '!=': 'notin', '>': 'gt', '<': 'lt' };
    return checked({ key, operator: operators[text] ?? 'in', values: [this.#value()] });
  }

  #value(): string {
    const token = this.#peek();
    if (token.kind === 'end' || token.text === ',') return '';
    if (token.kind !== 'word') throw unparsable(`found '${token.text}', expected: identifier`);
    return this.#take().text;
  }

  #list(): string[] {
    const open = this.#take();
    if (open.text !== '(') throw unparsable(`found '${open.text}' expected: '('`);
    const values: string[] = [];
    for (;;) {
      values.push(this.#peek().kind === 'word' ? this.#take().text : '');
      const separator = this.#take();
      if (separator.text === ')') return [...new Set(values)];
      if (separator.text !== ',') {
        throw unparsable(`found '${separator.text}', expected: ',' or ')'`);
      }
    }
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const symbol = symbols.find((one) => rest.startsWith(one));
    const word = symbol ?? /^[^\s=!<>(),]+/u.exec(rest)?.[0] ?? rest.charAt(0);
    tokens.push({ kind: symbol === undefined ? 'word' : 'symbol', text: word });
    rest = rest.slice(word.length).trimStart();
  }
  return tokens;
}

function checked(requirement: LabelRequirement): LabelRequirement {
  const { key, operator, values } = requirement;
  const errors: FieldError[] = [];
  const keyErrors = checkQualifiedName(key);
  if (keyErrors.length > 0) errors.push(invalidValue('key', key, keyErrors.join('; ')));
  values.forEach((value, index) => {
    if ((operator === 'gt' || operator === 'lt') && !/^[+-]?\d+$/.test(value)) {
      const text = "for 'Gt', 'Lt' operators, the value must be an integer";
      errors.push(invalidValue(`values[${index}]`, value, text));
    }
    const valueErrors = checkLabelValue(value);
    if (valueErrors.length > 0) {
      errors.push(invalidValue(`values[${index}][${key}]`, value, valueErrors.join('; ')));
    }
  });
  if (errors.length > 0) throw unparsable(aggregateMessage(errors));
  return requirement;
}

/** The API server wraps what its parser says of one requirement. */
function unparsable(text: string): Error {
  return refused(`unable to parse requirement: ${text}`);
}

function refused(text: string): Error {
  return badRequest(text);
}

export function matchesLabels(
  labels: Readonly<Record<string, string>> | undefined,
  requirements: readonly LabelRequirement[],
): boolean {
  return requirements.every((requirement) => matchesOne(labels ?? {}, requirement));
}

function matchesOne(labels: Readonly<Record<string, string>>, requirement: LabelRequirement): boolean {
  const { key, operator, values } = requirement;
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    default:
      return compares(value, operator, values[0] ?? '');
  }
}

function compares(value: string | undefined, operator: 'gt' | 'lt', limit: string): boolean {
  if (value === undefined || !/^[+-]?\d+$/.test(value)) return false;
  return operator === 'gt' ? BigInt(value) > BigInt(limit) : BigInt(value) < BigInt(limit);
}
