import { describe, expect, it } from 'vitest';
import { arrangePlan, escalationFor } from '../../../src/plan/arrange.ts';
import { previewPlan } from '../../../src/plan-run/preview.ts';
import type { RequestSettings } from '../../../src/plan/request-settings.ts';
import { settingsFindings } from '../../../src/plan/settings-findings.ts';
import type { PlanMode } from '../../../src/plan/plan.ts';
import { planText, readOne } from './plan-files.ts';

const limited = { limited_support: { summary: 'limited', details: 'd', context: 'X' } };
const remedies = [{ service_log: { severity: 'Info', summary: 'log' } }, limited];
const everything = [
  { silence_incident: { reason: 'quiet' } },
  { pagerduty_title_update: { prefix: '[X]' } },
  { pagerduty_note: { fromNotes: true } },
  { backplane_report: { summary: 'report', data: 'd' } },
  ...remedies,
];

const settings: RequestSettings = {
  urls: { pagerduty: 'https://pd.test/', ocm: 'https://ocm.test', backplane: 'https://bp.test/api' },
  from: 'a@b.c',
  escalationLevel: 3,
  userAgent: 'remedyctl/test',
};

async function arranged(
  mode: PlanMode,
  infraCluster: boolean,
  actions: object[] = everything,
): Promise<string[]> {
  const plan = await readOne(planText(actions, { options: { mode, infraCluster } }));
  return arrangePlan(plan).map(({ action, treatment }) => {
    const stands = action.replaces === undefined ? '' : ` for ${action.replaces}`;
    return `${action.index} ${action.type} ${treatment}${stands}`;
  });
}

describe('what becomes of the actions in a mode', () => {
  it('execute: all run, in the order of execution', async () => {
    expect(await arranged('execute', false)).toStrictEqual([
      '4 service_log run',
      '5 limited_support run',
      '3 backplane_report run',
      '2 pagerduty_note run',
      '1 pagerduty_title_update run',
      '0 silence_incident run',
    ]);
  });

  it('manual: nothing of PagerDuty runs, and it is still there to be told of', async () => {
    expect(await arranged('manual', false)).toStrictEqual([
      '4 service_log run',
      '5 limited_support run',
      '3 backplane_report run',
      '2 pagerduty_note skipped_mode',
      '1 pagerduty_title_update skipped_mode',
      '0 silence_incident skipped_mode',
    ]);
  });

  it('informing: nothing runs but a note that says what would', async () => {
    const lines = await arranged('informing', false);
    expect(lines.slice(0, -1).every((line) => line.endsWith('skipped_mode'))).toBe(true);
    expect(lines.at(-1)).toBe('6 pagerduty_note run');
  });

  it('infrastructure cluster: a note and an escalation take the place of what was intercepted', async () => {
    expect(await arranged('execute', true)).toStrictEqual([
      '4 service_log intercepted',
      '5 limited_support intercepted',
      '3 backplane_report run',
      '2 pagerduty_note run',
      '1 pagerduty_title_update run',
      '0 silence_incident intercepted',
      '6 pagerduty_note run',
      '7 escalate_incident run for 0',
    ]);
  });

  it('infrastructure cluster: no second escalation, and none where nothing was intercepted', async () => {
    const escalation = { escalate_incident: { reason: 'x' } };
    expect(await arranged('execute', true, [...remedies, escalation])).toStrictEqual([
      '0 service_log intercepted',
      '1 limited_support intercepted',
      '2 escalate_incident run',
      '3 pagerduty_note run',
    ]);
    expect(await arranged('execute', true, [escalation])).toStrictEqual(['0 escalate_incident run']);
  });

  it('infrastructure cluster in manual mode: the stand-ins are skipped, and say so', async () => {
    expect((await arranged('manual', true)).slice(-2)).toStrictEqual([
      '6 pagerduty_note skipped_mode',
      '7 escalate_incident skipped_mode for 0',
    ]);
  });

  it('the notes of stand-ins name every action that did not run', async () => {
    const informing = { mode: 'informing' } as const;
    for (const options of [{ infraCluster: true }, informing, { ...informing, infraCluster: true }]) {
      const plan = await readOne(planText(everything, { options }));
      const note = arrangePlan(plan).find(
        ({ action, treatment }) => treatment === 'run' && action.index >= 6,
      )?.action;
      const content = note?.type === 'pagerduty_note' ? note.content : '';
      expect(content).toContain('service_log: log (Info)');
      expect(content).toContain('limited_support: limited (X)');
      expect(content).toContain('silence_incident: quiet');
    }
  });

  it('an escalation in place of a silence says which', async () => {
    const plan = await readOne(planText(everything));
    const silence = plan.actions.find((action) => action.type === 'silence_incident');
    if (silence?.type !== 'silence_incident') throw new Error('no silence');
    expect(escalationFor(silence, 9, 'why')).toMatchObject({
      type: 'escalate_incident',
      index: 9,
      replaces: 0,
    });
  });
});

