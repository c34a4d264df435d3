import { describe, expect, it } from 'vitest';
import { counterText } from '../../../src/plan/action-metrics.ts';
import type { Action, ActionType } from '../../../src/plan/plan.ts';
import { actionTypes } from '../../../src/plan/plan.ts';
import { metricsOf } from '../../../src/plan/run/run-metrics.ts';
import { hasShared, readVectors } from '../../support/shared.ts';
import type { Called, Fault } from './remote-world.ts';
import { RunUnderTest } from './run-under-test.ts';

interface Rule {
  system: string;
  match?: string;
  times?: number;
  status?: number;
  fault?: 'reset' | 'refused';
  headers?: Record<string, string>;
  delayMs?: number;
  rawBody?: string;
}

interface SeenRequest {
  system?: string;
  method: string;
  path: string;
  body?: Record<string, unknown>;
  again?: number;
}

type GivenAction = { type: string } & Record<string, unknown>;

interface Case {
  id: string;
  defect?: string;
  actions: GivenAction[] | null;
  options: {
    variant?: string;
    maxRetries: number;
    concurrent?: boolean;
    stopOnError?: boolean;
    dryRun?: boolean;
    cancelAfterMs?: number;
  };
  script?: Rule[];
  requests: SeenRequest[] | null;
  metrics?: Record<string, number>;
  notesAppended?: string;
  result: { ok: boolean; error?: string; failed?: unknown[] };
}

const { cases } = hasShared ? readVectors<{ cases: Case[] }>('cad-execution') : { cases: [] };

const scripted = ({ script = [] }: Case): Rule[] => script;
const types = ({ actions }: Case): string[] => (actions ?? []).map(({ type }) => type);

/** Where the specification wants something else than the reference does; the first that applies is the reason. */
const exceptions: readonly { rule: string; applies: (one: Case) => boolean }[] = [
  {
    rule: 'an unknown type and a negative maxRetries are validation errors',
    applies: (one) =>
      one.options.maxRetries < 0 || types(one).some((type) => !actionTypes.includes(type as ActionType)),
  },
  {
    rule: 'what is invalid is refused before the executor, whatever mode drops it',
    applies: ({ id }) => id.includes('invalid'),
  },
  { rule: 'a dry run is the preview', applies: ({ options }) => options.dryRun === true },
  { rule: 'a plan has actions', applies: (one) => types(one).length === 0 },
  {
    rule: 'a cancelled plan stops, and every call has a time-out',
    applies: (one) =>
      one.options.cancelAfterMs !== undefined || scripted(one).some(({ delayMs }) => delayMs !== undefined),
  },
  {
    rule: 'the duplicate search compares summary and description, and a failed search is loud',
    applies: (one) => scripted(one).some(({ match }) => match?.startsWith('GET') === true),
  },
  {
    rule: 'one retry engine: OCM 429 and 503 are attempts like any other',
    applies: (one) =>
      scripted(one).some(
        ({ system, status, times }) =>
          system === 'ocm' && (status === 429 || status === 503) && times === undefined,
      ),
  },
  {
    rule: 'a write of unknown outcome is looked up, then sent again',
    applies: (one) =>
      scripted(one).some(({ fault, status = 0 }) => fault === 'reset' || (status >= 500 && status !== 503)),
  },
  {
    rule: 'status and errno decide about retries, not texts',
    applies: (one) =>
      one.defect?.includes('text') === true ||
      one.defect === 'as above' ||
      one.defect?.includes('connection refused') === true ||
      /5xx of PagerDuty|429/.test(one.defect ?? ''),
  },
  {
    rule: '0 retries means none',
    applies: ({ options, defect }) => options.maxRetries === 0 && defect !== undefined,
  },
  {
    rule: 'a silence whose remedy failed is an escalation',
    applies: (one) =>
      types(one).includes('silence_incident') &&
      !one.result.ok &&
      scripted(one).some(({ system }) => system === 'ocm'),
  },
  {
    rule: 'a concurrent plan drops no title update',
    applies: (one) => one.options.concurrent === true && types(one).includes('pagerduty_title_update'),
  },
  {
    rule: 'notes come before a silence, so its failure stops none',
    applies: ({ id }) => id.endsWith('-stop-silence-fails'),
  },
  {
    rule: 'an infrastructure cluster in manual mode asks nobody',
    applies: ({ options }) => options.variant === 'infra-manual',
  },
];

