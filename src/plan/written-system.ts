/** Where an action is carried out, and who reads it. */
import type { RemoteSystem } from '../http/remote-request.ts';
import { isPagerDutyAction, tellsCustomer, type Action } from './plan.ts';

/** A system that actions write to; tokens come from a fourth one. */
export type WrittenSystem = Exclude<RemoteSystem, 'sso' | 'alertmanager' | 'prometheus'>;

/** The one system that an action writes to. */
export function systemOf(action: Action): WrittenSystem {
  if (isPagerDutyAction(action)) return 'pagerduty';
  return action.type === 'backplane_report' ? 'backplane' : 'ocm';
}

/** customer: the owner of the cluster reads it; a service log that is `internalOnly` is not shown to them. */
export function audienceOf(action: Action): 'customer' | 'internal' {
  return tellsCustomer(action) ? 'customer' : 'internal';
}
