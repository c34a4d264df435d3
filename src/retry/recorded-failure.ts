import { classifyFailure } from './classify.ts';
import { classifyRemoteFailure } from './classify-remote.ts';
import { classifyText } from './classify-text.ts';
import type { Failure, FailureType } from './failure.ts';

/** What is known of a failure of which only a record is left; at least one of them. */
export interface FailureFacts {
  readonly status?: number | undefined;
  readonly reason?: string | undefined;
  readonly errno?: string | undefined;
  /** The class that was given to it when it was recorded; read where neither status, reason nor errno is left. */
  readonly type?: FailureType | undefined;
  readonly message?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** An error as it was, for the code that retries: it carries what `classifyFailure` reads. */
export class RecordedFailure extends Error {
  readonly facts: FailureFacts;
  readonly httpStatus: number | undefined;
  readonly reason: string | undefined;
  readonly errno: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly failureType: FailureType | undefined;

  constructor(facts: FailureFacts) {
    super(facts.message ?? sentenceOf(facts));
    this.facts = facts;
    this.httpStatus = facts.status;
    this.reason = facts.reason;
    this.errno = facts.errno;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.failureType = hasCodes(facts) ? undefined : facts.type;
  }
}

/** What a recorded failure is classified by. */
type ClassifiedBy = 'status' | 'reason' | 'errno' | 'type' | 'text' | 'nothing';

/** As production classifies it; by the gateway's substrings where only a text is left. */
export function classifyRecorded(error: unknown): Failure {
  if (!(error instanceof RecordedFailure)) return classifyFailure(error);
  return isTextOnly(error.facts) ? classifyText(error.message) : classifyFailure(error);
}

/** As the actions of a plan classify it: never by a text. */
export function classifyRecordedRemote(error: unknown): Failure {
  return error instanceof RecordedFailure ? classifyRemoteFailure(error) : classifyFailure(error);
}

/** Which of the facts decided the class. */
export function classifiedBy(facts: FailureFacts): ClassifiedBy {
  const { status, reason, errno, type, message } = facts;
  if (isTextOnly(facts)) return message === undefined ? 'nothing' : 'text';
  const known = [
    ['status', { httpStatus: status }],
    ['reason', { reason }],
  ] as const;
  const telling = known.find(([, fact]) => classifyFailure(fact).type !== 'unknown');
  if (telling !== undefined) return telling[0];
  const there = [
    ['errno', errno],
    ['status', status],
    ['reason', reason],
    ['type', type],
  ] as const;
  return there.find(([, fact]) => fact !== undefined)?.[0] ?? 'nothing';
}

function hasCodes({ status, reason, errno }: FailureFacts): boolean {
  return status !== undefined || reason !== undefined || errno !== undefined;
}

function isTextOnly(facts: FailureFacts): boolean {
  return !hasCodes(facts) && facts.type === undefined;
}

function sentenceOf({ status, reason, errno, type }: FailureFacts): string {
  const said = [status === undefined ? undefined : `HTTP status ${status}`, reason ?? errno ?? type];
  return said.filter((part) => part !== undefined).join(' ') || 'failed';
}
