/** The checks of one value that look at nothing below it. */
import { fieldError, invalidValue, notSupported, tooLong, type FieldError } from './field-error.ts';
import { isObject, sameJson } from './json.ts';
import { isKnownFormat, matchesFormat } from './schema-formats.ts';
import type { Schema } from './schema.ts';

export function checkType(schema: Schema, path: string, value: unknown): FieldError[] {
  const types = typesOf(schema);
  const format = checkedFormat(schema);
  if (value === null) {
    return types.length > 0 && schema.nullable !== true ? [wrongType(path, types.join(','), 'null')] : [];
  }
  if (types.length === 0) return [];
  const found = typeOf(value);
  const fits = types.includes(found.type) || fitsAsNumber(types, found.type, value);
  if (fits) return [];
  if (format === undefined) return [wrongType(path, types.join(','), found.type)];
  // A value with a format is refused by the name of the format, except texts and lists, which are left to it.
  return typeof value === 'string' || Array.isArray(value) ? [] : [wrongType(path, format, found.format)];
}

/** The API server ignores formats that it does not know, those of numbers among them. */
function checkedFormat(schema: Schema): string | undefined {
  return schema.format !== undefined && isKnownFormat(schema.format) ? schema.format : undefined;
}

function typesOf(schema: Schema): string[] {
  if (schema['x-kubernetes-int-or-string'] === true) return ['integer', 'string'];
  return schema.type === undefined ? [] : [schema.type];
}

function fitsAsNumber(types: string[], found: string, value: unknown): boolean {
  if (found === 'integer') return types.includes('number');
  return found === 'number' && types.includes('integer') && Number.isInteger(value);
}

interface FoundType {
  type: string;
  format: string;
}

function typeOf(value: unknown): FoundType {
  if (typeof value === 'string') return { type: 'string', format: '' };
  if (typeof value === 'boolean') return { type: 'boolean', format: '' };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value)
      ? { type: 'integer', format: 'int64' }
      : { type: 'number', format: 'double' };
  }
  if (Array.isArray(value)) return { type: 'array', format: '' };
  return { type: isObject(value) ? 'object' : 'null', format: '' };
}

function wrongType(path: string, wanted: string, shown: string): FieldError {
  const detail = `${path} in body must be of type ${wanted}: ${JSON.stringify(shown)}`;
  return fieldError('FieldValueTypeInvalid', path, shown, detail);
}

/** Length and pattern (the first that fails), then the format. */
export function checkText(schema: Schema, path: string, text: string): FieldError[] {
  const errors = checkLengthAndPattern(schema, path, text);
  if (schema.format !== undefined && !matchesFormat(schema.format, text)) {
    errors.push(wrongType(path, schema.format, text));
  }
  return errors;
}

function checkLengthAndPattern(schema: Schema, path: string, text: string): FieldError[] {
  if (schema.maxLength !== undefined && lengthInCharacters(text) > schema.maxLength) {
    return [tooLong(path, schema.maxLength)];
  }
  if (schema.minLength !== undefined && lengthInCharacters(text) < schema.minLength) {
    return [invalidValue(path, text, `${path} in body should be at least ${schema.minLength} chars long`)];
  }
  if (schema.pattern !== undefined && !compiled(schema.pattern).test(text)) {
    return [invalidValue(path, text, `${path} in body should match '${schema.pattern}'`)];
  }
  return [];
}

function lengthInCharacters(text: string): number {
  let length = 0;
  for (const character of text) length += character === '' ? 0 : 1;
  return length;
}

const patterns = new Map<string, RegExp>();

/** RE2 patterns of definitions; what JavaScript cannot read matches everything rather than refusing every write. */
function compiled(pattern: string): RegExp {
  let known = patterns.get(pattern);
  if (known === undefined) {
    known = readPattern(pattern);
    patterns.set(pattern, known);
  }
  return known;
}

function readPattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    try {
      return new RegExp(pattern);
    } catch {
      return /(?:)/;
    }
  }
}

export function checkEnum(schema: Schema, path: string, value: unknown): FieldError[] {
  if (schema.enum === undefined || schema.enum.length === 0) return [];
  if (schema.enum.some((one) => sameJson(one, value))) return [];
  return [notSupported(path, value, schema.enum)];
}

export function checkNumber(schema: Schema, path: string, value: number): FieldError[] {
  const errors: FieldError[] = [];
  const { multipleOf, minimum, maximum } = schema;
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    errors.push(invalidValue(path, value, `${path} in body should be a multiple of ${multipleOf}`));
  }
  if (minimum !== undefined) errors.push(...checkBound(path, value, lowerBound(schema, minimum)));
  if (maximum !== undefined) errors.push(...checkBound(path, value, upperBound(schema, maximum)));
  return errors;
}

interface Bound {
  holds: (value: number) => boolean;
  text: string;
}

function lowerBound(schema: Schema, minimum: number): Bound {
  return schema.exclusiveMinimum === true
    ? { holds: (value) => value > minimum, text: `greater than ${minimum}` }
    : { holds: (value) => value >= minimum, text: `greater than or equal to ${minimum}` };
}

function upperBound(schema: Schema, maximum: number): Bound {
  return schema.exclusiveMaximum === true
    ? { holds: (value) => value < maximum, text: `less than ${maximum}` }
    : { holds: (value) => value <= maximum, text: `less than or equal to ${maximum}` };
}

function checkBound(path: string, value: number, bound: Bound): FieldError[] {
  return bound.holds(value) ? [] : [invalidValue(path, value, `${path} in body should be ${bound.text}`)];
}
