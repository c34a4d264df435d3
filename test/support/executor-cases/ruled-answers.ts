/** What an answer means by the rules: the status decides, the error number where there is none, never a text. */
import type { GivenAction, Rule } from './case.ts';
import { systemOf } from './ruled-requests.ts';
import { leavesOpen, promisedStatus } from './script.ts';

export type Meaning =
  | 'done'
  /** Refused for good. */
  | 'final'
  /** Refused for now. */
  | 'passing'
  /** Nobody knows. */
  | 'open'
  | 'skipped_uninstalling';

/** An exchange may take so long, in milliseconds. */
export const deadlineMs = 30_000;

export function meaningOfWrite(action: GivenAction, rule: Rule | undefined): Meaning {
  if (rule?.fault === 'refused') return 'passing';
  if (rule?.fault === 'reset' || isTooSlow(rule)) return 'open';
  const { status } = rule ?? {};
  if (rule === undefined || status === undefined) return 'done';
  if (status === promisedStatus(systemOf(action)) && isReadable(rule)) return 'done';
  if (leavesOpen(status)) return 'open';
  if (status === 429 || status >= 500) return 'passing';
  return status === 400 ? meaningOfBadRequest(action, rule) : 'final';
}

export type Found = readonly unknown[] | undefined;

/** A read: what it found (undefined: whatever is there), or that it failed. */
export function meaningOfRead(rule: Rule | undefined): { items: Found; total: number } | 'final' | 'passing' {
  if (rule?.fault !== undefined || isTooSlow(rule)) return 'passing';
  const { status } = rule ?? {};
  if (rule === undefined || status === undefined) return { items: undefined, total: 0 };
  if (status === 429 || status >= 500) return 'passing';
  const { items, total } = (jsonOf(rule) ?? {}) as { items?: unknown[]; total?: number };
  if (status !== 200 || jsonOf(rule) === undefined) return 'final';
  return { items: items ?? [], total: total ?? items?.length ?? 0 };
}

/** Seconds that the system asks to be left alone. */
export function askedSeconds(rule: Rule | undefined): number {
  const { 'Retry-After': after, 'ratelimit-reset': reset } = rule?.headers ?? {};
  return Number(after ?? (rule?.status === 429 ? reset : undefined) ?? 0);
}

function isTooSlow(rule: Rule | undefined): boolean {
  return (rule?.delayMs ?? 0) > deadlineMs;
}

/** Any JSON object will do: the status has said the rest. */
function isReadable(rule: Rule): boolean {
  const body = jsonOf(rule);
  return typeof body === 'object' && body !== null;
}

function meaningOfBadRequest({ type }: GivenAction, rule: Rule): Meaning {
  const { error, reason } = (jsonOf(rule) ?? {}) as { error?: unknown; reason?: string };
  if (type === 'limited_support') {
    const isGoing = reason === "Operation is not allowed for a cluster in 'uninstalling' state";
    return isGoing ? 'skipped_uninstalling' : 'final';
  }
  const isUpdate = ['pagerduty_title_update', 'silence_incident', 'escalate_incident'].includes(type);
  const { message, errors } = (error ?? {}) as { message?: string; errors?: unknown };
  const said = [message, ...(Array.isArray(errors) ? (errors as unknown[]) : [errors])];
  return isUpdate && said.includes('Incident Already Resolved') ? 'done' : 'final';
}

function jsonOf({ body, rawBody, status }: Rule): unknown {
  if (status === 204) return undefined;
  try {
    return rawBody === undefined ? body : (JSON.parse(rawBody) as unknown);
  } catch {
    return undefined;
  }
}
