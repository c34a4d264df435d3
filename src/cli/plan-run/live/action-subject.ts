import type { PlannedAction } from '../../../plan/plan.ts';

/** What an action is about, as its author wrote it: not safe for a terminal, and of any length. */
export function subjectOf(action: PlannedAction): string {
  if (action.replaces !== undefined) return `in place of ${action.replaces}`;
  switch (action.type) {
    case 'service_log':
    case 'limited_support':
    case 'backplane_report':
      return action.summary;
    case 'pagerduty_note':
      return action.content ?? 'the notes of this run';
    case 'pagerduty_title_update':
      return action.prefix;
    default:
      return action.reason ?? '';
  }
}
