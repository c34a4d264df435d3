import { createHash } from 'node:crypto';
import type { Plan, PlannedAction } from './plan.ts';

/**
 * The SHA-256 of what a plan says, in lower-case hex: of its canonical form, so after include, `${KEY}` and `${env:…}`,
 * with defaults filled in. Comments, the order of keys and the form of an action do not change it; any text that is sent does.
 * It never covers anything live: no time, no title, no configuration.
 */
export function planHash(plan: Plan): string {
  const content = { ...plan, actions: plan.actions.map(contentOf) };
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}

const shortDigits = 12;

/** The beginning of a hash, for a line or a table: enough to tell plans apart, and to expect one. */
export function shortHash(hash: string): string {
  return hash.slice(0, shortDigits);
}

/** Whether somebody who wrote this down, in whole or at least 12 digits of it, meant this hash. */
export function isHashExpected(hash: string, expected: string): boolean {
  return expected.length >= shortDigits && hash.startsWith(expected.toLowerCase());
}

/** An action without its place: where two plans do the same in the same order they are the same. */
function contentOf(action: PlannedAction): object {
  return Object.fromEntries(Object.entries(action).filter(([key]) => !placeKeys.has(key)));
}

const placeKeys = new Set(['index', 'phase', 'dependsOn', 'replaces']);

/** JSON with the keys of every mapping sorted by code unit, and without what is undefined. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}
