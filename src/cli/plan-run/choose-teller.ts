import type { RunTeller, ToldRun } from '../../plan-run/run-teller.ts';
import { createPaint, isColoured } from '../colour.ts';
import type { Runtime } from '../runtime.ts';
import type { Session } from '../session.ts';
import { LineTeller } from './line-teller.ts';
import { knownColumns } from '../terminal-size.ts';

/** In place where stderr is a terminal that somebody sees and nothing else is said on, else in lines. */
export async function chooseTeller(session: Session, told: ToldRun): Promise<RunTeller> {
  const { runtime, config, notices, output, render } = session;
  const { run, entries, stop } = told;
  const inLines = notices.isQuiet || notices.isVerbose || !isLive(runtime);
  if (inLines) return new LineTeller(notices, run.steps, entries);
  const [{ LiveRunView }, { RunActivity }] = await Promise.all([
    import('./live/live-run-view.ts'),
    import('./live/run-activity.ts'),
  ]);
  const { kind } = render.format;
  return LiveRunView.begin({
    stream: runtime.stderr,
    clock: runtime.clock,
    paint: createPaint(isColoured(runtime.stderr, config.values.color, runtime.env)),
    activity: new RunActivity(run.steps, entries, run.plan.options.maxRetries + 1),
    terminal: runtime.env['TERM'],
    stop,
    // the table of results on the same terminal says why
    keepsReasons: !(output.isTerminal && (kind === 'table' || kind === 'wide')),
  });
}

/** Whether lines of this terminal can be drawn over, and somebody sees it. */
function isLive({ stderr, env }: Pick<Runtime, 'stderr' | 'env'>): boolean {
  const { CI: ci, TERM: terminal } = env;
  const isCi = ci !== undefined && ci !== '' && ci !== '0' && ci !== 'false';
  // where nobody knows how wide it is, nobody looks at pictures
  return stderr.isTTY === true && knownColumns(stderr) !== undefined && terminal !== 'dumb' && !isCi;
}
