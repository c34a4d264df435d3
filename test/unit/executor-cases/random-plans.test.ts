/** Plans and answers that nobody thought of: the executor does what the rules say. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Case, CaseOptions, GivenAction, Rule, System } from '../../support/executor-cases/case.ts';
import { comparable, expectWaits, expectWire } from '../../support/executor-cases/expectations.ts';
import { runCase } from '../../support/executor-cases/product-run.ts';
import { ruledRun } from '../../support/executor-cases/ruled-run.ts';
import { ScriptedSystems } from '../../support/executor-cases/scripted-systems.ts';

/** REMEDYCTL_RANDOM_PLANS=20000 looks for longer. A failure names its seed, its path and the smallest plan. */
const numRuns = Number(process.env['REMEDYCTL_RANDOM_PLANS'] ?? 200);
/** Of a Retry-After of a few seconds. */
const longestSpreadSeconds = 0.5;
/** Nothing that is slow may be cut off before fast-check has said its seed. */
const hungMs = 60_000 + numRuns * 3_000;

const systems = new ScriptedSystems();

beforeAll(async () => {
  await systems.start();
});
afterAll(async () => {
  await systems.stop();
});

const types = [
  'service_log',
  'limited_support',
  'backplane_report',
  'pagerduty_note',
  'pagerduty_title_update',
  'silence_incident',
  'escalate_incident',
] as const;

/** Texts differ by the place in the plan, so that no action is a duplicate of another. */
function actionOf(type: (typeof types)[number], flag: boolean, index: number): GivenAction {
  const summary = `what ${index}`;
  switch (type) {
    case 'service_log':
      return { type, severity: 'Info', summary, description: `it's "why"`, allowDuplicates: flag };
    case 'limited_support':
      return { type, summary, details: 'd', context: 'c', allowDuplicates: flag };
    case 'backplane_report':
      return { type, clusterId: 'c1', summary, ...(flag ? { fromNotes: true } : { data: 'x' }) };
    case 'pagerduty_note':
      return { type, ...(flag ? { fromNotes: true } : { content: summary }) };
    case 'pagerduty_title_update':
      return { type, prefix: `[${index}]` };
    default:
      return flag ? { type, reason: `because ${index}` } : { type };
  }
}

const actions = fc
  .array(fc.tuple(fc.constantFrom(...types), fc.boolean()), { minLength: 1, maxLength: 6 })
  .map((list) => list.map(([type, flag], index) => actionOf(type, flag, index)));

const answers: readonly Partial<Rule>[] = [
  { status: 429 },
  { status: 429, headers: { 'Retry-After': '3' } },
  { status: 503 },
  { status: 400 },
  { status: 401 },
  { status: 404, body: { error: { code: 2100, message: 'rate limit 429 timeout' } } },
  { status: 500 },
  { status: 502, headers: { 'Content-Type': 'text/html' }, rawBody: '<html>no</html>' },
  { status: 504 },
  { status: 200 },
  { status: 201 },
  { status: 200, rawBody: '' },
  { status: 201, rawBody: '' },
  { fault: 'reset' },
];
const writes: Readonly<Record<System, readonly string[]>> = {
  pagerduty: ['POST /notes', 'PUT /incidents'],
  ocm: ['POST /api/service_logs', 'POST limited_support_reasons'],
  backplane: ['POST reports'],
};
const rule = fc
  .tuple(
    fc.constantFrom<System>('pagerduty', 'ocm', 'backplane'),
    fc.nat(1),
    fc.constantFrom(...answers),
    fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  )
  .map(([system, which, answer, times]): Rule => {
    const match = writes[system][which % writes[system].length] ?? 'POST';
    return { system, match, body: {}, ...answer, ...(times === undefined ? {} : { times }) };
  });

const options = fc.record({
  variant: fc.constantFrom<CaseOptions['variant']>('', '', '', 'manual', 'infra', 'infra-manual'),
  maxRetries: fc.nat(3),
  stopOnError: fc.boolean(),
  dryRun: fc.constant(false),
});

function caseOf(given: GivenAction[], script: Rule[], chosen: CaseOptions): Case {
  return {
    id: 'random',
    cluster: { id: 'c1', externalId: 'e1' },
    incident: { id: 'Q1', title: 'of the moment', silentPolicy: 'PSILENT' },
    notes: { name: 'chance', lines: [['warning', 'found']] },
    hasCollector: true,
    actions: given,
    options: chosen,
    script,
    requests: [],
    metrics: {},
    notesAppended: '',
    result: { ok: true },
  };
}

/** Two that are rendered at once do not see each other, and which answer meets which is left to chance. */
function isDecided(given: readonly GivenAction[], script: readonly Rule[]): boolean {
  const reports = given.filter(({ type, fromNotes }) => type === 'backplane_report' && fromNotes === true);
  return (
    reports.length < 2 && script.every(({ times, headers }) => times === undefined && headers === undefined)
  );
}

describe('plans by chance', () => {
  it.each([{ concurrent: false }, { concurrent: true }])(
    'concurrent: $concurrent',
    async ({ concurrent }) => {
      const plans = fc
        .tuple(actions, fc.array(rule, { maxLength: 3 }), options, fc.boolean())
        .filter(([given, script]) => !concurrent || isDecided(given, script));
      const property = fc.asyncProperty(plans, async ([given, script, chosen, landed]) => {
        const one = caseOf(given, script, { ...chosen, concurrent });
        const seen = await runCase(one, systems, { landed });
        if (seen.run.refused) throw new Error('it was refused');
        const expected = ruledRun(one, { landed });
        expect(comparable(seen.run, one)).toEqual(comparable(expected, one));
        // one action's Retry-After keeps the next one waiting too
        expectWaits(seen, { ...expected, elapsed: [0, Number.POSITIVE_INFINITY] }, longestSpreadSeconds);
        expectWire(seen, one);
      });
      await fc.assert(property, { numRuns, verbose: fc.VerbosityLevel.Verbose });
    },
    hungMs,
  );
});
