import { sayNext } from '../next-step.ts';
import { markReported } from '../reported.ts';
import type { Session } from '../session.ts';
import type { ReplayRun, ReplaySummary } from '../../replay/replay-run.ts';
import { prepareReplay } from '../../replay/replay-traces.ts';
import type { ReplayRequest } from '../../replay/replay-traces.ts';
import { createReplaySink } from './replay-sink.ts';
import type { Shown } from './replay-sink.ts';
import { counted } from '../../text/count.ts';

/** Prints the operations as they are replayed. False where something that was expected does not hold. */
export async function printReplay(
  session: Session,
  request: ReplayRequest & { show?: Shown | undefined },
): Promise<boolean> {
  const { runtime, notices, progress } = session;
  const { run, items, ...question } = await prepareReplay(request, {
    cwd: runtime.cwd,
    get stdin() {
      return runtime.stdin;
    },
    signal: runtime.signal,
    notes: notices,
    onProgress: () => {
      progress.update(() => progressText(run, request));
    },
  });
  const sink = await createReplaySink(session, { head: headOf(request), question, show: request.show });
  progress.start('replaying');
  try {
    for await (const item of items) await progress.aside(() => sink.item(item));
    progress.stop();
    await sink.finish(run.summary());
    if (!question.isChanged) sayComparison(session, run.summary());
  } catch (thrown) {
    progress.stop();
    if (runtime.signal.aborted) notices.say(progressText(run, request));
    if (await sink.fail(thrown, run.summary())) markReported(thrown);
    throw thrown;
  }
  return run.allHold;
}

/** Where attempts were used up, more of them may help: how many is a question to the policy. A conflict is no outage. */
function sayComparison(session: Session, { signals }: ReplaySummary): void {
  const used = signals?.failures.find(({ ending }) => ending === 'exhausted');
  const [failure] = used?.failure?.split(' ') ?? [];
  if (failure === undefined || failure === '409') return;
  const words = ['retry', 'compare', 'creation', '--find', '--failure', failure];
  sayNext(session, 'how many attempts survive an outage of which length', words);
}

function progressText(run: ReplayRun, { runs, clients }: ReplayRequest): string {
  const { operations, underWay } = run.progress();
  const done = `${counted(operations, 'operation was', 'operations were')} replayed`;
  if (underWay === undefined) return done;
  const [all, what] = runs > 1 ? [runs, 'runs'] : [clients, 'clients'];
  return `${done}, and ${underWay.done} of ${all} ${what} of operation ${underWay.id}`;
}

function headOf({ seed, runs, clients }: ReplayRequest): Record<string, number> {
  return { seed, ...(runs > 1 ? { runs } : {}), ...(clients > 1 ? { clients } : {}) };
}
