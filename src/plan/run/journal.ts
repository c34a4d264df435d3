/**
 * The journal of plan runs: one SQLite database in the store's directory.
 *
 * Guarantees: an entry is on the disk (WAL, synchronous FULL) when `append` resolves, entries of a run keep
 * their order, and several processes may write at once. Non-guarantee: it does not keep two processes from working on one
 * run; the lock of run-lock.ts does.
 */
import { RemedyError } from '../../errors/remedy-error.ts';
import { openDatabaseFile } from '../../store/database-file.ts';
import type { SqliteDatabase } from '../../store/sqlite.ts';
import { storeError } from '../../store/store-errors.ts';
import { WriteQueue } from '../../store/write-queue.ts';
import type { Clock } from '../../time/clock.ts';
import type { Random } from '../../time/random.ts';
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

const journalSteps: readonly string[] = [
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
export async function openJournal(ground: JournalGround): Promise<Journal> {
  const file = { name: journalFileName, steps: journalSteps };
  const { database } = await openDatabaseFile(ground.directory, file);
  return new Journal(database, ground);
}

export interface JournalGround {
  /** The store's. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
}

export class Journal {
  readonly #database: SqliteDatabase;
  readonly #directory: string;
  readonly #writes: WriteQueue<SqliteDatabase>;

  constructor(database: SqliteDatabase, ground: JournalGround) {
    this.#database = database;
    this.#directory = ground.directory;
    this.#writes = new WriteQueue({ ...ground, database, begun: () => database });
  }

  begin(head: RunHead): Promise<void> {
    return this.#writes.submit((database) => {
      database
        .prepare('INSERT INTO run (id, hash, state, head) VALUES (?, ?, ?, ?)')
        .run(head.id, head.hash, 'running', JSON.stringify(head));
    });
  }

  append(run: string, entry: JournalEntry): Promise<void> {
    return this.#writes.submit((database) => {
      database.prepare('INSERT INTO entry (run, body) VALUES (?, ?)').run(run, JSON.stringify(entry));
    });
  }

  /** A later process goes on with it. */
  reopen(run: string): Promise<void> {
    return this.#setState(run, 'running', null);
  }

  end(run: string, state: RunState, endedAt: number): Promise<void> {
    return this.#setState(run, state, endedAt);
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

  async close(): Promise<void> {
    await this.#writes.idle();
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

  #setState(run: string, state: RunState, endedAt: number | null): Promise<void> {
    return this.#writes.submit((database) => {
      database.prepare('UPDATE run SET state = ?, ended_at = ? WHERE id = ?').run(state, endedAt, run);
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
