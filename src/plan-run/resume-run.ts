import { RemedyError } from '../errors/remedy-error.ts';
import { askBefore } from './ask-before.ts';
import { endRuns } from './end-runs.ts';
import type { RecordedRun } from './journal.ts';
import { checkReporting } from './report-metrics.ts';
import { planRunOf, type PlanRun } from './run-document.ts';
import { makeReady, withRunGround } from './run-ground.ts';
import { lockRun } from './run-lock.ts';
import { metricsOf } from './run-metrics.ts';
import type { RunOptions } from './run-options.ts';
import { progressIn, type RunProgress } from './run-progress.ts';
import { refuseOtherSystems } from './same-systems.ts';
import { workOnRun, type WorkedRun } from './work-on-run.ts';

/** What `resumeRun` works with. */
export interface ResumeOptions extends RunOptions {
  /** The systems are the same as when the run began, though their URLs are others now. Default: false. */
  readonly moved?: boolean;
}

/**
 * Goes on with the run whose id, or the beginning of it, is `key`: does what is missing, looks up what is unknown,
 * repeats nothing that happened. What failed stays failed. Errors: as of `runPlans`; NOT_FOUND, AMBIGUOUS_KEY.
 */
export async function resumeRun(key: string, options: ResumeOptions): Promise<PlanRun> {
  await checkReporting(options);
  options.refuseWrites?.();
  const worked = await withRunGround(options, async (ground) => {
    const { journal, systems } = ground;
    const { hash } = journal.find(key);
    const lock = await lockRun(hash, ground);
    try {
      // as it is now that nobody else works on it
      const run = journal.find(key);
      const [newest] = journal.runsOfHash(hash);
      if (newest !== undefined && newest.id !== run.id) throw overtaken(run.id, newest.id);
      const progress = progressIn(journal, run);
      const open = progress.actions.filter(({ isOver }) => !isOver);
      if (open.length === 0 && run.endedAt !== undefined) return ended(run, progress, options);
      if (open.length > 0) {
        if (options.moved !== true) refuseOtherSystems(run.id, progress, options.settings);
        await makeReady(systems, open);
        await options.confirm?.({ ...run, steps: open, verb: 'resumes' });
        await askBefore([{ plan: run.plan, steps: open, lost: lock.lost }], ground);
      }
      await journal.reopen(run.id);
      return await workOnRun(run, lock, ground);
    } finally {
      await lock.release();
    }
  });
  await endRuns([worked], options);
  return worked.document;
}

/** A run that is over stays as it is in the journal. */
function ended(run: RecordedRun, progress: RunProgress, { notes }: RunOptions): WorkedRun {
  const { id, state, endedAt, plan } = run;
  notes.say(`run ${id} is over: ${state}; what has come to an end is not done again`);
  return { document: planRunOf({ run, state, endedAt, progress }), series: metricsOf(plan, progress) };
}

function overtaken(run: string, newest: string): RemedyError {
  return new RemedyError('PLAN_FINISHED', `run ${newest} of the same plan came after run ${run}`, {
    hint: `resuming the older one could do things twice; how the newer one stands: remedyctl plan status ${newest}`,
    details: { run, newest },
  });
}
