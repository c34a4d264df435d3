/** Field errors in the words of k8s.io/apimachinery pkg/util/validation/field, release 1.35. */
export type FieldErrorReason =
  | 'FieldValueInvalid'
  | 'FieldValueTypeInvalid'
  | 'FieldValueRequired'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueDuplicate';

export interface FieldError {
  reason: FieldErrorReason;
  /** Dotted path; `<nil>` where the API server has no field to name. */
  field: string;
  /** What follows the field's name in the message. */
  body: string;
}

const leads: Record<FieldErrorReason, string> = {
  FieldValueInvalid: 'Invalid value',
  FieldValueTypeInvalid: 'Invalid value',
  FieldValueRequired: 'Required value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueDuplicate: 'Duplicate value',
};

const withoutValue = new Set<FieldErrorReason>([
  'FieldValueRequired',
  'FieldValueForbidden',
  'FieldValueTooLong',
]);

/** In place of a value: the API server leaves out objects and lists that break a rule. */
export const omitted = Symbol('omitted');

/** `value` is shown as JSON for every reason that shows one. */
export function fieldError(
  reason: FieldErrorReason,
  field: string,
  value: unknown,
  detail: string,
): FieldError {
  const bare = value === omitted || withoutValue.has(reason);
  const lead = bare ? leads[reason] : `${leads[reason]}: ${shown(value)}`;
  return { reason, field, body: detail === '' ? lead : `${lead}: ${detail}` };
}

export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return fieldError('FieldValueInvalid', field, value, detail);
}

export function requiredValue(field: string, detail = ''): FieldError {
  return fieldError('FieldValueRequired', field, '', detail);
}

export function notSupported(field: string, value: unknown, supported: readonly unknown[]): FieldError {
  const quoted = supported.map((one) => quoteGo(typeof one === 'string' ? one : JSON.stringify(one)));
  return fieldError('FieldValueNotSupported', field, value, `supported values: ${quoted.join(', ')}`);
}

export function tooLong(field: string, limit: number): FieldError {
  return fieldError(
    'FieldValueTooLong',
    field,
    '',
    `may not be more than ${limit} ${limit === 1 ? 'byte' : 'bytes'}`,
  );
}

export function tooMany(field: string, actual: number, limit: number): FieldError {
  return fieldError(
    'FieldValueTooMany',
    field,
    actual,
    `must have at most ${limit} ${limit === 1 ? 'item' : 'items'}`,
  );
}

export function causeOf(error: FieldError): { reason: string; message: string; field: string } {
  return { reason: error.reason, message: error.body, field: error.field };
}

/** One error as itself, several in brackets, the same text once. */
export function aggregateMessage(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.body}`))];
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
}

/** Go's %q for the strings that occur: JSON quoting differs only in rare control characters. */
function quoteGo(text: string): string {
  return JSON.stringify(text);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return quoteGo(value);
  return value === undefined ? 'null' : escapeHtml(JSON.stringify(value));
}

/** Go's JSON writer escapes these in every string. */
function escapeHtml(json: string): string {
  return json.replace(/[<>&]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
