import { RemedyError } from '../../errors/remedy-error.ts';
import type { RecordedRun } from '../../plan/run/journal.ts';
import { planRunOf } from '../../plan/run/run-document.ts';
import { metricsOf } from '../../plan/run/run-metrics.ts';
import { progressIn, type RunProgress } from '../../plan/run/run-progress.ts';
import type { Session } from '../session.ts';
import { refuseReadOnly } from '../write-guard.ts';
import { checkReporting } from './report-metrics.ts';
import { confirmRun } from './run-confirmation.ts';
import type { WorkFlags } from './run-flags.ts';
import { makeReady, withRunGround } from './run-ground.ts';
import { lockRun } from './run-lock.ts';
import { reportRuns } from './run-plans.ts';
import { refuseOtherSystems } from './same-systems.ts';
import { workOnRun, type WorkedRun } from './work-on-run.ts';

export interface ResumeFlags extends WorkFlags {
  readonly moved: boolean;
}

/**
 * Goes on with a run: does what is missing, looks up what is unknown, repeats nothing that happened. What failed stays
 * failed. Returns the exit code. Errors: as of `plan run`; NOT_FOUND, AMBIGUOUS_KEY.
 */
export async function resumeRun(session: Session, key: string, flags: ResumeFlags): Promise<number> {
  await checkReporting(session, flags);
  refuseReadOnly(session);
  const worked = await withRunGround(session, flags, async (ground) => {
    const { journal, systems } = ground;
    const { hash } = journal.find(key);
    const lock = await lockRun(session, journal, hash);
    try {
      // as it is now that nobody else works on it
      const run = journal.find(key);
      const [newest] = journal.runsOfHash(hash);
      if (newest !== undefined && newest.id !== run.id) throw overtaken(run.id, newest.id);
      const progress = progressIn(journal, run);
      const open = progress.actions.filter(({ isOver }) => !isOver);
      if (open.length === 0 && run.endedAt !== undefined) return ended(session, run, progress);
      if (open.length > 0) {
        if (!flags.moved) refuseOtherSystems(session, run.id, progress);
        await makeReady(systems, open);
        await confirmRun(session, { ...run, steps: open }, { yes: flags.yes, verb: 'resumes' });
      }
      await journal.reopen(run.id);
      return await workOnRun(ground, run, lock);
    } finally {
      await lock.release();
    }
  });
  return reportRuns(session, flags, { worked: [worked], planCount: 1 });
}

/** A run that is over stays as it is in the journal. */
function ended({ notices }: Session, run: RecordedRun, progress: RunProgress): WorkedRun {
  const { id, state, endedAt, plan } = run;
  notices.say(`run ${id} is over: ${state}; what has come to an end is not done again`);
  return { document: planRunOf({ run, state, endedAt, progress }), series: metricsOf(plan, progress) };
}

function overtaken(run: string, newest: string): RemedyError {
  return new RemedyError('PLAN_FINISHED', `run ${newest} of the same plan came after run ${run}`, {
    hint: `plan status ${newest} shows it; resuming the older one could do things twice`,
    details: { run, newest },
  });
}
