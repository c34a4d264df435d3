/** What an answer of a gateway says for certain, and what it leaves open. */
import { RemedyError } from '../errors/remedy-error.ts';
import { asObject, listIn, objectIn, textIn, type JsonObject } from '../http/json-fields.ts';
import type { GatewayAnswer } from './gateway-client.ts';

/** What an answer says of the signals of a body. */
export type GatewayVerdict =
  | {
      kind: 'created' | 'duplicate';
      fingerprint: string;
      request: { namespace: string; name: string };
      /** What the gateway says of the count, written or not. */
      claimed: ClaimedCount;
    }
  /** Its resource is not managed. */
  | { kind: 'unmanaged'; message: string; action?: string }
  /** The body is not taken, for what is in it. */
  | { kind: 'refused'; detail: string }
  /** Nothing was taken, for what is not in the body. */
  | { kind: 'failed'; error: RemedyError }
  /** It began, and did not say how it ended. Not done: somebody in front of it answered, and it may be at it still. */
  | { kind: 'open'; detail: string; isDone: boolean }
  | { kind: 'batch'; results: readonly BatchResult[] };

/** `metadata` of the answer to a duplicate: what was meant to be stored. Times are RFC 3339. */
export interface ClaimedCount {
  occurrenceCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
}

/** One result of a 207, which names no request and says not which alert it is of. */
export interface BatchResult {
  status: 'created' | 'duplicate' | 'rejected' | 'failed';
  fingerprint?: string;
  /** Its message or error. */
  text: string;
}

/** Details of a 500 that stands before any work on the body. */
const beforeWork = new Set(['Authentication service unavailable', 'Authorization service unavailable']);

/** Reads an answer by its status; a body that is not what the status promises leaves the outcome open. */
export function verdictOf(answer: GatewayAnswer): GatewayVerdict {
  const { status } = answer;
  if (status < 300) return readers[status]?.(answer) ?? unreadable(answer);
  if (aboutTheBody.has(status) && answer.isJson) return { kind: 'refused', detail: detailOf(answer) };
  if (status >= 500 && leavesOpen(answer)) {
    return { kind: 'open', detail: shown(answer), isDone: isItsOwn(answer) };
  }
  return { kind: 'failed', error: refusalOf(answer) };
}

/** By the statuses that promise a body of a form. */
const readers: Readonly<Record<number, (answer: GatewayAnswer) => GatewayVerdict | undefined>> = {
  200: unmanagedVerdict,
  201: takenVerdict,
  202: takenVerdict,
  207: batchVerdict,
};

const aboutTheBody = new Set([400, 413, 415]);

/** The gateway's own words of an answer, in one line. */
export function detailOf({ body }: GatewayAnswer): string {
  const detail = textIn(body, 'detail') ?? textIn(body, 'message') ?? textIn(body, 'error');
  const text = detail ?? (typeof body === 'string' ? body : '');
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

const longest = 300;

function leavesOpen(answer: GatewayAnswer): boolean {
  if (answer.status === 501 || answer.status === 503) return false;
  return !beforeWork.has(detailOf(answer));
}

/** The form in which a gateway tells of what went wrong: a balancer, a proxy or a mesh has others. */
function isItsOwn({ status, body }: GatewayAnswer): boolean {
  const problem = asObject(body);
  return problem?.['status'] === status && textIn(body, 'detail') !== undefined;
}

function unreadable(answer: GatewayAnswer): GatewayVerdict {
  const detail = `HTTP ${answer.status}, which is no answer that a gateway gives`;
  return { kind: 'open', detail, isDone: false };
}

function shown(answer: GatewayAnswer): string {
  const detail = answer.isJson ? detailOf(answer) : '';
  return `HTTP ${answer.status}${detail === '' ? '' : `, ${detail}`}`;
}

function takenVerdict({ status, body }: GatewayAnswer): GatewayVerdict | undefined {
  const fingerprint = textIn(body, 'fingerprint');
  const name = textIn(body, 'remediationRequestName');
  const namespace = textIn(body, 'remediationRequestNamespace');
  if (fingerprint === undefined || !name || !namespace) return undefined;
  return {
    kind: status === 201 ? 'created' : 'duplicate',
    fingerprint,
    request: { namespace, name },
    claimed: claimedIn(objectIn(body, 'metadata')),
  };
}

function claimedIn(metadata: JsonObject | undefined): ClaimedCount {
  const count = metadata?.['count'];
  const first = textIn(metadata, 'firstOccurrence');
  const last = textIn(metadata, 'lastOccurrence');
  return {
    ...(typeof count === 'number' ? { occurrenceCount: count } : {}),
    ...(first === undefined ? {} : { firstSeenAt: first }),
    ...(last === undefined ? {} : { lastSeenAt: last }),
  };
}

function unmanagedVerdict({ body }: GatewayAnswer): GatewayVerdict | undefined {
  if (textIn(body, 'status') !== 'rejected') return undefined;
  const rejection = objectIn(body, 'rejection');
  const message = textIn(rejection, 'message') ?? textIn(body, 'message') ?? 'it was rejected';
  const action = textIn(rejection, 'action');
  return { kind: 'unmanaged', message, ...(action === undefined ? {} : { action }) };
}

function batchVerdict({ body }: GatewayAnswer): GatewayVerdict | undefined {
  const results = listIn(body, 'results')?.map(batchResult);
  if (results === undefined || results.includes(undefined)) return undefined;
  return { kind: 'batch', results: results.filter((one) => one !== undefined) };
}

const batchStatuses = ['created', 'duplicate', 'rejected', 'failed'] as const;

function batchResult(value: unknown): BatchResult | undefined {
  const result = asObject(value);
  const status = batchStatuses.find((one) => one === textIn(result, 'status'));
  if (status === undefined) return undefined;
  const fingerprint = textIn(result, 'fingerprint');
  const text = textIn(result, 'error') ?? textIn(result, 'message') ?? '';
  return { status, text, ...(fingerprint ? { fingerprint } : {}) };
}

/** Nothing was taken: who we are, where we ask, or whoever stands in front of the gateway. */
function refusalOf(answer: GatewayAnswer): RemedyError {
  const { status } = answer;
  const said = `the gateway answered ${shown(answer)}`;
  if (status === 401) {
    return new RemedyError('CREDENTIALS_FAILED', said, {
      hint: 'The token is none that its API server knows, or it has ended; make a new one.',
    });
  }
  if (status === 403) {
    const hint =
      "The token's own user needs create on services named gateway-service; a grant to a group of it does not count.";
    return new RemedyError('FORBIDDEN', said, { hint });
  }
  if (status >= 300 && status < 400) {
    return new RemedyError('REMOTE_ERROR', `${said}: it leads to another place, which is not followed`, {
      hint: 'Give the URL that it leads to, if that is the gateway.',
    });
  }
  if (status === 404 || status === 405) {
    return new RemedyError('NOT_FOUND', `${said}: no gateway is there`, {
      hint: 'Give the URL in front of /api/v1/signals.',
    });
  }
  return new RemedyError('REMOTE_ERROR', said, {
    hint: hintOfFailure(answer),
  });
}

function hintOfFailure(answer: GatewayAnswer): string | undefined {
  if (answer.status < 500) return undefined;
  return isItsOwn(answer)
    ? 'It cannot ask its own API server; try again later.'
    : 'That is an answer of whoever stands in front of the gateway, and has none to hand it to; try again later.';
}
