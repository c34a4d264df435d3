/**
 * The journal of plan runs: one SQLite database in the store's directory.
 *
 * Guarantees: an entry is on the disk (WAL, synchronous FULL) when `append` resolves, entries of a run keep
 * their order, and several processes may write at once. Non-guarantee: it does not keep two processes from working on one
 * run; the lock of run-lock.ts does.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { parseRow } from '../sqlite/damage-error.ts';
import { openDatabaseFile, type OpenedDatabase } from '../sqlite/database-file.ts';
import type { DatabaseGuard } from '../sqlite/database-guard.ts';
import type { RowChecks } from '../sqlite/soundness.ts';
import type { SqliteDatabase } from '../sqlite/sqlite.ts';
import { WriteQueue } from '../sqlite/write-queue.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { Plan } from '../plan/plan.ts';
import type { ArrangedStep, JournalEntry } from './journal-entry.ts';

const journalFileName = 'journal.db';

/** running: being worked on, or its process has died. */
export const runStates = ['running', 'succeeded', 'partial', 'failed', 'interrupted'] as const;
/** One of `runStates`. */
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

/** Of the configuration what a run has been begun with. */
export interface RunSettings {
  /** The escalation policy of silences that name none. */
  readonly silentPolicy?: string;
  /** From 1. */
  readonly escalationLevel: number;
  /** How old a service log may be to count as the same, in milliseconds; default: 7 days. */
  readonly duplicateWithinMs?: number;
}

/** A run as the journal has it. */
export interface RecordedRun extends RunHead {
  readonly state: RunState;
  /** Milliseconds since the epoch; absent while it is running. */
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

const journalRowChecks: RowChecks = [
  `SELECT 'the run ' || id || ' is not what was written' AS damage FROM run
   WHERE CASE WHEN typeof(head) <> 'text' OR NOT json_valid(head) THEN 1
     ELSE json_extract(head, '$.id') IS NOT id OR json_extract(head, '$.hash') IS NOT hash END
     OR state NOT IN (${runStates.map((state) => `'${state}'`).join(', ')})
     OR typeof(ended_at) NOT IN ('integer', 'null')`,
  `SELECT 'the entry ' || id || ' of the run ' || run || ' is not what was written' AS damage FROM entry
   WHERE CASE WHEN typeof(body) <> 'text' OR NOT json_valid(body) THEN 1
     ELSE typeof(json_extract(body, '$.kind')) IS NOT 'text' END
     OR NOT EXISTS (SELECT 1 FROM run WHERE run.id = entry.run)`,
];

/** The journal of a store, made where there is none. Errors: those of the embedded store; STORE_TOO_NEW where a newer remedyctl wrote the journal. */
export async function openJournal(ground: JournalGround): Promise<Journal> {
  const file = { name: journalFileName, steps: journalSteps, rowChecks: journalRowChecks };
  const { database, guard } = await openDatabaseFile(ground.directory, file);
  return new Journal({ database, guard }, ground);
}

/** Whether there is a journal in the store's directory; to open it would make one. */
export function hasJournal(directory: string): boolean {
  return existsSync(path.join(directory, journalFileName));
}

/** What a journal works with. */
export interface JournalGround {
  /** The store's. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * An open journal, see `openJournal`. What writes resolves when it is on the disk.
 *
 * @throws those of the embedded store, from every method
 */
export class Journal {
  readonly #database: SqliteDatabase;
  readonly #guard: DatabaseGuard;
  readonly #writes: WriteQueue<SqliteDatabase>;
  #hasWritten = false;

  constructor({ database, guard }: Pick<OpenedDatabase, 'database' | 'guard'>, ground: JournalGround) {
    this.#database = database;
    this.#guard = guard;
    const onCommit = (): void => {
      this.#hasWritten = true;
    };
    this.#writes = new WriteQueue({ ...ground, database, guard, begun: () => database, onCommit });
  }

  /** A run begins: it is `running`, without entries. */
  begin(head: RunHead): Promise<void> {
    return this.#writes.submit((database) => {
      database
        .prepare('INSERT INTO run (id, hash, state, head) VALUES (?, ?, ?, ?)')
        .run(head.id, head.hash, 'running', JSON.stringify(head));
    });
  }

  /** One more entry of the run with this id. */
  append(run: string, entry: JournalEntry): Promise<void> {
    return this.#writes.submit((database) => {
      database.prepare('INSERT INTO entry (run, body) VALUES (?, ?)').run(run, JSON.stringify(entry));
    });
  }

  /** A later process goes on with it. */
  reopen(run: string): Promise<void> {
    return this.#setState(run, 'running', null);
  }

  /** The run is over, or nobody works on it for now; `endedAt` in milliseconds since the epoch. */
  end(run: string, state: RunState, endedAt: number): Promise<void> {
    return this.#setState(run, state, endedAt);
  }

  /** Every entry of the run, the oldest first. */
  entries(run: string): JournalEntry[] {
    return this.#read(() =>
      this.#database
        .prepare('SELECT body FROM entry WHERE run = ? ORDER BY id')
        .all(run)
        .map((row) => parseRow((row as { body: string }).body, 'an entry in it') as JournalEntry),
    );
  }

  /** Every run, the newest first. */
  runs(): RecordedRun[] {
    return this.#runsWhere('1 = 1');
  }

  /** The runs of the plan with this hash, the newest first. */
  runsOfHash(hash: string): RecordedRun[] {
    return this.#runsWhere('hash = ?', hash);
  }

  /** By its id or the beginning of it. Errors: NOT_FOUND, AMBIGUOUS_KEY. */
  find(key: string): RecordedRun {
    const matches = this.#runsWhere('substr(id, 1, ?) = ?', key.length, key);
    const exact = matches.find(({ id }) => id === key) ?? matches[0];
    if (key === '' || exact === undefined) {
      throw new RemedyError('NOT_FOUND', `no run of a plan has the id ${key}`, {
        hint: `plan status lists them; a journal belongs to one store directory (${optionName('store')})`,
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

  /** Errors: STORE_LOST where the files of what was written are not there any more. */
  async close(): Promise<void> {
    await this.#writes.idle();
    try {
      if (this.#hasWritten) this.#guard.requireThere();
    } finally {
      this.#guard.close(this.#database);
    }
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
      throw this.#guard.explain(error);
    }
  }
}

function recordedRun({ id, head, state, ended_at: endedAt }: RunRow): RecordedRun {
  const run = { ...(parseRow(head, `the run ${id}`) as RunHead), state };
  return endedAt === null ? run : { ...run, endedAt };
}
