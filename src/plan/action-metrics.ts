import type { Action, Plan } from './plan.ts';

/** A counter that goes up by one when the action has succeeded. */
export interface ActionCounter {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The counter of a remedy, as investigations push it; other actions have none. */
export function counterOf(action: Action, { alertType }: Pick<Plan, 'alertType'>): ActionCounter | undefined {
  switch (action.type) {
    case 'service_log':
      return { name: 'cad_investigate_servicelog_sent_total', labels: { alert_type: alertType } };
    case 'limited_support':
      return {
        name: 'cad_investigate_limitedsupport_set_total',
        labels: { alert_type: alertType, ls_summary: action.context },
      };
    default:
      return undefined;
  }
}

/** `name{label="value"}`, as in the text format of Prometheus. */
export function counterText({ name, labels }: ActionCounter): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(value)}"`);
  return `${name}{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
