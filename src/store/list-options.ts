/** Query parameters of LIST and WATCH. */
import { fieldError, notSupported, type FieldError } from './field-error.ts';
import { readFieldSelector, type FieldRequirement } from './field-selector.ts';
import { readLabelSelector, type LabelRequirement } from './label-selector.ts';
import { badRequest, invalid } from './refusals.ts';
import type { ServedKind } from './served-kind.ts';

export interface ListOptions {
  fields: FieldRequirement[];
  labels: LabelRequirement[];
  /** 0: no limit. */
  limit: number;
  continueToken: string;
  /** Empty: not given. */
  resourceVersion: string;
  resourceVersionMatch: string;
  watch: boolean;
  allowBookmarks: boolean;
  sendInitialEvents: boolean | undefined;
  /** 0: not given. */
  timeoutSeconds: number;
}

/** @throws 400 and 422 refusals */
export function readListOptions(query: URLSearchParams, kind: ServedKind): ListOptions {
  const options: ListOptions = {
    labels: readLabelSelector(query.get('labelSelector')),
    fields: [],
    limit: readInteger(query, 'limit'),
    continueToken: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    watch: readFlag(query.get('watch')) ?? false,
    allowBookmarks: readFlag(query.get('allowWatchBookmarks')) ?? false,
    sendInitialEvents: readFlag(query.get('sendInitialEvents')),
    timeoutSeconds: readInteger(query, 'timeoutSeconds'),
  };
  const errors = options.watch ? checkWatch(options) : checkList(options);
  if (errors.length > 0) throw invalid('meta.k8s.io', 'ListOptions', '', errors);
  return { ...options, fields: readFieldSelector(query.get('fieldSelector'), kind) };
}

/** As the API server converts flags: `false` and `0` are false, whatever else is there is true. */
function readFlag(value: string | null): boolean | undefined {
  if (value === null) return undefined;
  return !['false', '0'].includes(value.toLowerCase());
}

function readInteger(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (text === null || text === '') return 0;
  if (!/^[+-]?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

function forbiddenMatch(text: string): FieldError {
  return fieldError('FieldValueForbidden', 'resourceVersionMatch', '', text);
}

function checkList(options: ListOptions): FieldError[] {
  const { resourceVersionMatch: match, resourceVersion } = options;
  const errors: FieldError[] = [];
  if (match !== '') {
    if (resourceVersion === '') {
      errors.push(forbiddenMatch('resourceVersionMatch is forbidden unless resourceVersion is provided'));
    }
    if (options.continueToken !== '') {
      errors.push(forbiddenMatch('resourceVersionMatch is forbidden when continue is provided'));
    }
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      errors.push(notSupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']));
    }
    if (match === 'Exact' && resourceVersion === '0') {
      errors.push(forbiddenMatch('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
    }
  }
  if (options.sendInitialEvents !== undefined) {
    const text = 'sendInitialEvents is forbidden for list';
    errors.push(fieldError('FieldValueForbidden', 'sendInitialEvents', '', text));
  }
  return errors;
}

function checkWatch(options: ListOptions): FieldError[] {
  const { resourceVersionMatch: match, sendInitialEvents } = options;
  const errors: FieldError[] = [];
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    errors.push(forbiddenMatch('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  }
  if (match === '') return [...errors, ...checkImpliedMatch(options)];
  if (sendInitialEvents === undefined) {
    errors.push(
      forbiddenMatch('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'),
    );
  }
  if (match !== 'NotOlderThan') {
    errors.push(notSupported('resourceVersionMatch', match, ['NotOlderThan']));
  }
  if (options.continueToken !== '') {
    errors.push(forbiddenMatch('resourceVersionMatch is forbidden when continue is provided'));
  }
  return errors;
}

/** A watch from now on is given initial events by default, and with them a match. */
function checkImpliedMatch(options: ListOptions): FieldError[] {
  const fromNow = options.resourceVersion === '' || options.resourceVersion === '0';
  if (options.sendInitialEvents !== undefined || !fromNow || options.continueToken === '') return [];
  return [forbiddenMatch('resourceVersionMatch is forbidden when continue is provided')];
}

/** The number in a resourceVersion parameter; undefined when none is given. @throws what `refuse` makes */
export function readVersion(text: string, refuse: (why: string) => Error): number | undefined {
  if (text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    const shown = JSON.stringify(text);
    throw refuse(
      `resourceVersion: Invalid value: ${shown}: strconv.ParseUint: parsing ${shown}: invalid syntax`,
    );
  }
  return Number(text);
}
