import { describe, expect, it } from 'vitest';
import { NoteActionBuilder, reportAndNote } from '../../../src/plan/builders.ts';
import { NoteBuilder } from '../../../src/plan/note-builder.ts';
import { NoteCollector } from '../../../src/plan/notes.ts';
import { reportPayload, titleChanges } from '../../../src/plan/payloads.ts';
import type { NoteLine } from '../../../src/plan/plan.ts';
import { hasShared, readVectors } from '../../support/shared.ts';

interface Case {
  id: string;
  kind: 'title' | 'notes' | 'builder' | 'helper' | 'doc-mismatch';
  defect?: string;
  name?: string;
  lines?: [Exclude<NoteLine['kind'], 'section'>, string][];
  ops?: ['new' | 'content' | 'line' | 'section', string, string?][];
  text?: string;
  validationError?: string;
  cachedTitle?: string;
  prefixes?: string[];
  titlesSent?: string[];
}

const { cases } = hasShared ? readVectors<{ cases: Case[] }>('cad-titles') : { cases: [] };
const ofKind = (kind: Case['kind']): Case[] => cases.filter((one) => one.kind === kind);

describe.runIf(hasShared)('notes as the reference collects them', () => {
  it('has every case', () => {
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

const addUp = { rule: 'each title update starts from the title that the last one left' };

/** Where the specification wants other titles than the reference sends; each with its DO. */
const titleExceptions: Readonly<Record<string, { rule: string; sent: string[] }>> = {
  'pub-t-twice-the-same': { ...addUp, sent: ['[CAD Investigated] needle paper island'] },
  'pub-t-two-prefixes': { ...addUp, sent: ['[A] paper hammer jacket', '[B] [A] paper hammer jacket'] },
  'pub-t-three-prefixes-one-present': {
    ...addUp,
    sent: ['[A] [B] kettle guitar', '[C] [A] [B] kettle guitar'],
  },
  'pub-t-empty-title-webhook': {
    rule: 'the incident is read first, so a title is never taken for unknown because it is empty',
    sent: ['[CAD Investigated] '],
  },
};

describe.runIf(hasShared)('titles as the reference sends them', () => {
  it.each(ofKind('title'))('$id', ({ id, cachedTitle = '', prefixes = [], titlesSent = [] }) => {
    const sent: string[] = [];
    let title = cachedTitle;
    // a prefix of white space alone is refused before
    for (const prefix of prefixes.filter((one) => one.trim() !== '')) {
      const changes = titleChanges({ prefix }, title);
      if (changes?.title === undefined) continue;
      title = changes.title;
      sent.push(title);
    }
    const exception = titleExceptions[id];
    if (exception !== undefined) expect(exception.sent, exception.rule).not.toStrictEqual(titlesSent);
    expect(sent).toStrictEqual(exception?.sent ?? titlesSent);
  });
});
