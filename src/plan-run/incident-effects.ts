import { waysToSet } from '../plan/settings-findings.ts';
import type { IncidentChanges } from '../pagerduty/incident-requests.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { CallOptions } from '../http/remote-request.ts';
import type { Incident } from '../pagerduty/pagerduty-client.ts';
import { escalationChanges, silenceChanges, titleChanges } from '../plan/payloads.ts';
import type { PlannedActionOf } from '../plan/plan.ts';
import type { EffectContext } from './effect-context.ts';
import type { Done, Effect } from './effect.ts';
import { incidentOf } from './plan-subject.ts';
import { saysAny } from './refusal-text.ts';

const resolved = { httpStatus: 400, text: 'Incident Already Resolved' };
const succeeded: Done = { outcome: 'succeeded' };

/** A resolved incident needs no other title, policy or level. */
function accept(refusal: unknown): Done | undefined {
  return saysAny(refusal, resolved) ? succeeded : undefined;
}

/** Starts from the title that the incident has at that moment, so that two updates add up. */
export function titleEffect(
  action: PlannedActionOf<'pagerduty_title_update'>,
  context: EffectContext,
): Effect {
  const incident = incidentOf(context.plan);
  const read = async (call: CallOptions): Promise<Incident> =>
    (await context.clients.pagerduty()).getIncident(incident.id, call);
  let changes: IncidentChanges | undefined;
  return {
    content: {},
    precheck: async (call) => {
      changes = titleChanges(action, (await read(call)).title);
      return changes === undefined ? { outcome: 'skipped_duplicate' } : undefined;
    },
    send: async (call) => {
      // undefined only where the prefix came into the title between two attempts
      if (changes !== undefined) await update(context, changes, call);
      return succeeded;
    },
    lookUp: async (_search, call) => {
      changes = titleChanges(action, (await read(call)).title);
      return changes === undefined ? succeeded : 'absent';
    },
    accept,
  };
}

/** Errors: CONFIG_INVALID without a silent policy, before anything is sent. */
export function silenceEffect(_action: PlannedActionOf<'silence_incident'>, context: EffectContext): Effect {
  const incident = incidentOf(context.plan);
  const escalationPolicy = incident.silentPolicy ?? context.settings.silentPolicy;
  if (escalationPolicy === undefined || escalationPolicy === '') {
    throw new RemedyError(
      'CONFIG_INVALID',
      'no silent escalation policy is known, so the incident cannot be silenced',
      {
        hint: `set spec.incident.silentPolicy in the plan, or ${waysToSet('pagerduty.silentPolicy')}`,
      },
    );
  }
  return {
    content: {},
    send: async (call) => {
      await update(context, silenceChanges(escalationPolicy), call);
      return succeeded;
    },
    lookUp: async (_search, call) => {
      const { escalationPolicyId } = await (await context.clients.pagerduty()).getIncident(incident.id, call);
      return escalationPolicyId === escalationPolicy ? succeeded : 'absent';
    },
    accept,
  };
}

/** An incident does not show its level, and a second escalation pages again: nobody but a person can tell. */
export function escalateEffect(
  _action: PlannedActionOf<'escalate_incident'>,
  context: EffectContext,
): Effect {
  const incident = incidentOf(context.plan);
  return {
    content: {},
    send: async (call) => {
      await update(context, escalationChanges(context.settings.escalationLevel), call);
      return succeeded;
    },
    lookUp: () => Promise.resolve('undecidable'),
    accept,
    question: `Was incident ${incident.id} escalated to level ${context.settings.escalationLevel}?`,
  };
}

async function update(context: EffectContext, changes: IncidentChanges, call: CallOptions): Promise<void> {
  const { id } = incidentOf(context.plan);
  await (await context.clients.pagerduty()).updateIncident(id, changes, call);
}
