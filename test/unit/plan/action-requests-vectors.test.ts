import { describe, expect, it } from 'vitest';
import { atRun, previewPlan, type RequestSettings } from '../../../src/plan/preview.ts';
import { settingsFindings } from '../../../src/plan/settings-findings.ts';
import { hasShared, readVectors } from '../../support/shared.ts';
import { planText, readText } from './plan-files.ts';

interface SeenRequest {
  system: 'pagerduty' | 'ocm' | 'backplane';
  method: string;
  path: string;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
  again?: number;
}

interface Incident {
  id: string;
  title: string;
  silentPolicy?: string;
}

interface Case {
  id: string;
  cluster?: string | Record<string, string> | null;
  incident?: string | Incident;
  notes?: string | Notes;
  actions: ({ type: string } & Record<string, unknown>)[];
  script?: unknown[];
  requests?: SeenRequest[];
  result: { ok: boolean };
}

interface Notes {
  name: string;
  lines: [string, string][];
}

interface Vectors {
  cases: Case[];
  fixtures: Record<string, unknown>;
}

const { cases, fixtures }: Vectors = hasShared
  ? readVectors<Vectors>('cad-actions')
  : { cases: [], fixtures: {} };

const settings: RequestSettings = {
  urls: { pagerduty: 'https://pd.test', ocm: 'https://ocm.test', backplane: 'https://bp.test' },
  from: 'sre@example.com',
  escalationLevel: 2,
  userAgent: 'remedyctl/test',
};

/**
 * Where the specification wants other requests than the reference sends; each with its DO, and what it makes of the
 * reference's request.
 */
