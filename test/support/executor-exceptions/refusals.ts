/** Plans that the reference takes and remedyctl refuses, before anything is sent. */
import { isHeldBack, isOfPagerDuty } from '../executor-cases/reference-run.ts';
import { actionTypes, severities } from '../../../src/plan/plan.ts';
import type { GivenAction } from '../executor-cases/case.ts';
import { actionsOf, has, type ExecutorException } from './exception.ts';

const refuses = true as const;
const validation = '§2.1, an empty context, a severity outside the enum, white space alone pass validation';

/** Unicode's White_Space, all of it. */
const blank = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/u;
/** These are reasons and descriptions, which may be anything. */
const free = new Set(['reason', 'description']);

const required: Readonly<Record<string, readonly string[]>> = {
  service_log: ['severity', 'summary'],
  limited_support: ['summary', 'details', 'context'],
  pagerduty_title_update: ['prefix'],
  backplane_report: ['clusterId', 'summary', 'data'],
};

function isIncomplete({ type, ...fields }: GivenAction): boolean {
  const content = fields['content'];
  if (type === 'pagerduty_note') {
    return (
      fields['fromNotes'] !== true && (typeof content !== 'string' || content === '' || blank.test(content))
    );
  }
  return required[type]?.some((field) => fields[field] === undefined || fields[field] === '') === true;
}

export const refusals: readonly ExecutorException[] = [
  {
    row: '§2.1, concurrent mode drops any unknown type silently',
    instead: 'an unknown type is a validation error',
    refuses,
    concerns: (facts) => actionsOf(facts).some(({ type }) => !actionTypes.some((known) => known === type)),
  },
  {
    row: '§2.1, negative maxRetries sends nothing and fails with an error that wraps nil',
    instead: 'it is refused',
    refuses,
    concerns: ({ one }) => one.options.maxRetries < 0,
  },
  {
    row: validation,
    instead: 'a severity outside the enum is refused',
    refuses,
    concerns: (facts) =>
      actionsOf(facts).some(
        ({ type, severity }) =>
          type === 'service_log' &&
          typeof severity === 'string' &&
          severity !== '' &&
          !severities.some((known) => known === severity),
      ),
  },
  {
    row: validation,
    instead: 'an empty context is refused',
    refuses,
    concerns: ({ reference, one }) =>
      !reference.refused &&
      (one.actions ?? []).some(
        (action) =>
          action.type === 'limited_support' &&
          (action['context'] ?? '') === '' &&
          [action['summary'], action['details']].every((text) => typeof text === 'string' && text !== ''),
      ),
  },
  {
    row: validation,
    instead: "white space alone is refused, by Unicode's White_Space",
    refuses,
    concerns: ({ reference, one }) =>
      !reference.refused &&
      (one.actions ?? []).some((action) =>
        Object.entries(action).some(
          ([field, value]) => !free.has(field) && typeof value === 'string' && blank.test(value),
        ),
      ),
  },
  {
    row: '§2.1, manual and infrastructure modes filter before they validate: what they drop is never checked',
    instead: 'every action is validated, whatever the mode drops',
    refuses,
    concerns: ({ one, reference }) =>
      !reference.refused &&
      (one.actions ?? []).some(
        (action) =>
          isIncomplete(action) &&
          (one.options.variant.startsWith('infra') ? isHeldBack(action.type) : isOfPagerDuty(action.type)),
      ),
  },
  {
    row: '§2.1, an empty silent policy sends an update that names no policy',
    instead: 'it is refused at validation',
    refuses,
    concerns: (facts) => has(facts, 'silence_incident') && facts.one.incident?.silentPolicy === '',
  },
  {
    row: '§2.1, the link of the wrong product is looked at after the duplicate search',
    instead: 'it is refused before anything is sent',
    refuses,
    concerns: ({ one }) =>
      one.requests.length > 0 &&
      one.result.failed?.some(({ error }) => error.startsWith('documentation link')) === true,
  },
];
