/**
 * Asks the questions that come before a run. Nothing is written by that, into no system and into no journal: a run
 * whose questions fail was not begun.
 */
import { RemedyError } from '../errors/remedy-error.ts';
import { RemoteError } from '../http/remote-error.ts';
import type { CallOptions } from '../http/remote-request.ts';
import { RetryError } from '../retry/retry-error.ts';
import { planActions } from '../retry/retry-policy.ts';
import { retry } from '../retry/retry.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { askedReports, type Question } from '../plan/questions.ts';
import { classifyAttempt } from './attempt-failure.ts';
import type { RemoteClients } from './effect-context.ts';

/** Whom to ask, and how patiently. */
export interface AskingOptions {
  readonly clients: RemoteClients;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends the asking at once. */
  readonly signal: AbortSignal;
  /** Attempts after the first, where a system does not answer for now. */
  readonly maxRetries: number;
  /** A question was not answered, for this reason, and is asked again after that time. */
  readonly onWait?: ((waitMs: number, why: string) => void) | undefined;
}

/**
 * Resolves when every system has taken the credentials and every pair of ids is that of one cluster. Errors:
 * CREDENTIALS_FAILED where a system refuses them (401, 403, no token), INVALID_FIELD where two ids are those of two
 * clusters, NOT_FOUND where OCM has no such cluster to compare with, else REMOTE_ERROR, UNREACHABLE, TIMEOUT of a
 * system that did not answer, the reason of `signal`.
 */
export async function askFirst(questions: readonly Question[], options: AskingOptions): Promise<void> {
  const answers = await Promise.allSettled(questions.map((question) => answered(question, options)));
  options.signal.throwIfAborted();
  const failures = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [causeOf(answer.reason)] : [],
  );
  const [first] = failures;
  if (first === undefined) return;
  const bug = failures.find((failure) => !(failure instanceof RemedyError));
  if (bug !== undefined) throw bug as Error;
  const known = failures.filter((failure) => failure instanceof RemedyError);
  const refused = known.filter(isRefusal);
  const told = refused.length > 0 ? refused : known.slice(0, 1);
  throw notBegun(told, refused.length > 0 ? 'CREDENTIALS_FAILED' : undefined);
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof RetryError ? thrown.originalError : thrown;
}

function isRefusal(failure: RemedyError): boolean {
  return failure.code === 'CREDENTIALS_FAILED' || failure.code === 'FORBIDDEN';
}

/** Both of two systems that share a token fail for one reason, which is said once. */
function notBegun(
  [first, ...others]: readonly RemedyError[],
  code: 'CREDENTIALS_FAILED' | undefined,
): RemedyError {
  if (first === undefined) throw new Error('there is nothing that failed');
  const said = [...new Set([first, ...others].map(({ message }) => message))];
  const hints = [...new Set([first, ...others].flatMap(({ hint }) => hint ?? []))];
  return new RemedyError(code ?? first.code, `${said.join('; ')}; nothing was sent`, {
    hint: hints.length === 0 ? undefined : hints.join(' '),
    details: first.details,
    cause: first,
  });
}

async function answered(question: Question, options: AskingOptions): Promise<void> {
  const { clock, random, signal, maxRetries, onWait } = options;
  await retry(() => ask(question, options), {
    policy: { ...planActions, maxAttempts: maxRetries + 1 },
    clock,
    random,
    signal,
    classify: classifyAttempt,
    observer: ({ waitMs, error }) => {
      if (!signal.aborted) onWait?.(waitMs, error instanceof Error ? error.message : String(error));
    },
  });
}

async function ask(question: Question, { clients, signal, onWait }: AskingOptions): Promise<void> {
  const call: CallOptions = { signal, hold: signal, onHeld: onWait };
  const { system, id, externalId } = question;
  try {
    if (system === 'pagerduty') await (await clients.pagerduty()).getIncident(id, call);
    else if (system === 'backplane') await (await clients.backplane()).listReports(id, askedReports, call);
    else compareIds(await (await clients.ocm()).getCluster(id, call), question);
  } catch (thrown) {
    // with another question the credentials would have been taken: what is wrong with this one shows by its action
    if (externalId === undefined && isTaken(thrown)) return;
    throw thrown;
  }
}

function compareIds(cluster: { readonly externalId?: string }, { id, externalId }: Question): void {
  if (externalId === undefined || cluster.externalId === externalId) return;
  const real = cluster.externalId === undefined ? 'not known to OCM' : cluster.externalId;
  throw new RemedyError(
    'INVALID_FIELD',
    `spec.cluster.externalId: the external id of cluster ${id} is ${real}, not ${externalId}`,
    {
      hint: 'Give both ids of the one cluster that is meant: the log goes to the one, and is looked for by the other.',
      details: { field: 'spec.cluster.externalId', clusterId: id, externalId },
    },
  );
}

/** A refusal of the question, and not of who asks. */
function isTaken(thrown: unknown): boolean {
  if (!(thrown instanceof RemoteError) || thrown.system === 'sso') return false;
  const status = thrown.httpStatus ?? 0;
  return status >= 400 && status < 500 && ![401, 403, 407, 408, 429].includes(status);
}
