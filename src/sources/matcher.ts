import { RemedyError } from '../errors/remedy-error.ts';
import { optionName } from '../errors/option-name.ts';

/** One condition on a label, as Prometheus and AlertManager write it. */
export interface Matcher {
  label: string;
  operator: '=' | '!=' | '=~' | '!~';
  value: string;
}

/** A longer expression is no matcher that somebody typed. */
const longestExpression = 1_000;
const written =
  /^\s*([a-zA-Z_:][\w:.]*|"(?:[^"\\]|\\.)*")\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"{},\s]*))\s*$/;

/** Reads `severity=critical`, `{namespace=~"shop|pay"}` and the like; several stand between commas. @throws INVALID_OPTION */
export function readMatchers(text: string): Matcher[] {
  const inner = text.trim().replace(/^\{([\s\S]*)\}$/, '$1');
  return splitAtCommas(inner).map((part) => readMatcher(part, text));
}

/** The way AlertManager takes it. */
export function matcherText({ label, operator, value }: Matcher): string {
  return `${label}${operator}${JSON.stringify(value)}`;
}

/** Whether labels have what all matchers want; a label that is absent is empty, and expressions match the whole value. */
export function isMatch(labels: Readonly<Record<string, unknown>>, matchers: readonly Matcher[]): boolean {
  return matchers.every(({ label, operator, value }) => {
    const own = Object.hasOwn(labels, label) ? labels[label] : '';
    const text = typeof own === 'string' ? own : '';
    if (operator === '=') return text === value;
    if (operator === '!=') return text !== value;
    return new RegExp(`^(?:${value})$`, 's').test(text) === (operator === '=~');
  });
}

function readMatcher(part: string, whole: string): Matcher {
  const [, label, operator, quoted, bare = ''] = written.exec(part) ?? [];
  if (label === undefined || operator === undefined)
    throw invalid(whole, 'no matcher such as severity="critical"');
  const value = quoted === undefined ? bare : unescape(quoted);
  if (operator.endsWith('~') && !isExpressionOf(value)) {
    throw invalid(whole, `${JSON.stringify(value.slice(0, 60))} is no regular expression`);
  }
  const name = label.startsWith('"') ? unescape(label.slice(1, -1)) : label;
  return { label: name, operator: operator as Matcher['operator'], value };
}

function isExpressionOf(value: string): boolean {
  if (value.length > longestExpression) return false;
  try {
    new RegExp(`^(?:${value})$`, 's');
    return true;
  } catch {
    return false;
  }
}

/** Commas in quotes are of the value. */
function splitAtCommas(text: string): string[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"]|")+/g) ?? [''];
  return parts.filter((part, index) => part.trim() !== '' || index === 0);
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}

function invalid(text: string, problem: string): RemedyError {
  return new RemedyError('INVALID_OPTION', `${optionName('filter')} ${text}: ${problem}`, {
    hint: 'write matchers as Prometheus does: name="value", name!="value", name=~"expression", name!~"expression"',
  });
}
