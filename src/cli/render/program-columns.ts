/** Tables of what the program itself is and goes by. */
import type { ConfigEntry } from '../../config/config-listing.ts';
import { describeOrigin } from '../../config/origin.ts';
import type { ShownValue } from '../../config/setting.ts';
import type { TableColumn } from './table.ts';

/** Settings, their values and where each of them comes from. */
export const settingColumns: readonly TableColumn<ConfigEntry>[] = [
  { header: 'SETTING', cell: ({ key }) => key, key: true },
  { header: 'VALUE', cell: ({ value }) => showValue(value) },
  { header: 'ORIGIN', cell: ({ origin }) => describeOrigin(origin) },
];

function showValue(value: ShownValue): string | undefined {
  if (value === null) return undefined;
  return typeof value === 'object' ? value.join(',') : String(value);
}

/** Where files are. */
export const pathColumns: readonly TableColumn<{ what: string; path: string; state: string }>[] = [
  { header: 'WHAT', cell: ({ what }) => what, key: true },
  { header: 'PATH', cell: ({ path }) => path, key: true },
  { header: 'STATE', cell: ({ state }) => state },
];

/** The versions of the client and of the server. */
export const versionColumns: readonly TableColumn<{
  what: string;
  version: string | undefined;
  about: string | undefined;
}>[] = [
  { header: 'WHAT', cell: ({ what }) => what, key: true },
  { header: 'VERSION', cell: ({ version }) => version, key: true },
  { header: 'ABOUT', cell: ({ about }) => about },
];

/** A file that was written. */
export const wroteColumns: readonly TableColumn<string>[] = [
  { header: 'WROTE', cell: (file) => file, key: true },
];
