import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Case } from './case.ts';
import type { Observed } from './product-run.ts';
import type { Arrived } from './scripted-systems.ts';
import { pathOf, readable, type Run, type Sent } from './sent.ts';

type Whole = Extract<Run, { refused: false }>;

/** Without times, and without what a parallel run of the reference leaves to chance. */
export function comparable(run: Run, { options, hasCollector }: Case): unknown {
  if (run.refused) return run;
  const { ok, metrics } = run;
  const appended = hasCollector ? run.appended : [];
  const steps = run.steps.map(({ type, outcome, requests }) => ({
    type,
    outcome,
    requests: requests.map((request) => ({ ...request, wait: undefined })),
  }));
  return { ok, steps, metrics, appended: options.concurrent ? [...appended].sort() : appended };
}

/** Whether a run differs from the reference's, in its times too. */
export function differs(run: Run, reference: Run, one: Case): boolean {
  if (!isDeepStrictEqual(timed(run, one), timed(reference, one))) return true;
  // where nothing arrives only the time tells how often it was tried
  if (run.refused || reference.refused || one.script.every(({ fault }) => fault !== 'refused')) return false;
  const [least, most] = reference.elapsed ?? [0, 0];
  return run.elapsed === undefined || run.elapsed[0] < least || run.elapsed[1] > most;
}

function timed(run: Run, one: Case): unknown {
  const waits = run.refused
    ? []
    : run.steps.map(({ requests }) => requests.map(({ wait }) => wait ?? 'first'));
  return [comparable(run, one), waits];
}

/**
 * Each wait is within its bounds, and so is the whole. `spreadSeconds`: by so much more a request may wait that follows
 * a rate limit which another action has met; each draws its own place behind the reset.
 */
export function expectWaits({ waits, elapsed }: Observed, expected: Whole, spreadSeconds = 0): void {
  for (const [step, { requests, type }] of expected.steps.entries()) {
    for (const [index, { wait }] of requests.entries()) {
      const waited = waits[step]?.[index];
      if (wait === undefined) continue;
      expect(waited, `${type}, request ${index}`).toBeGreaterThanOrEqual(wait[0]);
      expect(waited, `${type}, request ${index}`).toBeLessThanOrEqual(wait[1] + spreadSeconds);
    }
  }
  if (expected.elapsed === undefined) return;
  expect(elapsed).toBeGreaterThanOrEqual(expected.elapsed[0]);
  expect(elapsed).toBeLessThanOrEqual(expected.elapsed[1]);
}

/** What the systems saw is what the run says: in its order, or in that of its phases where it is parallel. */
export function expectWire({ run, arrived }: Observed, { options }: Case): void {
  if (run.refused) return;
  const seen = arrived.map(arrivedLine);
  const sent = run.steps.flatMap(({ requests }) => requests);
  if (!options.concurrent) {
    expect(seen).toEqual(sent.map(sentLine));
    return;
  }
  const isLast = ({ system }: { system: string }): boolean => system === 'pagerduty';
  expect(arrived.filter(isLast).map(arrivedLine)).toEqual(sent.filter(isLast).map(sentLine));
  expect([...seen].sort()).toEqual(sent.map(sentLine).sort());
  const firstLate = arrived.findIndex(isLast);
  expect(firstLate === -1 || arrived.slice(firstLate).every(isLast)).toBe(true);
}

/** As the reference's, but for the name of the program; and From on every write to PagerDuty. */
export function expectHeaders({ arrived }: Observed, one: Case): void {
  for (const { system, method, headers } of arrived) {
    const known = one.requests.find((request) => request.system === system && request.method === method);
    for (const name of ['Accept', 'Content-Type', 'Authorization']) {
      const value = known?.headers[name];
      if (value === undefined) continue;
      const secret = headers.authorization?.replace(
        /^(Bearer |Token token=).+/,
        system === 'pagerduty' ? '$1<key>' : '$1<token>',
      );
      expect(name === 'Authorization' ? secret : headers[name.toLowerCase()]).toBe(value);
    }
    const isWrite = system === 'pagerduty' && method !== 'GET';
    expect(headers.from?.includes('@') ?? false).toBe(isWrite);
  }
}

function arrivedLine({ system, method, url, query, body }: Arrived): string {
  const path = pathOf(new URL(url, 'http://fake').pathname.replace(/\/reports\/.+$/, '/reports/<id>'));
  return JSON.stringify([system, method, path, query, body === undefined ? null : readable(body)]);
}

function sentLine({ system, method, path, query, body }: Sent): string {
  return JSON.stringify([system, method, path, query, body ?? null]);
}
