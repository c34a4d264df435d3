/** Rows of tables about plans and retries. */
import { policySchedule, type PolicySchedule } from '../../../../src/cli/retry/schedule-view.ts';
import { templateKeys } from '../../../../src/plan/template.ts';
import { templates } from '../../../../src/plan/templates.ts';
import type { ActionResult, RunSummary } from '../../../../src/plan-run/run-document.ts';
import type { PreviewedAction } from '../../../../src/plan-run/preview.ts';
import type { ComparisonItem } from '../../../../src/replay/comparison.ts';
import { policyByName, policyNames } from '../../../../src/retry/policy-notation.ts';
import type { RetryPolicy } from '../../../../src/retry/retry-policy.ts';
import type { Sample } from './sample-names.ts';

const startedAt = '2026-03-04T01:12:08.412Z';

export function runs(samples: readonly Sample[]): RunSummary[] {
  const states = ['succeeded', 'interrupted', 'partial', 'failed'] as const;
  return samples.map(({ name, fingerprint }, index) => ({
    run: `0196f2a1-7c3e-7b4d-9a5e-${fingerprint.slice(0, 12)}`,
    plan: { name, hash: fingerprint },
    mode: 'execute',
    state: states[index % 4] ?? 'running',
    startedAt,
    endedAt: '2026-03-04T01:12:31.007Z',
  }));
}

const actionTypes = ['backplane_report', 'service_log', 'pagerduty_title_update', 'limited_support'];

export function results(samples: readonly Sample[]): ActionResult[] {
  const outcomes = ['succeeded', 'skipped_uninstalling', 'failed', 'skipped_dependency'] as const;
  const made = ['2J8mXCrC3KvZ9YqTgMzUqFjR0Ab', 'Q2I4AV3ZURABCD', '', 'Q0000AV3ZURXYZ'];
  return samples.map(({ holder }, index) => ({
    index,
    type: actionTypes[index % 4] ?? '',
    outcome: outcomes[index % 4] ?? 'unknown',
    attempts: index * 3,
    requests: [{ method: 'POST', url: 'https://api.example.net/v2', status: index === 2 ? 503 : 201 }],
    startedAt,
    endedAt: startedAt,
    id: made[index % 4] ?? '',
    ...(index === 2
      ? { error: { code: 'REMOTE_FAILED', message: `${holder} answered 503 ten times in 42 s` } }
      : {}),
  }));
}

export function actions(samples: readonly Sample[]): PreviewedAction[] {
  const types = ['backplane_report', 'pagerduty_title_update', 'silence_incident', 'service_log'] as const;
  const treatments = ['run', 'run', 'skipped_mode', 'intercepted'] as const;
  const systems = ['backplane', 'pagerduty', 'pagerduty', 'ocm'] as const;
  return samples.map((_, index) => ({
    index,
    type: types[index % 4] ?? 'pagerduty_note',
    treatment: treatments[index % 4] ?? 'run',
    phase: index < 2 ? 1 : 2,
    dependsOn: index === 3 ? [0, 1, 2] : [],
    system: systems[index % 4] ?? 'ocm',
    audience: index === 3 ? 'customer' : 'internal',
    requests: [],
    metric: 'servicelog_sent_total',
  }));
}

export function valid(samples: readonly Sample[]) {
  return samples.map(({ namespace, name, fingerprint }, index) => ({
    file: `/home/oncall/runbooks/${namespace}/plans/${index}.yaml`,
    name,
    hash: fingerprint,
    actions: index + 1,
  }));
}

export function templateRows() {
  return templates.map((template) => ({
    name: template.name,
    summary: template.summary,
    actions: template.actions.flatMap((action) => Object.keys(action)),
    values: templateKeys(template),
  }));
}

export function schedules(): PolicySchedule[] {
  return policyNames.map((name) => policySchedule({ name, policy: policyByName(name) as RetryPolicy }));
}

export function comparisons(): ComparisonItem[] {
  return schedules().flatMap(({ policy }, index) =>
    [0.3, 60].map((outageSeconds) => ({
      policy,
      outageSeconds,
      runs: 1_000,
      successShare: index === 0 ? 0.9996 : 0,
      survives: false,
      totalSeconds: { p50: 0.3, p90: 1.28, p99: 61.004, max: 64 },
      requests: { p50: 4, p90: 9, p99: 10, max: 10 },
      classification: 'creation',
      retried: index < 2,
      ...(index < 2 ? {} : { note: 'does not retry 503' }),
    })),
  ) as unknown as ComparisonItem[];
}