const exceptions: readonly { rule: string; apply: Exception }[] = [
  {
    rule: 'an incident is updated in the single form',
    apply: ({ path, body, ...request }) => {
      const [incident] = (body?.['incidents'] ?? []) as { id: string; type: string }[];
      if (path !== '/incidents' || incident === undefined) return undefined;
      const { id, ...changes } = incident;
      const single = { incident: { ...changes, type: 'incident_reference' } };
      return [{ ...request, path: `/incidents/${encodeURIComponent(id)}`, body: single }];
    },
  },
  {
    rule: 'the incident is read before its title is changed, and the title is known only then',
    apply: ({ body, ...request }, { incident }) => {
      const changes = body?.['incident'] as { title?: string } | undefined;
      if (changes?.title === undefined || changes.title.endsWith(atRun)) return undefined;
      const title = changes.title.replace(incident?.title ?? '', atRun);
      return [
        { ...request, method: 'GET' },
        { ...request, body: { incident: { ...changes, title } } },
      ];
    },
  },
  {
    rule: 'a note has no empty user',
    apply: ({ body, ...request }) => {
      const note = body?.['note'] as { user?: object; content: unknown } | undefined;
      if (note?.user === undefined) return undefined;
      return [{ ...request, body: { note: { content: note.content } } }];
    },
  },
  {
    rule: 'the reasons of limited support are listed first',
    apply: ({ body, ...request }, { actions, listed }) => {
      if (!request.path.endsWith('/limited_support_reasons') || listed) return undefined;
      if (body === undefined || actions.some(({ allowDuplicates }) => allowDuplicates === true))
        return undefined;
      return [
        { ...request, method: 'GET', query: { page: '1', size: '100' } },
        { ...request, body },
      ];
    },
  },
  {
    rule: 'quotes are escaped in a search',
    apply: ({ query, ...request }) => {
      const summary = /^summary='([\s\S]*)'$/.exec(query?.['search'] ?? '')?.[1];
      if (summary === undefined || !/(?<!')'(?!')/.test(summary)) return undefined;
      return [{ ...request, query: { search: `summary='${summary.replaceAll("'", "''")}'` } }];
    },
  },
];

type Exception = (
  request: SeenRequest,
  around: { actions: Case['actions']; incident: Incident | undefined; listed: boolean },
) => SeenRequest[] | undefined;

/** Plans that the reference sends and remedyctl refuses; each with its DO. */
const refused: Readonly<Record<string, string>> = {
  'pub-a-sl-severity-unknown': 'a severity outside the enum is refused',
  'pub-a-sl-severity-lowercase': 'a severity outside the enum is refused',
  'pub-a-sl-whitespace-summary': 'white space alone is refused',
  'pub-a-ls-no-context': 'an empty context is refused',
  'pub-a-title-space-prefix': 'white space alone is refused',
  'pub-a-sl-no-external-id': 'an empty external id is refused: the search would cover every cluster',
  'pub-a-silence-empty-policy': 'an empty silent policy is refused',
  'pub-a-sl-doc-duplicate-first': 'a wrong documentation link is refused before anything is sent',
};

/** It is the configuration that lacks something, not the plan. */
const noClient = 'pub-a-report-no-client';

function fixture<T>(value: string | T | null | undefined): T | undefined {
  return typeof value === 'string' ? (fixtures[value] as T) : (value ?? undefined);
}

function planOf(one: Case): string {
  const cluster = fixture<Record<string, string>>(one.cluster);
  const incident = fixture<Incident>(one.incident);
  const actions = one.actions.map(({ type, ...fields }) =>
    type === 'silence_incident' ? { [type]: { ...fields, withoutRemedy: true } } : { [type]: fields },
  );
  const notes = fixture<Notes>(one.notes);
  const spec = {
    cluster: cluster === undefined ? undefined : withoutEmpty(cluster),
    incident: incident && withoutEmpty({ id: incident.id, silentPolicy: incident.silentPolicy ?? '' }),
    notes: notes?.lines.map(([kind, text]) => ({ [kind]: text })),
  };
  return planText(actions, spec, { noteTitle: notes?.name });
}

function withoutEmpty(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

/** The distinct requests of the reference after every exception, and the rules of those that changed something. */
function expectedRequests(one: Case): { requests: unknown[]; rules: string[] } {
  const incident = fixture<Incident>(one.incident);
  let requests = (one.requests ?? []).filter(({ again }) => again === undefined);
  const rules: string[] = [];
  for (const { rule, apply } of exceptions) {
    requests = requests.flatMap((request, index) => {
      const listed = requests.slice(0, index).some(({ path }) => path === request.path);
      const changed = apply(request, { actions: one.actions, incident, listed });
      if (changed !== undefined) rules.push(rule);
      return changed ?? [request];
    });
  }
  const shown = requests.map(({ system, method, path, query, body }) => {
    return { method, url: urlOf(system, path, query), ...(body && { body }) };
  });
  return { requests: shown, rules };
}

function urlOf(system: SeenRequest['system'], path: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `${settings.urls[system]}${path}${search === '' ? '' : `?${search}`}`;
}

describe.runIf(hasShared)('the requests that the reference sends for one action', () => {
  it('has every case, and every refusal is used', () => {
    expect(cases).toHaveLength(251);
    for (const id of Object.keys(refused)) expect(cases.map((one) => one.id)).toContain(id);
    const used = new Set(cases.flatMap((one) => expectedRequests(one).rules));
    expect([...used].sort()).toStrictEqual(exceptions.map(({ rule }) => rule).sort());
  });

  it.each(cases)('$id', async (one) => {
    const read = await readText(planOf(one));
    const isRefused =
      one.id in refused || (!one.result.ok && (one.requests ?? []).length === 0 && one.id !== noClient);
    const [plan] = 'plans' in read ? read.plans : [];
    const findings = plan === undefined ? [] : settingsFindings(plan, settings);
    expect(plan === undefined || findings.length > 0, JSON.stringify(read)).toBe(isRefused);
    if (isRefused || plan === undefined) return;
    const requests = previewPlan(plan, settings).actions.flatMap((action) => action.requests);
    const shown = requests.map(({ method, url, body }) => ({ method, url, ...(body && { body }) }));
    const { requests: expected } = expectedRequests(one);
    // a look-up that fails or finds something ends the reference's case there
    expect(shown.slice(0, expected.length)).toStrictEqual(expected);
    if (one.result.ok && one.script === undefined) expect(shown).toHaveLength(expected.length);
  });
});
