import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planJsonSchema } from '../../../src/plan/plan-schema.ts';
import { planText, readText } from './plan-files.ts';

const accepts = new Ajv2020({ allErrors: true }).compile(planJsonSchema());

const log = { severity: 'Info', summary: 's' };
const note = { pagerduty_note: { content: 'c' } };

/** Actions of plans that the reader takes. */
const good: readonly object[][] = [
  [{ service_log: log }],
  [{ type: 'service_log', ...log, serviceName: 'x', internalOnly: true, reason: 'r', allowDuplicates: true }],
  [{ limited_support: { summary: 's', details: 'd', context: 'X' } }, { silence_incident: {} }],
  [note, { type: 'pagerduty_note', fromNotes: true }],
  [{ pagerduty_title_update: { prefix: '[X]' } }, { escalate_incident: { reason: 'r' } }],
  [{ escalate_incident: null }],
  [{ type: 'escalate_incident' }],
  [{ backplane_report: { summary: 's', data: 'd', clusterId: 'c', timestamped: true } }],
  [{ silence_incident: { withoutRemedy: true } }],
];

/** Actions that are wrong by themselves. */
const bad: readonly (readonly [string, unknown])[] = [
  ['no action', {}],
  ['an unknown action', { service_lag: log }],
  ['two in one', { service_log: log, ...note }],
  ['an unknown type', { type: 'frobnicate' }],
  ['an unknown field', { service_log: { ...log, sumary: 's' } }],
  ['a field of another type', { type: 'escalate_incident', prefix: 'x' }],
  ['a missing field', { service_log: { severity: 'Info' } }],
  ['an unknown severity', { service_log: { ...log, severity: 'info' } }],
  ['white space alone', { limited_support: { summary: ' \u00a0', details: 'd', context: 'X' } }],
  ['a number for a text', { pagerduty_title_update: { prefix: 1 } }],
  ['both content and notes', { pagerduty_note: { content: 'c', fromNotes: true } }],
  ['neither content nor notes', { pagerduty_note: {} }],
  ['neither data nor notes, explicitly', { type: 'backplane_report', summary: 's' }],
  ['fromNotes: false', { pagerduty_note: { content: 'c', fromNotes: false } }],
  ['nothing where fields are needed', { service_log: null }],
  ['an id of two dots', { backplane_report: { summary: 's', data: 'd', clusterId: '..' } }],
  ['a text', 'escalate_incident'],
  ['something beside an include', { include: 'x.yaml', service_log: log }],
];

/** What is wrong around the actions. */
const badSpecs: readonly (readonly [string, object])[] = [
  ['an unknown key', { clustr: { id: 'c' } }],
  ['negative retries', { options: { maxRetries: -1 } }],
  ['an unknown mode', { options: { mode: 'dry' } }],
  ['an unknown kind of note', { notes: [{ error: 'x' }] }],
  ['two notes in one', { notes: [{ success: 'x', warning: 'y' }] }],
  ['an incident without an id', { incident: {} }],
];

async function isRead(text: string): Promise<boolean> {
  return 'plans' in (await readText(text));
}

describe('the JSON Schema of plans says of a file what the reader says', () => {
  it.each(good.map((actions) => [JSON.stringify(actions), actions] as const))(
    'good: %s',
    async (_, actions) => {
      const text = planText(actions);
      expect(await isRead(text)).toBe(true);
      expect([accepts(JSON.parse(text)), accepts.errors]).toStrictEqual([true, null]);
    },
  );

  it.each(bad)('bad: %s', async (_, action) => {
    const text = planText([note, action]);
    expect([await isRead(text), accepts(JSON.parse(text))]).toStrictEqual([false, false]);
  });

  it.each(badSpecs)('bad: %s', async (_, spec) => {
    const text = planText([note], spec);
    expect([await isRead(text), accepts(JSON.parse(text))]).toStrictEqual([false, false]);
  });

  it('takes an include, which only the reader can follow', () => {
    expect(accepts(JSON.parse(planText([{ include: 'remedies.yaml' }])))).toBe(true);
  });

  it.each(['egress-blocked.yaml', 'informing.json'])('takes the example %s', (name) => {
    const file = path.resolve(import.meta.dirname, '../../../examples/plans', name);
    expect([accepts(parse(readFileSync(file, 'utf8'))), accepts.errors]).toStrictEqual([true, null]);
  });
});
