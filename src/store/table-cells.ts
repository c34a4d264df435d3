/** What the cells of tables are made of. */
import { formatAge } from '../time/age.ts';
import { atPath, isObject, type Json } from './json.ts';

export const at = (object: Json, dotted: string): unknown => atPath(object, dotted.split('.'));

export function text(object: Json, dotted: string, absent = ''): string {
  const value = at(object, dotted);
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : absent;
}

export function whole(object: Json, dotted: string, absent = 0): number {
  const value = at(object, dotted);
  return typeof value === 'number' ? value : absent;
}

export function objectsAt(object: Json, dotted: string): Json[] {
  const value = at(object, dotted);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function size(object: Json, dotted: string): number {
  const value = at(object, dotted);
  return isObject(value) ? Object.keys(value).length : 0;
}

/** How long ago a time was, as an API server counts it. */
export function since(time: unknown, nowMs: number): string {
  const moment = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(moment) ? '<unknown>' : formatAge((nowMs - moment) / 1000);
}

export function textsAt(object: Json, dotted: string): string[] {
  const value = at(object, dotted);
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
