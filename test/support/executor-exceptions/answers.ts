/** What remedyctl makes of answers, and of none. */
import { leavesOpen, promisedStatus } from '../executor-cases/script.ts';
import type { Rule } from '../executor-cases/case.ts';
import type { Step } from '../executor-cases/sent.ts';
import {
  has,
  reads,
  sentSteps,
  steps,
  writeRules,
  writes,
  type Done,
  type ExecutorException,
  type Facts,
} from './exception.ts';

const resolvedText = 'Incident Already Resolved';
const rules = '§2.3, retry by substrings of the error text';

function textOf({ body }: Rule): string {
  return JSON.stringify(body ?? '');
}

/** Steps whose writes were all refused for now. */
function exhausted({ one, run }: Done, isMeant: (step: Step) => boolean): boolean {
  const isForEver = one.script.every(
    ({ times, match = '' }) => times === undefined || match.startsWith('GET'),
  );
  return (
    !isForEver ||
    run.steps
      .filter((step) => isMeant(step) && step.outcome === 'failed' && step.requests.at(-1)?.answer !== '400')
      .every((step) => writes(step) === one.options.maxRetries + 1)
  );
}

function meets(facts: Facts, test: (rule: Rule) => boolean): boolean {
  return sentSteps(facts).length > 0 && writeRules(facts).some(test);
}

/** Statuses that refuse a write for now. */
function isPassing({ status }: Rule): boolean {
  return status === 429 || status === 503 || status === 501;
}

function isUnreadable({ system, status = 0, rawBody }: Rule): boolean {
  if (status < 200 || status > 299) return false;
  return status !== promisedStatus(system) || rawBody !== undefined;
}

const isLost = ({ fault, delayMs = 0 }: Rule): boolean => fault === 'reset' || delayMs > 30_000;

/** Every write but the last was followed by a look. */
function looksBefore(step: Step): boolean {
  return step.outcome === 'unknown' || reads(step) >= writes(step) - 1;
}

