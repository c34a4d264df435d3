import { noteContent } from '../plan/payloads.ts';
import type { PlannedActionOf } from '../plan/plan.ts';
import type { EffectContext } from './effect-context.ts';
import { mayBeOurs, type Effect } from './effect.ts';
import type { Content } from './journal-entry.ts';
import { incidentOf } from './plan-subject.ts';

/** Adds a note; a lost one is found again by its text, white space at the ends aside. */
export function noteEffect(
  action: PlannedActionOf<'pagerduty_note'>,
  context: EffectContext,
  kept: Content | undefined,
): Effect {
  const incident = incidentOf(context.plan);
  const text = kept?.text ?? noteContent(action, context.notesText());
  return {
    content: { text },
    send: async (call) => {
      const note = await (await context.clients.pagerduty()).createNote(incident.id, text, call);
      return { outcome: 'succeeded', id: note.id };
    },
    lookUp: async (search, call) => {
      const notes = await (await context.clients.pagerduty()).listNotes(incident.id, call);
      const ours = notes.find(
        ({ id, content, createdAt }) =>
          // PagerDuty may take white space off the ends
          content.trim() === text.trim() && mayBeOurs(createdAt, search) && !search.taken.has(id ?? ''),
      );
      return ours === undefined ? 'absent' : { outcome: 'succeeded', id: ours.id };
    },
  };
}
