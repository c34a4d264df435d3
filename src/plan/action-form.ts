/** One element of `actions`: in short (`service_log: {…}`) or explicit form (`type: service_log`), or an include. */
import type { ConfigProblem } from '../documents/config-problem.ts';
import type { DocumentPlaces, KeyPath } from '../documents/document-places.ts';
import { nearest } from '../text/nearest.ts';
import { problemsOf } from '../documents/schema-problems.ts';
import { bodyJsonSchema, bodySchemas, noteKinds } from './plan-schema.ts';
import { actionTypes, type ActionType, type NoteLine } from './plan.ts';

/** The fields of an action with defaults, as the schema gives them. */
export interface ActionFields {
  readonly type: ActionType;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Where a value stands, to complain about it. */
export interface Place {
  readonly places: DocumentPlaces;
  readonly at: KeyPath;
}

/** An action, the file of an include, or everything that is wrong with the element. */
export type ReadAction = ActionFields | { readonly include: string } | { readonly problems: ConfigProblem[] };

/** Reads one element of `actions` as the file has it. */
export function readAction(value: unknown, place: Place): ReadAction {
  if (!isMapping(value)) return complain(place, [], 'must be a mapping such as service_log: {…}');
  if ('include' in value) return readInclude(value, place);
  if ('type' in value) return readExplicit(value, place);
  return readShort(value, place);
}

function readInclude(value: Record<string, unknown>, place: Place): ReadAction {
  const { include, ...others } = value;
  const [other] = Object.keys(others);
  if (other !== undefined) return complain(place, [other], 'stands beside include, which stands alone');
  if (typeof include === 'string' && include !== '') return { include };
  return complain(place, ['include'], 'must be the name of a file');
}

function readExplicit(value: Record<string, unknown>, place: Place): ReadAction {
  const { type, ...fields } = value;
  if (isActionType(type)) return readFields(type, fields, { place, at: [] });
  const suggestion = typeof type === 'string' ? nearestAction(type, []) : undefined;
  return complain(place, ['type'], `must be one of ${actionTypes.join(', ')}`, suggestion);
}

function readShort(value: Record<string, unknown>, place: Place): ReadAction {
  const [first, second] = Object.keys(value);
  if (first === undefined) return complain(place, [], 'is empty: name an action');
  const type = first;
  if (!isActionType(type)) {
    return complain(place, [first], 'is no action', nearestAction(first, ['type', 'include']));
  }
  if (second !== undefined) {
    return complain(place, [second], `stands beside ${first}: each action is an element of its own`);
  }
  // `escalate_incident:` with nothing behind it is an action without fields
  return readFields(type, value[type] ?? {}, { place, at: [type] });
}

function readFields(
  type: ActionType,
  fields: unknown,
  { place, at }: { place: Place; at: KeyPath },
): ReadAction {
  const checked = bodySchemas[type].safeParse(fields, { reportInput: true });
  if (checked.success) return { type, fields: checked.data as Record<string, unknown> };
  const where = [...place.at, ...at];
  return { problems: problemsOf(checked.error.issues, place.places, bodyJsonSchema(type), where) };
}

/** A line of the notes, or what is wrong with it. */
export function readNote(value: unknown, place: Place): NoteLine | { problems: ConfigProblem[] } {
  const wanted = `must be one of ${noteKinds.join(', ')} with a text`;
  if (!isMapping(value)) return complain(place, [], wanted);
  const [key, second] = Object.keys(value);
  const kind = noteKinds.find((one) => one === key);
  if (kind === undefined || second !== undefined) {
    const suggestion = second === undefined ? nearest(key ?? '', noteKinds) : undefined;
    return complain(place, second === undefined && key !== undefined ? [key] : [], wanted, suggestion);
  }
  const text = value[kind];
  if (typeof text !== 'string') return complain(place, [kind], 'must be a text');
  if (/\p{Cs}/u.test(text)) return complain(place, [kind], 'holds half of a surrogate pair');
  return { kind, text };
}

function complain(
  { places, at }: Place,
  inner: KeyPath,
  message: string,
  suggestion?: string,
): { problems: ConfigProblem[] } {
  const problem = places.problemAt([...at, ...inner], message);
  return { problems: [suggestion === undefined ? problem : { ...problem, suggestion }] };
}

/** The action that was meant; a part of one name alone will do: `silence`, `note`. */
function nearestAction(word: string, others: readonly string[]): string | undefined {
  const lowered = word.toLowerCase().replaceAll('-', '_');
  const close = nearest(lowered, [...actionTypes, ...others]);
  if (close !== undefined) return close;
  const [part, another] = actionTypes.filter((type) => type.split('_').includes(lowered));
  return another === undefined ? part : undefined;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isActionType(word: unknown): word is ActionType {
  return actionTypes.some((type) => type === word);
}