function exceptionOf(one: Case): string | undefined {
  return exceptions.find(({ applies }) => applies(one))?.rule;
}

const kinds: Readonly<Record<string, Partial<Action>>> = {
  service_log: { serviceName: 'SREManualAction', internalOnly: false, allowDuplicates: false },
  limited_support: { allowDuplicates: false },
  silence_incident: { withoutRemedy: true },
  backplane_report: { timestamped: false },
};

function actionOf(given: GivenAction): Action {
  const { type, ...fields } = given;
  return { ...kinds[type], ...fields, type } as Action;
}

/** What a request does, in a word or two; undefined for look-ups that the reference does not make. */
function effectOf({ method, path, body = {} }: Pick<Called, 'method' | 'path' | 'body'>): string | undefined {
  if (path.endsWith('/cluster_logs')) return method === 'GET' ? 'search' : `log ${String(body['summary'])}`;
  if (method === 'GET') return undefined;
  if (path.endsWith('/limited_support_reasons')) return `limited support ${String(body['summary'])}`;
  if (path.endsWith('/reports')) return `report ${String(body['summary'])}`;
  if (path.endsWith('/notes')) return 'note';
  const [changes] = (body['incidents'] as object[] | undefined) ?? [body];
  const text = JSON.stringify(changes);
  if (text.includes('title')) return 'title';
  return text.includes('olicy') ? 'silence' : 'escalate';
}

function expectedEffects({ requests }: Case): string[] {
  const all = requests ?? [];
  return all
    .map((request) => all[request.again ?? -1] ?? request)
    .flatMap((request) => effectOf(request as Called) ?? [])
    .sort();
}

function faultsOf(one: Case): (called: Called) => Fault | undefined {
  const rules = scripted(one).map((rule) => ({ ...rule, left: rule.times ?? Number.POSITIVE_INFINITY }));
  return ({ system, method, path }) => {
    const rule = rules.find(({ left, match = '', ...of }) => {
      const [verb = '', part = ''] = match.split(' ');
      return left > 0 && of.system === system && method.startsWith(verb) && path.includes(part);
    });
    if (rule === undefined) return undefined;
    rule.left -= 1;
    if (rule.fault === 'refused') return 'refused';
    return rule.status === undefined ? undefined : { status: rule.status };
  };
}

/** Lines of the notes, without those that only this executor writes, and without the ids that a fake gave. */
function linesOf(notes: string): string[] {
  return notes
    .replaceAll(/--report-id \S+/g, '--report-id <id>')
    .split('\n')
    .filter((line) => line !== '' && !/could not be sent|the incident:/.test(line))
    .sort();
}

describe.skipIf(!hasShared)('the executor of the reference', () => {
  const compared = cases.filter((one) => exceptionOf(one) === undefined);

  it('is followed in most cases, and each exception has a case', () => {
    expect(compared.length).toBeGreaterThanOrEqual(80);
    const rules = new Set(cases.map(exceptionOf));
    for (const { rule } of exceptions) expect(rules).toContain(rule);
  });

  it.each(compared)('$id', async (one) => {
    const { options } = one;
    const under = new RunUnderTest((one.actions ?? []).map(actionOf), {
      concurrent: options.concurrent === true,
      stopOnError: options.stopOnError === true,
      maxRetries: options.maxRetries,
      mode: options.variant === 'manual' ? 'manual' : 'execute',
      infraCluster: options.variant?.startsWith('infra') === true,
    });
    under.world.fault = faultsOf(one);
    const { state, progress } = await under.execute();
    expect(under.world.calls.flatMap((called) => effectOf(called) ?? []).sort()).toEqual(
      expectedEffects(one),
    );
    expect(state === 'succeeded').toBe(one.result.ok);
    const counters = metricsOf({ alertType: 'x' }, progress).map((series) => [
      counterText(series).replace('="x"', '').replaceAll('"', ''),
      series.value,
    ]);
    expect(Object.fromEntries(counters)).toEqual(one.metrics ?? {});
    const lines = progress.lines.filter(({ kind }) => kind === 'automation').map(({ text }) => `🤖 ${text}`);
    expect(linesOf(lines.join('\n'))).toEqual(linesOf(one.notesAppended ?? ''));
  });
});
