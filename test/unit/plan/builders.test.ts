import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import {
  buildAction,
  buildPlan,
  escalate,
  LimitedSupportBuilder,
  NoteActionBuilder,
  ReportBuilder,
  reportAndNote,
  ServiceLogBuilder,
  silence,
  titlePrefix,
} from '../../../src/plan/builders.ts';
import { planHash } from '../../../src/plan/hash.ts';
import { planText, readOne } from './plan-files.ts';

const cluster = { id: 'c1', externalId: 'f383587a-1681-87eb-b860-8f07867c3b06' };
const incident = { id: 'Q1', silentPolicy: 'PSILENT' };

describe('the builders', () => {
  it('make the plan that the same file makes', async () => {
    const built = buildPlan({ name: 'test', cluster, incident }, [
      new ServiceLogBuilder('Major', 's')
        .description('d')
        .serviceName('n')
        .internalOnly()
        .reason('r')
        .allowDuplicates()
        .build(),
      new LimitedSupportBuilder('s', 'd', 'X').allowDuplicates().build(),
      ...reportAndNote('chgm', cluster),
      new ReportBuilder('other').cluster('c2').data('d').build(),
      new NoteActionBuilder('one').line('two').section('three', 'four').build(),
      titlePrefix('[X]'),
      silence('quiet'),
    ]);
    const log = { severity: 'Major', summary: 's', description: 'd', serviceName: 'n', internalOnly: true };
    const read = await readOne(
      planText([
        { service_log: { ...log, reason: 'r', allowDuplicates: true } },
        { limited_support: { summary: 's', details: 'd', context: 'X', allowDuplicates: true } },
        { backplane_report: { summary: 'chgm', timestamped: true, fromNotes: true } },
        { pagerduty_note: { fromNotes: true } },
        { backplane_report: { summary: 'other', clusterId: 'c2', data: 'd' } },
        { pagerduty_note: { content: 'one\ntwo\n\n## three\nfour' } },
        { pagerduty_title_update: { prefix: '[X]' } },
        { silence_incident: { reason: 'quiet' } },
      ]),
    );
    expect(built).toStrictEqual(read);
    expect(planHash(built)).toBe(planHash(read));
  });

  it.each([
    [
      'a blank summary',
      () => new ServiceLogBuilder('Info', ' ').build(),
      /service_log: summary: must not be/,
    ],
    ['an unknown word', () => buildAction('service_log', { severity: 'x', summary: 's' }), /severity/],
    ['an unknown field', () => buildAction('escalate_incident', { why: 'x' }), /why/],
    ['a note of nothing', () => new NoteActionBuilder().build(), /content is missing/],
    [
      'a note of two things',
      () => new NoteActionBuilder('x').fromNotes().build(),
      /both content and fromNotes/,
    ],
    [
      'no cluster',
      () => buildPlan({ name: 'p', incident }, [new LimitedSupportBuilder('s', 'd', 'c').build()]),
      /action 0 limited_support: needs a cluster/,
    ],
    [
      'a lone silence',
      () => buildPlan({ name: 'p', incident }, [silence()]),
      /silences the incident with nothing sent/,
    ],
    [
      'silence and escalation',
      () => buildPlan({ name: 'p', incident }, [silence('x', true), escalate()]),
      /contradicts action 1/,
    ],
  ])('refuse %s', (_name, build, message) => {
    expect(build).toThrow(
      expect.objectContaining({ code: 'INVALID_FIELD', message: expect.stringMatching(message) as unknown }),
    );
  });

  it('let a silence stand alone where that is said', () => {
    const plan = buildPlan({ name: 'p', incident }, [silence('x', true)]);
    expect(plan.actions).toMatchObject([{ type: 'silence_incident', dependsOn: [] }]);
  });
});

describe('any text of a plan', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 }).filter((one) => /\P{White_Space}/u.test(one));

  it('arrives exactly by YAML, by JSON, and as a value', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const escaped = content.replaceAll('${', () => '$${');
        const json = planText([{ pagerduty_note: { content: escaped } }]);
        const yaml = stringify(JSON.parse(json));
        const withValue = planText([{ pagerduty_note: { content: '${x}' } }]);
        const plans = await Promise.all([
          readOne(json),
          readOne(yaml),
          readOne(withValue, { set: { x: content } }),
          readOne(withValue.replace('${x}', '${env:REMEDYCTL_VAR_X}'), { env: { REMEDYCTL_VAR_X: content } }),
        ]);
        for (const plan of plans) expect(plan.actions).toMatchObject([{ content }]);
        expect(new Set(plans.map(planHash)).size).toBe(1);
      }),
      { numRuns: 300 },
    );
  });
});
