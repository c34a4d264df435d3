import { describe, expect, it } from 'vitest';
import { NoteActionBuilder, reportAndNote } from '../../../src/plan/builders.ts';
import { NoteBuilder } from '../../../src/plan/note-builder.ts';
import { NoteCollector } from '../../../src/plan/notes.ts';
import { reportPayload } from '../../../src/plan/payloads.ts';
import type { NoteLine } from '../../../src/plan/plan.ts';
import { hasShared, readVectors } from '../../support/shared.ts';
import { planText, problemsOf } from './plan-files.ts';

interface Case {
  id: string;
  kind: 'title' | 'notes' | 'builder' | 'helper' | 'doc-mismatch';
  defect?: string;
  name?: string;
  lines?: [Exclude<NoteLine['kind'], 'section'>, string][];
  ops?: ['new' | 'content' | 'line' | 'section', string, string?][];
  text?: string;
  validationError?: string;
  report?: { summary: string; details: string; link: string; expected: string; detected: string };
}

const { cases } = hasShared ? readVectors<{ cases: Case[] }>('cad-titles') : { cases: [] };
const ofKind = (kind: Case['kind']): Case[] => cases.filter((one) => one.kind === kind);

describe.runIf(hasShared)('notes as the reference collects them', () => {
  it('has every case; the titles are in the tests of the executor', () => {
    const counts = (['title', 'notes', 'builder', 'helper', 'doc-mismatch'] as const).map(
      (kind) => ofKind(kind).length,
    );
    expect(counts).toEqual([33, 14, 17, 1, 1]);
    expect(cases).toHaveLength(66);
  });

  it.each(ofKind('notes'))('$id', ({ name = '', lines = [], text }) => {
    const notes = new NoteCollector(name);
    for (const [kind, line] of lines) notes.add({ kind, text: line });
    expect(notes.text()).toBe(text);
  });
});

describe.runIf(hasShared)('notes as the reference builds them', () => {
  it.each(ofKind('builder'))('$id', ({ ops = [], text, validationError }) => {
    const builder = apply(new NoteBuilder(), ops);
    expect(builder.toString()).toBe(text);
    const action = apply(new NoteActionBuilder(), ops);
    if (validationError === undefined) expect(action.build()).toMatchObject({ content: text });
    else expect(() => action.build()).toThrow(/content/);
  });

  it.each(ofKind('helper'))('$id', ({ text }) => {
    const [report, note] = reportAndNote('chgm', { id: 'cluster-senq' });
    expect(report).toMatchObject({ type: 'backplane_report', clusterId: 'cluster-senq' });
    expect(note).toStrictEqual({ type: 'pagerduty_note', fromNotes: true });
    const notes = new NoteCollector('Helper', [{ kind: 'success', text: 'silver paper engine' }]);
    notes.add({ kind: 'warning', text: 'added after the helper' });
    if (report?.type !== 'backplane_report') throw new Error('no report');
    const planned = { ...report, index: 0, phase: 1 as const, dependsOn: [] };
    // both are rendered when they are sent, the report too
    expect(reportPayload(planned, { notes: notes.text(), sentAt: '2026-03-01T12:00:00Z' })).toStrictEqual({
      summary: '2026-03-01T12:00:00Z : chgm',
      data: text,
    });
  });
});

interface Builds {
  content(text: string): unknown;
  line(text: string): unknown;
  section(title: string, text: string): unknown;
}

function apply<B extends Builds>(builder: B, ops: NonNullable<Case['ops']>): B {
  for (const [op, text, second = ''] of ops) {
    if (op === 'line') builder.line(text);
    else if (op === 'section') builder.section(text, second);
    else builder.content(text);
  }
  return builder;
}

describe.runIf(hasShared)('a documentation link of the wrong product, as the reference reports it', () => {
  it.each(ofKind('doc-mismatch'))('$id', async ({ report }) => {
    if (report === undefined) throw new Error('no report');
    const { summary, details, link, expected, detected } = report;
    const action = { service_log: { severity: 'Info', summary, description: `${details} ${link}` } };
    const cluster = { id: 'c1', externalId: 'e1', product: expected };
    const problems = await problemsOf(planText([action], { cluster }));
    // the reference escalates with the text; remedyctl sends nothing, and whoever wrote the plan corrects it
    expect(problems).toHaveLength(1);
    for (const fact of [link, detected]) expect(problems[0]?.toLowerCase()).toContain(fact);
    expect(problems[0]).toContain(expected === 'osd' ? 'OpenShift Dedicated' : 'ROSA');
  });
});
