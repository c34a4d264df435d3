/** What the notes of a run say about its own actions. */
import { NoteCollector, reasonLine } from '../plan/notes.ts';
import { isRemedy, type NoteLine, type Plan, type PlannedAction } from '../plan/plan.ts';
import type { Outcome } from './journal-entry.ts';
import type { ActionProgress, RunProgress } from './run-progress.ts';

/** A silence needs its remedy: what was sent now, what was there, and what the cluster no longer takes. */
const enough: ReadonlySet<Outcome> = new Set(['succeeded', 'skipped_duplicate', 'skipped_uninstalling']);

/** Whether everything that has to come before this action came about. */
export function isRemedied(progress: RunProgress, action: PlannedAction): boolean {
  return action.dependsOn.every((index) => enough.has(progress.of(index).outcome));
}

/** The remedies before this action that did not come about. */
export function missingRemedies(progress: RunProgress, action: PlannedAction): ActionProgress[] {
  return action.dependsOn.map((index) => progress.of(index)).filter(({ outcome }) => !enough.has(outcome));
}

const failures: Partial<Record<Outcome, string>> = {
  failed: 'could not be sent',
  unknown: 'may or may not have been sent',
  not_run: 'was not sent',
};

/** A remedy that did not come about, in one line. */
function failureLine({ action, outcome }: ActionProgress): NoteLine | undefined {
  const what = failures[outcome];
  if (what === undefined || !isRemedy(action)) return undefined;
  const name = action.type === 'service_log' ? 'SL' : 'LS';
  return { kind: 'warning', text: `${name} ${what}: '${action.summary}'` };
}

/** The notes as they are at this moment. */
export function notesText(plan: Plan, progress: RunProgress): string {
  return new NoteCollector(plan.noteTitle, [...plan.notes, ...runLines(progress)]).text();
}

/** Everything that the notes say at this moment beyond what they began with. */
function runLines(progress: RunProgress): NoteLine[] {
  const done = progress.actions.flatMap((one) => {
    const failure = failureLine(one);
    return [...(one.settled?.lines ?? []), ...(failure === undefined ? [] : [failure])];
  });
  const ahead = progress.actions
    .filter(({ treatment }) => treatment === 'run')
    .flatMap(({ action }) => intention(progress, action) ?? []);
  return [...done, ...ahead];
}

/** Why the incident is about to be silenced or escalated. */
function intention(progress: RunProgress, action: PlannedAction): NoteLine | undefined {
  if (action.type === 'silence_incident' && !isRemedied(progress, action)) {
    return {
      kind: 'warning',
      text: 'The incident is not silenced but escalated: its remedy did not come about.',
    };
  }
  return action.type === 'silence_incident' || action.type === 'escalate_incident'
    ? reasonLine(action)
    : undefined;
}