export const answers: readonly ExecutorException[] = [
  {
    row: "§2.3, on 429 and 503 OCM's SDK retries inside each attempt: up to 12 POSTs for 3 retries",
    instead: 'one retry engine: maxRetries + 1 attempts, after 1, 4 and 9 seconds',
    concerns: (facts) =>
      facts.one.requests.some(({ method, waitBy }) => method === 'POST' && waitBy === 'ocm-sdk transport'),
    holds: (done) => exhausted(done, ({ requests }) => requests[0]?.system === 'ocm'),
  },
  {
    row: rules,
    instead: 'a 4xx other than 429 is final, whatever its text, its headers and the ids in it',
    concerns: ({ one }) =>
      one.requests.some(({ waitBy }, index) => {
        const before = one.requests[index - 1]?.answer ?? '';
        return waitBy === 'executor' && /^4/.test(before) && before !== '429';
      }),
    holds: ({ run }) => run.steps.every((step) => writes(step) <= 1),
  },
  {
    row: '§2.3, of 5xx PagerDuty and Backplane none is retried',
    instead: '503 is refused for now, whoever says it, and tried again',
    concerns: (facts) => meets(facts, (rule) => rule.system !== 'ocm' && rule.status === 503),
    holds: (done) => exhausted(done, ({ requests }) => requests.some(({ answer }) => answer === '503')),
  },
  {
    row: '§2.4, an ambiguous 5xx on a POST is sent again, or given up, without a look',
    instead: 'it is looked up: found is done, absent is sent again, an escalation stays unknown',
    concerns: (facts) =>
      meets(facts, ({ status = 0 }) => status >= 500 && leavesOpen(status)) ||
      facts.one.script.some(
        ({ match = '', status = 0 }) => match === 'PUT' && status >= 500 && leavesOpen(status),
      ),
    holds: ({ run, landed }) =>
      run.steps.every(
        (step) =>
          looksBefore(step) &&
          (!landed || step.type === 'escalate_incident' || writes(step) <= 1 || step.type === 'service_log'),
      ),
  },
  {
    row: '§2.4, a reset or a time-out is given up, or never comes: notes, OCM and Backplane have no time-out',
    instead: 'every call has 30 s; a write without an answer is looked up, then sent again or not',
    concerns: (facts) => meets(facts, isLost),
    holds: ({ run, landed }) =>
      run.steps.every((step) => looksBefore(step) && (!landed || writes(step) <= 1)),
  },
  {
    row: '§2.4, a success that cannot be read is an error of PagerDuty, a success of OCM, the end of the process at Backplane',
    instead:
      'it is of unknown outcome: looked up; an escalation, which shows nowhere, has succeeded by its status',
    concerns: (facts) => meets(facts, isUnreadable),
    holds: ({ run, landed }) =>
      run.steps.every((step) => looksBefore(step) && (!landed || writes(step) <= 1)),
  },
  {
    row: '§5, the date of a report that was made cannot be read',
    instead: 'the status decides: 201 with an id is made',
    concerns: (facts) =>
      meets(facts, ({ status, body }) => status === 201 && textOf({ body } as Rule).includes('"yesterday"')),
    holds: ({ run }) => run.ok,
  },
  {
    row: '§2.4, an OCM error answer with an empty JSON body counts as sent',
    instead: 'the status decides: 4xx has failed, 5xx is of unknown outcome',
    concerns: (facts) =>
      meets(facts, ({ system, status = 0, rawBody }) => system === 'ocm' && status >= 400 && rawBody === ''),
    holds: ({ run, landed }) =>
      run.ok ===
      (landed && run.steps.some(({ requests }) => requests.some(({ answer }) => answer === '500'))),
  },
  {
    row: '§2.3, no reset header',
    instead: 'Retry-After and ratelimit-reset are waited for where they are longer than 1, 4, 9 seconds',
    concerns: (facts) =>
      meets(
        facts,
        (rule) =>
          isPassing(rule) &&
          ['Retry-After', 'ratelimit-reset'].some((name) => rule.headers?.[name] !== undefined),
      ),
    holds: (done) => exhausted(done, () => true),
  },
  {
    row: '§2.3, connection refused is retried for PagerDuty only',
    instead: 'for every system',
    concerns: ({ one }) =>
      one.script.some(({ system, fault }) => fault === 'refused' && system !== 'pagerduty'),
  },
  {
    row: '§2.1, maxRetries 0 becomes 3',
    instead: '0 means no retry',
    concerns: (facts) => facts.one.options.maxRetries === 0 && writeRules(facts).some(isPassing),
    holds: ({ run }) => run.steps.every((step) => writes(step) <= 1),
  },
  {
    row: '§2.5, duplicate check: an error of the search is ignored',
    instead: 'it fails loudly after its retries, and nothing is sent',
    concerns: ({ one }) =>
      one.script.some(
        ({ match = '', fault, status, rawBody }) =>
          match.startsWith('GET') && (fault !== undefined || status !== 200 || rawBody !== undefined),
      ),
    holds: (done) => !done.run.ok && steps(done, 'service_log').every((step) => writes(step) === 0),
  },
  {
    row: '§2.5, duplicate check by the summary only, or by the total alone; a skip counts as sent',
    instead: 'summary and description are compared; another log is none',
    concerns: (facts) =>
      facts.one.script.some(
        ({ match = '', body }) =>
          match.startsWith('GET') && ((body as { total?: number } | undefined)?.total ?? 0) > 0,
      ) && facts.one.requests.some(({ method }) => method === 'GET'),
    holds: (done) =>
      steps(done, 'service_log').every(
        ({ outcome, requests }) => outcome === 'succeeded' && requests.at(-1)?.method === 'POST',
      ),
  },
  {
    row: '§2.6, any error 2001 with HTTP 400 on escalate counts as success',
    instead: `only "${resolvedText}" does`,
    concerns: (facts) =>
      has(facts, 'escalate_incident') &&
      meets(facts, (rule) => rule.status === 400 && textOf(rule).includes('"code":2001')),
    holds: ({ run, one }) =>
      run.ok === writeRules({ one }).some((rule) => textOf(rule).includes(resolvedText)),
  },
  {
    row: `§2.6, "${resolvedText}" is seen only as the first of several errors, with any status, and not for a title`,
    instead: 'wherever it stands in message or errors, with HTTP 400, for every update of an incident',
    concerns: (facts) =>
      !has(facts, 'pagerduty_note') && meets(facts, (rule) => textOf(rule).includes(resolvedText)),
    holds: ({ run, one }) => {
      const isBadRequest = writeRules({ one }).every(({ status }) => status === 400);
      return !isBadRequest || (run.ok && run.steps.every((step) => writes(step) === 1));
    },
  },
  {
    row: '§2.6, limited support refused because the cluster is uninstalling counts as sent',
    instead: 'an outcome of its own, skipped_uninstalling: no failure, no metric',
    concerns: (facts) =>
      has(facts, 'limited_support') &&
      meets(facts, (rule) => rule.status === 400 && textOf(rule).includes("'uninstalling' state")),
    holds: ({ run }) =>
      run.ok && Object.keys(run.metrics).length === 0 && run.steps[0]?.outcome === 'skipped_uninstalling',
  },
];
