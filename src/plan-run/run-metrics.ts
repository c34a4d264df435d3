/** The counters of a run, as the reference pushes them: touched by success alone. */
import { counterOf, counterText, type ActionCounter } from '../plan/action-metrics.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunProgress } from './run-progress.ts';

const helps: Readonly<Record<string, string>> = {
  cad_investigate_limitedsupport_set_total:
    'counts investigations resulting in setting a limited support reason',
  cad_investigate_servicelog_sent_total: 'counts investigations resulting in a sent servicelog',
};

/** A counter and what it has counted. */
export interface Series extends ActionCounter {
  readonly value: number;
}

/** Sorted by name, then by labels. */
export function metricsOf(plan: Pick<Plan, 'alertType'>, progress: RunProgress): Series[] {
  const counters = progress.actions.flatMap(({ action, outcome }) =>
    outcome === 'succeeded' ? (counterOf(action, plan) ?? []) : [],
  );
  return summed(counters.map((counter) => ({ ...counter, value: 1 })));
}

/** Series of the same name and labels as one. Sorted by name, then by labels. */
export function summed(series: readonly Series[]): Series[] {
  const sums = new Map<string, Series>();
  for (const one of series) {
    const key = counterText(one);
    sums.set(key, { ...one, value: (sums.get(key)?.value ?? 0) + one.value });
  }
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, sum]) => sum);
}

/** Prometheus' text format 0.0.4; nothing counted is an empty text. */
export function exposition(series: readonly Series[]): string {
  let named = '';
  return series
    .map((one) => {
      const { name } = one;
      const head = name === named ? '' : `# HELP ${name} ${helps[name] ?? ''}\n# TYPE ${name} counter\n`;
      named = name;
      return `${head}${counterText(one)} ${one.value}\n`;
    })
    .join('');
}
