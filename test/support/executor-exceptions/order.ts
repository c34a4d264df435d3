/** What remedyctl does in another order, in place of something, or no more. */
import { isOfPagerDuty, isRemedyType } from '../executor-cases/reference-run.ts';
import { actionsOf, has, steps, type ExecutorException } from './exception.ts';
import { hasNotesNote } from './wire.ts';

const ranks = [
  'limited_support service_log',
  'backplane_report',
  'pagerduty_note',
  'pagerduty_title_update',
  'silence_incident escalate_incident',
];

function rankOf(type: string): number {
  return ranks.findIndex((types) => types.split(' ').includes(type));
}

function isSorted(types: readonly string[]): boolean {
  return types.every((type, index) => index === 0 || rankOf(types[index - 1] ?? '') <= rankOf(type));
}

export const order: readonly ExecutorException[] = [
  {
    row: '§2.2, sequential mode sends the note before the remedies, so it lacks their lines',
    instead: 'both modes sort stably by dependency: remedies, reports, notes, titles, silence or escalate',
    concerns: (facts) => {
      const types = actionsOf(facts).map(({ type }) => type);
      const { concurrent } = facts.one.options;
      return !facts.reference.refused && !isSorted(concurrent ? types.filter(isOfPagerDuty) : types);
    },
    holds: ({ run, one }) => {
      const given = one.actions?.length ?? 0;
      return isSorted(run.steps.slice(0, given).map(({ type }) => type));
    },
  },
  {
    row: '§2.2, concurrent mode drops title updates',
    instead: 'they are run after the notes',
    concerns: ({ one }) => one.options.concurrent && has({ one }, 'pagerduty_title_update'),
    holds: (done) =>
      done.one.options.dryRun ||
      steps(done, 'pagerduty_title_update').every(({ requests }) => requests.length > 0),
  },
  {
    row: '§2.2, notes appended from parallel tasks race',
    instead: 'they stand in the order of execution',
    concerns: (facts) =>
      facts.one.options.concurrent &&
      hasNotesNote(facts) &&
      !facts.reference.refused &&
      facts.reference.appended.filter((line) => line.startsWith('🤖')).length > 1,
    holds: ({ run }) => {
      const note = JSON.stringify(run.steps.find(({ type }) => type === 'pagerduty_note')?.requests ?? []);
      const places = run.appended.map((line) => note.indexOf(line));
      return places.every(
        (place, index) =>
          place > 0 &&
          (index === 0 ||
            place >= (places[index - 1] ?? 0) ||
            run.appended.indexOf(run.appended[index] ?? '') < index),
      );
    },
  },
  {
    row: '§2.2, a silence runs after its service log or limited support failed: nobody is alerted',
    instead: 'the silence is not run and an escalation takes its place; the note says so',
    concerns: ({ one, reference }) =>
      !reference.refused &&
      one.options.variant === '' &&
      has({ one }, 'silence_incident') &&
      reference.steps.some(({ type, outcome }) => isRemedyType(type) && outcome === 'failed'),
    holds: (done) => {
      const [silence] = steps(done, 'silence_incident');
      if (silence?.outcome === 'not_run') return done.one.options.stopOnError;
      const isEscalated = steps(done, 'escalate_incident').some(({ requests }) => requests.length > 0);
      return silence?.outcome === 'skipped_dependency' && silence.requests.length === 0 && isEscalated;
    },
  },
  {
    row: '§2.3, after a cancellation the next actions still run',
    instead: 'a cancelled plan stops: what is under way may end, nothing else begins',
    concerns: ({ one }) => one.options.cancelAfterMs !== undefined,
    holds: ({ run }) =>
      !run.ok && run.steps.at(-1)?.outcome === 'not_run' && run.steps.at(-1)?.requests.length === 0,
  },
];
