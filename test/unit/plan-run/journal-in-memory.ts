import type { JournalEntry } from '../../../src/plan-run/journal-entry.ts';
import type { RunState } from '../../../src/plan-run/journal.ts';

/** Keeps what it is given, as text, the way the database does; the database itself has tests of its own. */
export class JournalInMemory {
  readonly lines: string[] = [];
  state: RunState = 'running';
  at: (point: string) => void = () => undefined;

  async append(_run: string, entry: JournalEntry): Promise<void> {
    await Promise.resolve();
    this.at(`before writing ${entry.kind}`);
    this.lines.push(JSON.stringify(entry));
    this.at(`after writing ${entry.kind}`);
  }

  entries(): JournalEntry[] {
    return this.lines.map((line) => JSON.parse(line) as JournalEntry);
  }

  async end(_run: string, state: RunState): Promise<void> {
    await Promise.resolve();
    this.at('before the end');
    this.state = state;
    this.at('after the end');
  }
}
