/** Replays whole traces with other settings, of the words that choose them. */
import type { InputPlace } from '../documents/input-text.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { Notes } from '../notes/notes.ts';
import { choosePolicies } from '../retry/policy-choice.ts';
import type { RetryPolicy } from '../retry/retry-policy.ts';
import { parseExpectation } from './expectation.ts';
import { parseSequel, readOutages } from './outage-notation.ts';
import type { ReplaySettings } from './replay-plan.ts';
import { ReplayRun } from './replay-run.ts';
import type { ReplayItem } from './replay-run.ts';
import { readTrace } from './trace-input.ts';

/** What is replayed, and what is to be different from what was recorded. */
export interface ReplayRequest {
  /** Files; `-` is stdin. */
  readonly traces: readonly string[];
  /** In place of every operation's own policy: a name, `key=value` pairs or a file. */
  readonly policy?: string | undefined;
  /** Changes the policy that holds. */
  readonly changePolicy?: ((policy: RetryPolicy) => RetryPolicy) | undefined;
  /** What comes after the recorded outcomes: `repeat`, `ok` or `error=503`. */
  readonly then: string;
  /** In place of recorded outcomes, as `0s..4s=429`, or a file. */
  readonly outage?: readonly string[] | undefined;
  /** How long an answer takes under an outage; default 0s. */
  readonly latency?: string | undefined;
  /** Replays of each operation, each with other chances; 1 shows no distribution. */
  readonly runs: number;
  /** Clients that do the same at once; 1 shows no storm. */
  readonly clients: number;
  /** The same seed gives the same replay. */
  readonly seed: number;
  /** Names of the operations to replay; default all. */
  readonly operation?: readonly string[] | undefined;
  /** What is to hold, as `attempts<=5`. */
  readonly expect?: readonly string[] | undefined;
}

/** Where traces, policies and outages are read. */
export interface ReplaySources extends InputPlace {
  readonly signal: AbortSignal;
  /** Told what did not keep a trace from being read. */
  readonly notes: Pick<Notes, 'warn'>;
  /** Called as replays are made. */
  readonly onProgress?: () => void;
}

/** A replay that is ready: `items` replays, operation by operation, and `run` counts. */
export interface Replaying {
  readonly run: ReplayRun;
  readonly items: AsyncGenerator<ReplayItem, void>;
  /** The settings are others than the recorded ones, so that both sides are worth a look. */
  readonly isChanged: boolean;
  /** What the trace does not say is taken from its last outcome: it is repeated. */
  readonly isRepeating: boolean;
}

/**
 * Checks what is asked for and makes it ready. @throws INVALID_OPTION; of files INVALID_DOCUMENT, INPUT_NOT_FOUND,
 * INPUT_UNREADABLE, DOCUMENT_TOO_LARGE; `items` also EMPTY_INPUT where nothing was replayed, and the signal's reason.
 */
export async function prepareReplay(request: ReplayRequest, sources: ReplaySources): Promise<Replaying> {
  checkFigures(request);
  const settings = await settingsOf(request, sources);
  const run = new ReplayRun({
    ...request,
    settings,
    expectations: (request.expect ?? []).map(parseExpectation),
    only: request.operation ?? [],
    signal: sources.signal,
    onProgress: sources.onProgress,
  });
  const { changePolicy, sequel, outage } = settings;
  const isRepeating = sequel === 'repeat' && outage === undefined;
  const isChanged = changePolicy !== undefined || !isRepeating;
  return { run, items: replayedItems(request, sources, run), isChanged, isRepeating };
}

function checkFigures({ runs, clients }: ReplayRequest): void {
  if (runs === 1 || clients === 1) return;
  const both = `${optionName('runs')} and ${optionName('clients')}`;
  throw new RemedyError('INVALID_OPTION', `${both} cannot be combined`, {
    hint: 'replay the distribution and the storm one after the other',
  });
}

/** Of every trace in turn. */
async function* replayedItems(
  request: ReplayRequest,
  sources: ReplaySources,
  run: ReplayRun,
): AsyncGenerator<ReplayItem, void> {
  const { traces } = request;
  for (const trace of traces) {
    yield* run.items(readTrace(trace, sources), traces.length > 1 ? trace : undefined);
  }
  if (run.summary().operations === 0) throw nothingReplayed(request);
}

async function settingsOf(request: ReplayRequest, place: InputPlace): Promise<ReplaySettings> {
  const { policy, changePolicy: change, outage = [], latency } = request;
  if (latency !== undefined && outage.length === 0) {
    throw new RemedyError('INVALID_OPTION', `${optionName('latency')} needs ${optionName('outage')}`, {
      hint: 'recorded answers take the time that they took',
    });
  }
  const chosen = policy === undefined ? undefined : await onePolicy(place, policy);
  return {
    changePolicy:
      chosen === undefined && change === undefined
        ? undefined
        : remembered((own) => {
            const base = chosen ?? own;
            return change === undefined ? base : change(base);
          }),
    sequel: parseSequel(request.then),
    outage: await readOutages(outage, { latency, place }),
  };
}

async function onePolicy(place: InputPlace, text: string): Promise<RetryPolicy> {
  const [first, ...others] = await choosePolicies(text, place);
  if (first !== undefined && others.length === 0) return first.policy;
  throw new RemedyError(
    'INVALID_OPTION',
    `${optionName('policy')}: ${text} holds ${others.length + 1} policies`,
    {
      hint: 'name a file with one; retry compare takes several',
    },
  );
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
