import { notSupported, type FieldError } from './field-error.ts';
import { invalid } from './refusals.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface WriteOptions {
  dryRun: boolean;
  fieldValidation: FieldValidation;
}

const fieldValidations = ['Ignore', 'Strict', 'Warn'] as const;

/** `optionsKind`: CreateOptions, UpdateOptions, PatchOptions. @throws a 422 refusal */
export function readWriteOptions(query: URLSearchParams, optionsKind: string): WriteOptions {
  const dryRun = query.getAll('dryRun');
  const directive = query.get('fieldValidation') ?? '';
  const errors: FieldError[] = checkDryRun(dryRun);
  const fieldValidation = directive === '' ? 'Warn' : fieldValidations.find((one) => one === directive);
  if (fieldValidation === undefined) {
    errors.push(notSupported('fieldValidation', directive, ['', ...fieldValidations]));
  }
  if (errors.length > 0) throw invalid('meta.k8s.io', optionsKind, '', errors);
  return { dryRun: dryRun.length > 0, fieldValidation: fieldValidation ?? 'Warn' };
}

export function checkDryRun(values: readonly string[]): FieldError[] {
  return values.every((value) => value === 'All') ? [] : [notSupported('dryRun', values, ['All'])];
}
