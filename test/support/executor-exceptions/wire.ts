/** What remedyctl says in other words than the reference, or asks before. */
import { isOfPagerDuty, isOfWebhook } from '../executor-cases/reference-run.ts';
import { has, reads, sentSteps, steps, type ExecutorException, type Facts } from './exception.ts';

function sends(facts: Facts, method: string, lastSegment: string): boolean {
  return sentSteps(facts).some(({ requests }) =>
    requests.some((request) => request.method === method && request.path.at(-1) === lastSegment),
  );
}

function changes(facts: Facts, field: string): boolean {
  return facts.one.requests.some(({ body }) => {
    const [incident] = (body?.['incidents'] ?? []) as Record<string, unknown>[];
    return incident !== undefined && field in incident;
  });
}

export const wire: readonly ExecutorException[] = [
  {
    row: '§2.1, with an empty external id the duplicate search covers every cluster',
    instead: 'without an external id it is searched for by the internal one',
    concerns: (facts) => has(facts, 'service_log') && facts.one.cluster?.externalId === '',
    holds: (done) =>
      steps(done, 'service_log').every(({ requests }) =>
        requests.every(({ method, query }) => method !== 'GET' || (query['cluster_id'] ?? '') !== ''),
      ),
  },
  {
    row: '§3, an incident is updated by the list form',
    instead: 'by the single form, to the incident itself',
    concerns: (facts) => sends(facts, 'PUT', 'incidents'),
    holds: ({ run }) =>
      run.steps.every(({ requests }) =>
        requests.every(({ method, body }) => method !== 'PUT' || 'incident' in (body as object)),
      ),
  },
  {
    row: '§3, a note is sent with an empty user',
    instead: 'a note has its content and nothing else',
    concerns: (facts) => sends(facts, 'POST', 'notes'),
    holds: (done) =>
      steps(done, 'pagerduty_note').every(({ requests }) =>
        requests.every(({ method, body }) => {
          const { note = {} } = (body ?? {}) as { note?: object };
          return method === 'GET' || Object.keys(note).join() === 'content';
        }),
      ),
  },
  {
    row: '§2.5, quotes are not escaped in the duplicate search',
    instead: "they are doubled, as OCM's search language has it",
    concerns: ({ one }) =>
      one.requests.some(({ query }) => /^summary='.*'.*'$/s.test(query?.['search'] ?? '')),
    holds: (done) =>
      steps(done, 'service_log').every(({ requests }) =>
        requests.every(({ query }) => /^summary='(?:[^']|'')*'$/s.test(query['search'] ?? "summary=''")),
      ),
  },
  {
    row: '§2.6, the title is built from a cached title',
    instead: 'the incident is read first, before each attempt',
    concerns: (facts) => changes(facts, 'title') || isOfWebhook(facts.one.result.error),
    holds: (done) =>
      steps(done, 'pagerduty_title_update').every(
        ({ requests }) => requests.length === 0 || requests[0]?.method === 'GET',
      ),
  },
  {
    row: '§2.5, a limited support has no duplicate check although the option exists',
    instead: 'the reasons are listed first, unless duplicates are allowed',
    concerns: (facts) =>
      facts.one.actions?.some(
        (action) => action.type === 'limited_support' && action['allowDuplicates'] !== true,
      ) === true && sends(facts, 'POST', 'limited_support_reasons'),
    holds: (done) =>
      done.one.actions?.some(({ allowDuplicates }) => allowDuplicates === true) === true ||
      steps(done, 'limited_support').every((step) => step.requests.length === 0 || reads(step) > 0),
  },
  {
    row: '§2.5, a title that has the prefix counts as updated',
    instead: 'skipped_duplicate is an outcome of its own, after a look at the incident',
    concerns: ({ one, reference }) =>
      !reference.refused &&
      one.actions?.some(
        ({ type, prefix }) =>
          type === 'pagerduty_title_update' &&
          String(prefix).trim() !== '' &&
          one.incident?.title.includes(String(prefix)) === true,
      ) === true,
    holds: (done) =>
      steps(done, 'pagerduty_title_update').some(({ outcome }) => outcome === 'skipped_duplicate'),
  },
  {
    row: '§2.6, two title updates overwrite each other',
    instead: 'each starts from the title that the last one left',
    concerns: (facts) => countOf(facts, 'pagerduty_title_update') > 1,
  },
  {
    row: '§2.2, variants: the wording of the note about what an infrastructure cluster was spared',
    instead: "remedyctl's own words, which name every action that was held back",
    concerns: ({ one }) => one.requests.some(({ body }) => isDigest(body)),
    holds: ({ run }) => JSON.stringify(run.steps).includes('"names"'),
  },
  {
    row: '§2.2, variants: on an infrastructure cluster in manual mode nothing at all reaches PagerDuty',
    instead: 'the result says so of the note and of the escalation that would have been sent',
    concerns: ({ one }) => one.options.variant === 'infra-manual' && isInterfered({ one }),
    holds: ({ run }) =>
      run.steps.filter(({ type }) => isOfPagerDuty(type) && type !== 'silence_incident').at(-1)?.outcome ===
      'skipped_mode',
  },
  {
    row: '§1, the reasons of silence and escalate reach nobody',
    instead: 'they are in the note',
    concerns: (facts) =>
      facts.one.actions?.some(({ type, reason }) => isAlarm(type) && typeof reason === 'string') === true &&
      hasNotesNote(facts) &&
      sends(facts, 'POST', 'notes'),
    holds: ({ run }) =>
      run.steps.every(({ type, requests }) => type !== 'pagerduty_note' || requests.length === 0) ||
      /(?:Silencing|Escalating) the incident: |is not silenced but escalated/.test(JSON.stringify(run.steps)),
  },
];

function isAlarm(type: string): boolean {
  return type === 'silence_incident' || type === 'escalate_incident';
}

export function hasNotesNote({ one }: Pick<Facts, 'one'>): boolean {
  return one.actions?.some(({ type, fromNotes }) => type === 'pagerduty_note' && fromNotes === true) === true;
}

function countOf({ one }: Pick<Facts, 'one'>, type: string): number {
  return (one.actions ?? []).filter((action) => action.type === type).length;
}

function isInterfered(facts: Pick<Facts, 'one'>): boolean {
  return ['service_log', 'limited_support', 'silence_incident'].some((type) => has(facts, type));
}

function isDigest(body: Record<string, unknown> | undefined): boolean {
  const { content } = (body?.['note'] ?? {}) as { content?: unknown };
  return typeof content === 'object';
}
