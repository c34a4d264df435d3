import { openJournal, type Journal, type RecordedRun, type RunState } from '../../plan/run/journal.ts';
import { planRunOf, type PlanRun } from '../../plan/run/run-document.ts';
import { progressIn } from '../../plan/run/run-progress.ts';
import { ageOf } from '../render/age.ts';
import { printDocument } from '../render/document.ts';
import type { Session } from '../session.ts';
import { printRuns } from './print-runs.ts';
import { isIdle } from './run-lock.ts';

/** Prints one run with its actions, or the list of all, the newest first. Errors: NOT_FOUND, AMBIGUOUS_KEY. */
export async function showStatus(session: Session, key: string | undefined): Promise<void> {
  const { runtime, config } = session;
  const journal = await openJournal({ directory: config.values.store, ...runtime });
  try {
    if (key === undefined) await showList(session, journal);
    else await printRuns(session, [await describe(session, journal, journal.find(key))]);
  } finally {
    await journal.close();
  }
}

async function describe(session: Session, journal: Journal, run: RecordedRun): Promise<PlanRun> {
  const state = await stateNow(session, run);
  const progress = progressIn(journal, run);
  return planRunOf({ run, state, endedAt: run.endedAt, progress });
}

/** A run that nobody works on was interrupted, whatever its last entry says. */
async function stateNow(session: Session, { state, hash }: RecordedRun): Promise<RunState> {
  return state === 'running' && (await isIdle(session, hash)) ? 'interrupted' : state;
}

interface ListedRun {
  run: string;
  plan: { name: string; hash: string };
  mode: string;
  state: RunState;
  startedAt: string;
  endedAt?: string;
}

async function showList(session: Session, journal: Journal): Promise<void> {
  const nowMs = session.runtime.clock.now();
  const items: ListedRun[] = [];
  for (const recorded of journal.runs()) {
    const { id, plan, hash, startedAt, endedAt } = recorded;
    items.push({
      run: id,
      plan: { name: plan.name, hash },
      mode: plan.options.mode,
      state: await stateNow(session, recorded),
      startedAt: new Date(startedAt).toISOString(),
      ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
    });
  }
  await printDocument(
    session.output,
    {
      document: { apiVersion: 'remedyctl.dev/v1', kind: 'PlanRunSummaryList', items },
      rows: items,
      columns: [
        { header: 'RUN', cell: ({ run }) => run },
        { header: 'PLAN', cell: ({ plan }) => plan.name },
        { header: 'STATE', cell: ({ state }) => state },
        { header: 'AGE', cell: ({ startedAt }) => ageOf(startedAt, nowMs) },
        { header: 'MODE', cell: ({ mode }) => mode, wide: true },
        { header: 'STARTED', cell: ({ startedAt }) => startedAt, wide: true },
        { header: 'HASH', cell: ({ plan }) => plan.hash, wide: true },
      ],
      name: ({ run }) => `planrun/${run}`,
      lines: items,
    },
    session.render,
  );
}
