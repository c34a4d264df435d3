/**
 * The journal of plan runs: one SQLite database in the store's directory.
 *
 * Guarantees: an entry is on the disk (WAL, synchronous FULL) when `append` returns, entries of a run keep their
 * order, and several processes may write at once. Non-guarantee: it does not keep two processes from working on one
 * run; the lock of run-lock.ts does.
 */
import path from 'node:path';
import { RemedyError } from '../../errors/remedy-error.ts';
import { inTransaction, openDatabaseFile } from '../../store/database-file.ts';
import type { SqliteDatabase } from '../../store/sqlite.ts';
import { storeError } from '../../store/store-errors.ts';
import type { Plan } from '../plan.ts';
import type { ArrangedStep, JournalEntry } from './journal-entry.ts';

const journalFileName = 'journal.db';

/** running: being worked on, or its process has died. */
export const runStates = ['running', 'succeeded', 'partial', 'failed', 'interrupted'] as const;
export type RunState = (typeof runStates)[number];

/** What a run is begun with; a later process goes on with the same. */
export interface RunHead {
  readonly id: string;
  /** SHA-256 of the canonical plan, 64 hexadecimal digits. */
  readonly hash: string;
  readonly plan: Plan;
  readonly steps: readonly ArrangedStep[];
  readonly settings: RunSettings;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface RunSettings {
  /** The escalation policy of silences that name none. */
  readonly silentPolicy?: string;
  readonly escalationLevel: number;
}

export interface RecordedRun extends RunHead {
  readonly state: RunState;
  readonly endedAt?: number;
}

interface RunRow {
  id: string;
  hash: string;
  state: RunState;
  head: string;
  ended_at: number | null;
}

/** Each brings the database from the version that is its index to the next. */
const steps: readonly string[] = [
  `CREATE TABLE run (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     hash TEXT NOT NULL,
     state TEXT NOT NULL,
     head TEXT NOT NULL,
     ended_at INTEGER
   );
   CREATE INDEX run_hash ON run (hash, seq);
   CREATE TABLE entry (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     run TEXT NOT NULL,
     body TEXT NOT NULL
   );
   CREATE INDEX entry_run ON entry (run, id);`,
];

/** Errors: those of the embedded store; STORE_TOO_NEW where a newer remedyctl wrote the journal. */
export async function openJournal(directory: string): Promise<Journal> {
  const { database } = await openDatabaseFile(directory, journalFileName, (opened) => {
    migrate(opened, directory);
  });
  return new Journal(database, directory);
}

function migrate(database: SqliteDatabase, directory: string): void {
  const { user_version: found } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (found > steps.length) {
    const file = path.join(directory, journalFileName);
    const message = `${file} has schema version ${found}, this remedyctl knows versions up to ${steps.length}`;
    throw new RemedyError('STORE_TOO_NEW', message, {
      hint: 'Use the newer remedyctl that wrote it, or another directory with --store.',
      details: { file, found, known: steps.length },
    });
  }
  for (const step of steps.slice(found)) database.exec(step);
  if (found < steps.length) database.exec(`PRAGMA user_version = ${steps.length}`);
}

export class Journal {
  readonly #database: SqliteDatabase;
  readonly #directory: string;

  constructor(database: SqliteDatabase, directory: string) {
    this.#database = database;
    this.#directory = directory;
  }

  begin(head: RunHead): void {
    this.#write(() => {
      this.#database
        .prepare('INSERT INTO run (id, hash, state, head) VALUES (?, ?, ?, ?)')
        .run(head.id, head.hash, 'running', JSON.stringify(head));
    });
  }

  append(run: string, entry: JournalEntry): void {
    this.#write(() => {
      this.#database.prepare('INSERT INTO entry (run, body) VALUES (?, ?)').run(run, JSON.stringify(entry));
    });
  }

  /** A later process goes on with it. */
  reopen(run: string): void {
    this.#setState(run, 'running', null);
  }

  end(run: string, state: RunState, endedAt: number): void {
    this.#setState(run, state, endedAt);
  }

  entries(run: string): JournalEntry[] {
    return this.#read(() =>
      this.#database
        .prepare('SELECT body FROM entry WHERE run = ? ORDER BY id')
        .all(run)
        .map((row) => JSON.parse((row as { body: string }).body) as JournalEntry),
    );
  }

  /** The newest first. */
  runs(): RecordedRun[] {
    return this.#runsWhere('1 = 1');
  }

  /** The newest first. */
  runsOfHash(hash: string): RecordedRun[] {
    return this.#runsWhere('hash = ?', hash);
  }

  /** By its id or the beginning of it. Errors: NOT_FOUND, AMBIGUOUS_KEY. */
  find(key: string): RecordedRun {
    const matches = this.#runsWhere('substr(id, 1, ?) = ?', key.length, key);
    const exact = matches.find(({ id }) => id === key) ?? matches[0];
    if (key === '' || exact === undefined) {
      throw new RemedyError('NOT_FOUND', `no run of a plan has the id ${key}`, {
        hint: 'plan status lists them; a journal belongs to one store directory (--store)',
      });
    }
    if (matches.length > 1 && exact.id !== key) {
      throw new RemedyError('AMBIGUOUS_KEY', `${key} is the beginning of ${matches.length} runs`, {
        hint: 'give more of the id',
        details: { matches: matches.map(({ id }) => id) },
      });
    }
    return exact;
  }

  close(): void {
    this.#database.close();
  }

  #runsWhere(condition: string, ...values: (string | number)[]): RecordedRun[] {
    const query = `SELECT id, hash, state, head, ended_at FROM run WHERE ${condition} ORDER BY seq DESC`;
    return this.#read(() =>
      this.#database
        .prepare(query)
        .all(...values)
        .map((row) => recordedRun(row as RunRow)),
    );
  }

  #setState(run: string, state: RunState, endedAt: number | null): void {
    this.#write(() => {
      this.#database.prepare('UPDATE run SET state = ?, ended_at = ? WHERE id = ?').run(state, endedAt, run);
    });
  }

  #write(run: () => void): void {
    this.#read(() => {
      inTransaction(this.#database, run);
    });
  }

  #read<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw storeError(error, this.#directory);
    }
  }
}

function recordedRun({ head, state, ended_at: endedAt }: RunRow): RecordedRun {
  const run = { ...(JSON.parse(head) as RunHead), state };
  return endedAt === null ? run : { ...run, endedAt };
}
