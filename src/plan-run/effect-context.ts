import type { BackplaneClient } from '../backplane/backplane-client.ts';
import type { OcmClient } from '../ocm/ocm-client.ts';
import type { PagerDutyClient } from '../pagerduty/pagerduty-client.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunSettings } from './journal.ts';

/** The systems that plans write to; each is made ready when it is first asked for. */
export interface RemoteClients {
  pagerduty(): Promise<PagerDutyClient>;
  ocm(): Promise<OcmClient>;
  backplane(): Promise<BackplaneClient>;
}

/** What the effects of every action of a run are made of. */
export interface EffectContext {
  readonly plan: Plan;
  readonly settings: RunSettings;
  readonly clients: RemoteClients;
  /** The notes as they are at this moment. */
  readonly notesText: () => string;
  /** The moment, milliseconds since the epoch. */
  readonly now: () => number;
}
