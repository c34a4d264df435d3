import { RemedyError } from '../../errors/remedy-error.ts';
import type { RetryPolicy } from '../../retry/retry-policy.ts';
import { markReported } from '../reported.ts';
import type { Session } from '../session.ts';
import { parseExpectation } from './expectation.ts';
import { parseSequel, readOutages } from './outage-notation.ts';
import { choosePolicies } from './policy-choice.ts';
import { policyChange } from './policy-flags.ts';
import type { PolicyFlagValues } from './policy-flags.ts';
import type { ReplaySettings } from './replay-plan.ts';
import { ReplayRun } from './replay-run.ts';
import type { ReplayItem } from './replay-run.ts';
import { createReplaySink } from './replay-sink.ts';
import { readTrace } from './trace-input.ts';

export interface ReplayRequest extends PolicyFlagValues {
  traces: readonly string[];
  policy?: string | undefined;
  then: string;
  outage?: readonly string[] | undefined;
  latency?: string | undefined;
  runs: number;
  clients: number;
  seed: number;
  operation?: readonly string[] | undefined;
  show: 'all' | 'differing' | 'summary';
  expect?: readonly string[] | undefined;
}

/** Replays the traces and prints them. False where something that was expected does not hold. */
export async function replayTraces(session: Session, request: ReplayRequest): Promise<boolean> {
  checkFigures(request);
  const settings = await settingsOf(session, request);
  const run = new ReplayRun({
    ...request,
    settings,
    expectations: (request.expect ?? []).map(parseExpectation),
    only: request.operation ?? [],
    signal: session.runtime.signal,
  });
  const sink = await createReplaySink(session, {
    head: headOf(request),
    bothSides: settings.changePolicy !== undefined || settings.outage !== undefined,
  });
  try {
    for await (const item of replayedItems(session, run, request.traces)) {
      if (isShown(item, request.show)) await sink.item(item);
    }
    if (run.summary().operations === 0) throw nothingReplayed(request);
    await sink.finish(run.summary());
  } catch (thrown) {
    if (await sink.fail(thrown, run.summary())) markReported(thrown);
    throw thrown;
  }
  return run.allHold;
}

function headOf({ seed, runs, clients }: ReplayRequest): Record<string, number> {
  return { seed, ...(runs > 1 ? { runs } : {}), ...(clients > 1 ? { clients } : {}) };
}

function checkFigures({ runs, clients }: ReplayRequest): void {
  if (runs === 1 || clients === 1) return;
  throw new RemedyError('USAGE', '--runs and --clients cannot be combined', {
    hint: 'replay the distribution and the storm one after the other',
  });
}

/** Of every trace in turn. */
async function* replayedItems(
  { runtime, notices }: Session,
  run: ReplayRun,
  traces: readonly string[],
): AsyncGenerator<ReplayItem, void> {
  for (const trace of traces) {
    const blocks = readTrace(trace, {
      cwd: runtime.cwd,
      get stdin() {
        return runtime.stdin;
      },
      notice: (text) => {
        notices.warn(text);
      },
    });
    yield* run.items(blocks, traces.length > 1 ? trace : undefined);
  }
}

function isShown({ differs }: ReplayItem, show: ReplayRequest['show']): boolean {
  return show === 'all' || (show === 'differing' && differs);
}

async function settingsOf(session: Session, request: ReplayRequest): Promise<ReplaySettings> {
  const { policy, outage = [], latency } = request;
  if (latency !== undefined && outage.length === 0) {
    throw new RemedyError('USAGE', '--latency needs --outage', {
      hint: 'recorded answers take the time that they took',
    });
  }
  const chosen = policy === undefined ? undefined : await onePolicy(session, policy);
  const change = policyChange(request);
  return {
    changePolicy:
      chosen === undefined && change === undefined
        ? undefined
        : remembered((own) => {
            const base = chosen ?? own;
            return change === undefined ? base : change(base);
          }),
    sequel: parseSequel(request.then),
    outage: await readOutages(outage, { latency, runtime: session.runtime }),
  };
}

async function onePolicy({ runtime }: Session, text: string): Promise<RetryPolicy> {
  const [first, ...others] = await choosePolicies(text, runtime);
  if (first !== undefined && others.length === 0) return first.policy;
  throw new RemedyError('USAGE', `--policy: ${text} holds ${others.length + 1} policies`, {
    hint: 'name a file with one; retry compare takes several',
  });
}

/** A day of traffic has few policies and many operations. */
function remembered(change: (policy: RetryPolicy) => RetryPolicy): (policy: RetryPolicy) => RetryPolicy {
  const known = new Map<string, RetryPolicy>();
  return (policy) => {
    const key = JSON.stringify(policy);
    const changed = known.get(key) ?? change(policy);
    known.set(key, changed);
    return changed;
  };
}

function nothingReplayed({ traces, operation = [] }: ReplayRequest): RemedyError {
  const what = operation.length === 0 ? 'no operations' : `no operation named ${operation.join(' or ')}`;
  return new RemedyError('EMPTY_INPUT', `${traces.join(', ')}: there is ${what} in it`);
}
