/** Runs as the journal has them. */
import { openJournal, type Journal, type JournalGround, type RecordedRun, type RunState } from './journal.ts';
import { planRunOf, type PlanRun, type RunSummary } from './run-document.ts';
import { isIdle } from './run-lock.ts';
import { progressIn } from './run-progress.ts';

/** The run whose id, or the beginning of it, is `key`, as far as it has come. Errors: NOT_FOUND, AMBIGUOUS_KEY, those of the journal. */
export async function readRun(key: string, ground: JournalGround): Promise<PlanRun> {
  return withJournal(ground, async (journal) => {
    const run = journal.find(key);
    const state = await stateNow(run, ground);
    const progress = progressIn(journal, run);
    return planRunOf({ run, state, endedAt: run.endedAt, progress });
  });
}

/** Every run of the journal, the newest first. Errors: those of the journal. */
export async function listRuns(ground: JournalGround): Promise<RunSummary[]> {
  return withJournal(ground, async (journal) => {
    const runs: RunSummary[] = [];
    for (const recorded of journal.runs()) {
      const { id, plan, hash, startedAt, endedAt } = recorded;
      runs.push({
        run: id,
        plan: { name: plan.name, hash },
        mode: plan.options.mode,
        state: await stateNow(recorded, ground),
        startedAt: new Date(startedAt).toISOString(),
        ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
      });
    }
    return runs;
  });
}

async function withJournal<T>(ground: JournalGround, read: (journal: Journal) => Promise<T>): Promise<T> {
  const journal = await openJournal(ground);
  try {
    return await read(journal);
  } finally {
    await journal.close();
  }
}

/** A run that nobody works on was interrupted, whatever its last entry says. */
async function stateNow({ state, hash }: RecordedRun, { directory }: JournalGround): Promise<RunState> {
  return state === 'running' && (await isIdle(hash, directory)) ? 'interrupted' : state;
}
