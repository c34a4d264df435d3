import type { PlannedAction } from '../plan/plan.ts';
import type { EffectContext } from './effect-context.ts';
import type { Effect } from './effect.ts';
import { escalateEffect, silenceEffect, titleEffect } from './incident-effects.ts';
import type { Content } from './journal-entry.ts';
import { limitedSupportEffect } from './limited-support-effect.ts';
import { noteEffect } from './note-effect.ts';
import { reportEffect } from './report-effect.ts';
import { serviceLogEffect } from './service-log-effect.ts';

/** `kept`: what an earlier attempt or process has rendered. Errors: INVALID_FIELD, CONFIG_INVALID. */
export function effectOf(action: PlannedAction, context: EffectContext, kept: Content | undefined): Effect {
  switch (action.type) {
    case 'service_log':
      return serviceLogEffect(action, context);
    case 'limited_support':
      return limitedSupportEffect(action, context);
    case 'pagerduty_note':
      return noteEffect(action, context, kept);
    case 'pagerduty_title_update':
      return titleEffect(action, context);
    case 'silence_incident':
      return silenceEffect(action, context);
    case 'escalate_incident':
      return escalateEffect(action, context);
    case 'backplane_report':
      return reportEffect(action, context, kept);
  }
}
