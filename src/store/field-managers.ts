/** The entries of `metadata.managedFields`: who set which fields, how, and when. */
import { FieldSet } from './field-set.ts';
import { isObject, type Json } from './json.ts';

export type Operation = 'Apply' | 'Update';

/** One entry of `managedFields`. */
export interface Manager {
  manager: string;
  operation: Operation;
  apiVersion: string;
  subresource: string;
  /** RFC 3339; empty: none. */
  time: string;
  fields: FieldSet;
}

const mostUpdateManagers = 10;

/** One manager has one entry for its updates in each version, and one for all that it applied. */
function identityOf({ manager, operation, apiVersion, subresource }: Manager): string {
  return JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource]);
}

export class Managers {
  readonly #byIdentity = new Map<string, Manager>();

  /** What cannot be read is no entry: then nothing is followed. */
  static read(entries: unknown): Managers {
    const managers = new Managers();
    if (!Array.isArray(entries)) return managers;
    const read = entries.map(readEntry);
    for (const manager of read) {
      if (manager === undefined) return new Managers();
      managers.set(manager);
    }
    return managers;
  }

  get isEmpty(): boolean {
    return this.#byIdentity.size === 0;
  }

  get(like: Manager): Manager | undefined {
    return this.#byIdentity.get(identityOf(like));
  }

  set(manager: Manager): void {
    if (manager.fields.isEmpty) this.#byIdentity.delete(identityOf(manager));
    else this.#byIdentity.set(identityOf(manager), manager);
  }

  remove(manager: Manager): void {
    this.#byIdentity.delete(identityOf(manager));
  }

  *others(self: Manager): Generator<Manager> {
    for (const manager of this.all()) if (identityOf(manager) !== identityOf(self)) yield manager;
  }

  all(): Manager[] {
    return [...this.#byIdentity.values()];
  }

  /** The oldest updates beyond so many become one entry. */
  capUpdates(): void {
    const updates = this.all()
      .filter(({ operation }) => operation === 'Update')
      .sort((one, other) => (one.time === other.time ? 0 : one.time < other.time ? -1 : 1));
    const first = new Map<string, Manager>();
    let count = updates.length;
    for (const entry of updates) {
      if (count <= mostUpdateManagers) return;
      const { apiVersion } = entry;
      const older = first.get(apiVersion);
      if (older === undefined) {
        first.set(apiVersion, entry);
        continue;
      }
      this.remove(older);
      this.remove(entry);
      const bucket: Manager = {
        ...entry,
        manager: 'ancient-changes',
        subresource: '',
        fields: older.fields.union(entry.fields),
      };
      this.set(bucket);
      first.set(apiVersion, bucket);
      count -= 1;
    }
  }

  toJson(): Json[] | undefined {
    if (this.isEmpty) return undefined;
    return this.all().sort(byOrder).map(writeEntry);
  }
}

function readEntry(entry: unknown): Manager | undefined {
  if (!isObject(entry) || entry['fieldsType'] !== 'FieldsV1') return undefined;
  const { operation, apiVersion } = entry;
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (typeof apiVersion !== 'string' || apiVersion === '') return undefined;
  const text = (name: string): string => (typeof entry[name] === 'string' ? entry[name] : '');
  try {
    return {
      manager: text('manager'),
      operation,
      apiVersion,
      subresource: text('subresource'),
      time: text('time'),
      fields: FieldSet.readRoot(entry['fieldsV1']),
    };
  } catch {
    return undefined;
  }
}

function writeEntry(entry: Manager): Json {
  const { manager, operation, apiVersion, subresource, time, fields } = entry;
  return {
    ...(manager === '' ? {} : { manager }),
    operation,
    apiVersion,
    ...(time === '' ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: fields.toJson(),
    ...(subresource === '' ? {} : { subresource }),
  };
}

function byOrder(one: Manager, other: Manager): number {
  const keys = (entry: Manager): string[] => [
    entry.operation,
    entry.time,
    entry.manager,
    entry.apiVersion,
    entry.subresource,
  ];
  const theirs = keys(other);
  const at = keys(one).findIndex((key, index) => key !== theirs[index]);
  return at === -1 ? 0 : (keys(one)[at] ?? '') < (theirs[at] ?? '') ? -1 : 1;
}
