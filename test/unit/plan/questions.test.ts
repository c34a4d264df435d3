import { describe, expect, it } from 'vitest';
import { questionsOf, withoutRepeats, type Question } from '../../../src/plan/questions.ts';
import { limitedSupport, note, planOf, report, serviceLog, silence } from '../plan-run/plan-under-test.ts';

const cluster: Question = { system: 'ocm', id: 'c1', externalId: 'e1' };
const reports: Question = { system: 'backplane', id: 'c1' };
const incident: Question = { system: 'pagerduty', id: 'Q1' };

describe('the questions before a run', () => {
  it.each([
    ['PagerDuty alone', [note, silence], [incident]],
    ['OCM alone', [limitedSupport], [cluster]],
    ['Backplane, of whose cluster the plan has both ids', [report], [cluster, reports]],
    ['all of them', [serviceLog, report, note, silence], [cluster, reports, incident]],
    ['nothing', [], []],
  ])('%s', (_name, actions, questions) => {
    const plan = planOf(actions);
    expect(questionsOf(plan, plan.actions)).toEqual(questions);
  });

  it('asks for no cluster of reports where there is nothing to compare', () => {
    const plan = { ...planOf([report]), cluster: { id: 'c1' } };
    expect(questionsOf(plan, plan.actions)).toEqual([reports]);
  });

  it('asks each system once for several plans, and every pair of ids', () => {
    const other: Question = { system: 'ocm', id: 'c2', externalId: 'e2' };
    const bare: Question = { system: 'ocm', id: 'c3' };
    expect(
      withoutRepeats([bare, incident, cluster, reports, cluster, { ...incident, id: 'Q2' }, other]),
    ).toEqual([cluster, other, incident, reports]);
    expect(withoutRepeats([bare, { ...bare, id: 'c4' }])).toEqual([bare]);
  });
});