describe('a preview', () => {
  it('shows each request with its system, audience, counter and hidden secrets', async () => {
    const plan = await readOne(planText(everything));
    const preview = previewPlan(plan, settings);
    expect(
      preview.actions.map(({ index, system, audience, metric }) => [index, system, audience, metric]),
    ).toStrictEqual([
      [4, 'ocm', 'customer', 'cad_investigate_servicelog_sent_total{alert_type="test"}'],
      [5, 'ocm', 'customer', 'cad_investigate_limitedsupport_set_total{alert_type="test",ls_summary="X"}'],
      [3, 'backplane', 'internal', undefined],
      [2, 'pagerduty', 'internal', undefined],
      [1, 'pagerduty', 'internal', undefined],
      [0, 'pagerduty', 'internal', undefined],
    ]);
    const requests = preview.actions.flatMap((action) => action.requests);
    expect(
      requests.map(({ headers }) => headers['authorization']).every((value) => value?.endsWith('***')),
    ).toBe(true);
    expect(requests.find(({ url }) => url.includes('/reports'))?.url).toBe(
      'https://bp.test/api/backplane/cluster/c1/reports',
    );
    expect(requests.at(-1)).toMatchObject({
      method: 'PUT',
      url: 'https://pd.test/incidents/Q1',
      headers: { from: 'a@b.c' },
      body: { incident: { escalation_policy: { id: 'PSILENT', type: 'escalation_policy_reference' } } },
    });
  });

  it('sends nothing of an internal log to the customer, and counts nothing that does not run', async () => {
    const internal = { service_log: { severity: 'Info', summary: 's', internalOnly: true } };
    const plan = await readOne(planText([internal, ...remedies], { options: { infraCluster: true } }));
    const [first, second] = previewPlan(plan, settings).actions;
    expect(first).toMatchObject({ audience: 'internal', requests: [], treatment: 'intercepted' });
    expect(second).not.toHaveProperty('metric');
  });

  const noted = [
    { backplane_report: { summary: 'chgm', timestamped: true, fromNotes: true } },
    { backplane_report: { summary: 'again', fromNotes: true } },
    { pagerduty_note: { fromNotes: true } },
    { pagerduty_title_update: { prefix: '[X]' } },
  ];
  const header = `🤖 Automated test pre-investigation 🤖\n${'='.repeat(27)}\n`;
  const sent = "🤖 Sent LS: 'limited'\n";
  const made =
    '🤖 CAD created a cluster report, access it with the following command:\n' +
    'osdctl cluster reports get --cluster-id c1 --report-id <at run>\n';

  async function writtenBodies(actions: object[], options: object): Promise<unknown[]> {
    const plan = await readOne(planText(actions, { options }));
    return previewPlan(plan, settings).actions.flatMap(({ requests }) => requests.at(-1)?.body ?? []);
  }

  it('shows the notes as they will be, and the moment, new ids and the live title as unknown', async () => {
    const [, first, second, note, title] = await writtenBodies([...noted, limited], {});
    const data = Buffer.from(header + sent).toString('base64');
    expect(first).toStrictEqual({ summary: '<at run> : chgm', data });
    expect(second).toStrictEqual({ summary: 'again', data: '<at run>' });
    expect(note).toStrictEqual({ note: { content: header + sent + made + made } });
    expect(title).toStrictEqual({ incident: { type: 'incident_reference', title: '[X] <at run>' } });
  });

  it('shows the notes of reports that are made at once', async () => {
    const [, first, second] = await writtenBodies([...noted, limited], { concurrent: true });
    const data = Buffer.from(header + sent).toString('base64');
    expect(first).toStrictEqual({ summary: '<at run> : chgm', data });
    expect(second).toStrictEqual({ summary: 'again', data });
  });

  it('shows nothing in the notes of what the mode holds back', async () => {
    const bodies = await writtenBodies([limited, { pagerduty_note: { fromNotes: true } }], {
      infraCluster: true,
    });
    expect(JSON.stringify(bodies)).not.toContain('Sent LS');
  });
});

describe('what a plan needs of the configuration', () => {
  const nothing: RequestSettings = {
    ...settings,
    urls: { ...settings.urls, backplane: undefined },
    from: undefined,
  };

  it('is named with the first action that needs it', async () => {
    const plan = await readOne(planText(everything, { incident: { id: 'Q1' } }));
    const findings = settingsFindings(plan, nothing, { pagerduty: false, ocm: false });
    expect(findings.map(({ index, message }) => `${index} ${message.split(/[:,]/)[0]}`)).toStrictEqual([
      '2 needs the setting pagerduty.from',
      '0 needs a silent escalation policy',
      '3 needs the setting backplane.url (REMEDYCTL_BACKPLANE_URL',
      '2 needs credentials of PagerDuty',
      '4 needs credentials of OCM',
    ]);
    expect(
      settingsFindings(plan, { ...settings, silentPolicy: 'P' }, { pagerduty: true, ocm: true }),
    ).toStrictEqual([]);
  });

  it('is only what will run', async () => {
    const plan = await readOne(planText(remedies, { options: { mode: 'manual' } }));
    expect(settingsFindings(plan, nothing, { pagerduty: false, ocm: true })).toStrictEqual([]);
  });
});
