import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { ObjectTable } from './object-table.ts';
import type { KindCatalog, ServedKind } from './served-kind.ts';
import type { WriteOptions } from './write-options.ts';

/** What every handler may use. */
export interface StoreScope {
  table: ObjectTable;
  /** As of now: other processes may import definitions. */
  catalog(): KindCatalog;
  clock: Clock;
  random: Random;
}

/** A write to one object, or to the collection when `name` is empty. */
export interface WriteRequest {
  kind: ServedKind;
  ns: string;
  name: string;
  subresource: string;
  body: string | undefined;
  contentType: string;
  userAgent: string;
  query: URLSearchParams;
  options: WriteOptions;
}

/** Whole seconds, as metav1.Time is written. */
export function secondsText(clock: Clock): string {
  return `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
}
