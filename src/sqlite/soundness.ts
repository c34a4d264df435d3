/**
 * Whether a database file is whole, without reading all of it each time: beside it stands what it was when remedyctl
 * left it last (inode, size, time of the last change). As long as that is so, nobody else has written to it; otherwise
 * all of it is read and checked once, before anything is written: the trees of SQLite, their order, every index against
 * its table, and the rows as what they claim to be.
 *
 * Not guaranteed: that a file that rots on the disk, or is written to by others while remedyctl has it open, is noticed
 * before the damaged part is read. Then SQLite and the reading of the rows notice most of it, and STORE_CORRUPT says so.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { DamageError } from './damage-error.ts';
import type { SqliteDatabase } from './sqlite.ts';

/** Selects a sentence (`damage`) for every row that cannot be as it was written. */
export type RowChecks = readonly string[];

export class Soundness {
  readonly #file: string;
  readonly #seal: string;
  /** The state that is vouched for; undefined: none. */
  #state: string | undefined;

  constructor(file: string) {
    this.#file = file;
    this.#seal = sealOf(file);
  }

  /** Reads the whole database where somebody else has written to it. @throws DamageError, and what SQLite throws */
  require(database: SqliteDatabase, checks: RowChecks): void {
    const state = stateOf(this.#file);
    if (state !== this.#sealed()) {
      const [first] = damagesOf(database, checks, 1);
      if (first !== undefined) throw new DamageError(first);
      this.#write(state);
    }
    this.#state = state;
  }

  /** After what this connection has written: the file may have changed by that. */
  wrote(): void {
    const state = stateOf(this.#file);
    if (state !== this.#state) this.#write(state);
    this.#state = state;
  }

  #sealed(): string | undefined {
    try {
      return readFileSync(this.#seal, 'utf8');
    } catch {
      return undefined;
    }
  }

  /** A seal that cannot be written, or only in part, costs the next one a check and nothing else. */
  #write(state: string | undefined): void {
    if (state === undefined) return;
    try {
      writeFileSync(this.#seal, state, { mode: 0o600 });
    } catch {
      return;
    }
  }
}

/** Whether remedyctl has left the file of this name, as it is by its inode, with something in it. */
export function hasSeal(file: string): boolean {
  try {
    const [inode, size] = readFileSync(sealOf(file), 'utf8').split(' ');
    return size !== '0' && inode === String(statSync(file, { bigint: true }).ino);
  } catch {
    return false;
  }
}

function sealOf(file: string): string {
  return `${file}-sound`;
}

/** Sentences, `most` at most; reads everything. @throws what SQLite throws */
export function damagesOf(database: SqliteDatabase, checks: RowChecks, most: number): string[] {
  const rows = database.prepare(`PRAGMA integrity_check(${most})`).all() as { integrity_check: string }[];
  const damages = rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  for (const check of checks) {
    if (damages.length >= most) break;
    const found = database.prepare(`${check} LIMIT ?`).all(most - damages.length) as { damage: string }[];
    damages.push(...found.map((row) => row.damage));
  }
  return damages;
}

function stateOf(file: string): string | undefined {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.ino} ${found.size} ${found.mtimeNs}\n`;
}
