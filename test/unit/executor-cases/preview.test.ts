/** What is shown before a run is what a run sends when all goes well, in every case of the reference's executor. */
import { describe, expect, it } from 'vitest';
import { atRun, previewPlan, type PreviewRequest } from '../../../src/plan-run/preview.ts';
import { settingsFindings } from '../../../src/plan/settings-findings.ts';
import { executorCases } from '../../support/executor-cases/case.ts';
import { planOfCase } from '../../support/executor-cases/case-plan.ts';
import { ruledRun } from '../../support/executor-cases/ruled-run.ts';
import { pathOf, readable } from '../../support/executor-cases/sent.ts';
import { titleCases } from '../../support/executor-cases/single-cases.ts';
import { hasShared } from '../../support/shared.ts';

const base = { pagerduty: 'https://pd.test', ocm: 'https://ocm.test', backplane: 'https://bp.test' };
const settings = {
  urls: base,
  from: 'sre@example.com',
  escalationLevel: 2,
  userAgent: 'remedyctl/test',
};

/** What stands for a thing that only the run knows may be anything. */
function patternOf({ method, url, body }: PreviewRequest): RegExp {
  const { origin, pathname, searchParams } = new URL(url);
  const text = lineOf({
    system: Object.entries(base).find(([, of]) => of === origin)?.[0] ?? origin,
    method,
    path: pathOf(pathname),
    query: Object.fromEntries(searchParams),
    body: body === undefined ? undefined : readable(body),
  });
  return new RegExp(`^${text.split(atRun).map(escaped).join('.*')}$`, 's');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

interface Shown {
  system: string;
  method: string;
  path: string[];
  query: Record<string, string>;
  body?: unknown;
}

function lineOf({ system, method, path, query, body }: Shown): string {
  return JSON.stringify([system, method, path, query, sorted(body)]);
}

/** The order of fields says nothing. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value ?? null;
  const entries = Object.entries(value).map(([key, member]) => [key, sorted(member)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

describe.runIf(hasShared)('a preview', () => {
  const cases = [...executorCases('cad-actions'), ...executorCases('cad-execution'), ...titleCases()];

  it.each(cases)('shows what is sent: $id', async (one) => {
    const plan = await planOfCase(one);
    if (plan === undefined || settingsFindings(plan, settings).length > 0) return;
    // a dry run shows what a run would send; a title that has the prefix already is known at the run only
    const options = { ...one.options, dryRun: false, cancelAfterMs: Number.POSITIVE_INFINITY };
    const titled =
      one.incident === undefined ? {} : { incident: { ...one.incident, title: 'of the moment' } };
    const rules = ruledRun({ ...one, ...titled, options, script: [] }, { landed: false });
    const shown = previewPlan(plan, settings).actions.map(({ requests }) => requests.map(patternOf));
    const sent = rules.steps.map(({ requests }) => requests.map(lineOf));
    // that a title has its prefix already, by another action of the plan, is known at the run
    const counts = rules.steps.map(({ outcome, requests }) =>
      outcome === 'skipped_duplicate' ? requests.length + 1 : requests.length,
    );
    expect(shown.map((patterns) => patterns.length)).toEqual(counts);
    for (const [step, patterns] of shown.entries()) {
      for (const [index, line] of (sent[step] ?? []).entries()) expect(line).toMatch(patterns[index] ?? /$^/);
    }
  });
});
