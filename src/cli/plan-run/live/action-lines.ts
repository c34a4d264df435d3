/** One action of a live view as lines of a terminal. */
import type { ChalkInstance } from 'chalk';
import type { Outcome } from '../../../plan-run/journal-entry.ts';
import { wrapText } from '../../render/wrapped-text.ts';
import { toTerminalText } from '../../terminal-text.ts';
import { cutToWidth, padToWidth, textWidth } from '../../text-width.ts';
import { subjectOf } from './action-subject.ts';
import type { ActionRow, ActionState } from './run-activity.ts';

export interface LineStyle {
  readonly columns: number;
  readonly paint: ChalkInstance;
  readonly glyphs: Glyphs;
  /** Of a clock that never goes back. */
  readonly nowMs: number;
  /** Columns of the widest `#` and type of the plan. */
  readonly nameWidth: number;
  /** cut: in one line, as far as it goes. whole: over as many lines as it takes. */
  readonly reasons: 'cut' | 'whole' | 'none';
}

export interface Glyphs {
  readonly spinner: readonly string[];
  readonly good: string;
  readonly bad: string;
  readonly left: string;
  readonly unknown: string;
  readonly waiting: string;
}

export const unicodeGlyphs: Glyphs = {
  spinner: Array.from('⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'),
  good: '✓',
  bad: '✗',
  left: '-',
  unknown: '?',
  waiting: '·',
};

/** For consoles whose font has little else. */
export const asciiGlyphs: Glyphs = {
  spinner: Array.from('-\\|/'),
  good: '+',
  bad: 'x',
  left: '-',
  unknown: '?',
  waiting: '.',
};

const spinnerStepMs = 100;
/** Below this there is room for the name and the state alone. */
const fullColumns = 60;
/** Holds `looking up, 10 s (2/4)`. */
const stateWidth = 22;
const reasonIndent = 4;

type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'dim';

interface Look {
  readonly glyph: string;
  readonly colour: Colour;
}

/** Each line fits the width; the reason of a failure follows on lines of its own. */
export function actionLines(row: ActionRow, style: LineStyle): string[] {
  const { columns, paint } = style;
  const { glyph, colour } = lookOf(row.state, style);
  const isFull = columns >= fullColumns;
  const name = isFull ? padToWidth(nameOf(row), style.nameWidth) : nameOf(row);
  const state = stateText(row.state, style.nowMs);
  const head = cutToWidth(`${name} ${isFull ? padToWidth(state, stateWidth) : state}`, columns - 2);
  const room = columns - 2 - textWidth(head) - 1;
  const subject = room > 1 ? cutToWidth(toTerminalText(subjectOf(row.action)), room) : '';
  const painted = head.slice(0, name.length) + paint[colour](head.slice(name.length));
  const line = subject === '' ? painted : `${painted} ${paint.dim(subject)}`;
  return [`${paint[colour](glyph)} ${line}`, ...reasonLines(row.state, style)];
}

/** Columns that the names of these actions take. */
export function nameWidthOf(rows: readonly ActionRow[]): number {
  return Math.max(0, ...rows.map((row) => nameOf(row).length));
}

function nameOf({ action: { index, type } }: ActionRow): string {
  return `${index} ${type}`;
}

function reasonLines(state: ActionState, { columns, paint, reasons }: LineStyle): string[] {
  const reason = reasonOf(state);
  if (reason === undefined || reasons === 'none') return [];
  const room = columns - reasonIndent;
  const text = toTerminalText(reason);
  const lines = reasons === 'cut' ? [cutToWidth(text, room)] : wrapText(text, room);
  return lines.map((line) => ' '.repeat(reasonIndent) + paint.dim(line));
}

function reasonOf(state: ActionState): string | undefined {
  if (state.kind === 'pausing') return state.why;
  return state.kind === 'over' ? state.error?.message : undefined;
}

function stateText(state: ActionState, nowMs: number): string {
  switch (state.kind) {
    case 'waiting':
      return 'waiting';
    case 'over':
      return state.outcome;
    case 'pausing':
      return `again in ${seconds(Math.max(0, Math.ceil((state.untilMs - nowMs) / 1000)))}${attemptText(state)}`;
    case 'working': {
      const doing = state.doing === 'failed' ? 'attempt failed' : state.doing;
      return `${doing}, ${seconds(Math.floor((nowMs - state.sinceMs) / 1000))}${attemptText(state)}`;
    }
  }
}

function attemptText({ attempt }: Extract<ActionState, { kind: 'working' | 'pausing' }>): string {
  return attempt.number > 1 ? ` (${attempt.number}/${attempt.of})` : '';
}

export function seconds(count: number): string {
  return count < 60 ? `${count} s` : `${Math.floor(count / 60)} min ${count % 60} s`;
}

function lookOf(state: ActionState, { glyphs, nowMs }: LineStyle): Look {
  switch (state.kind) {
    case 'waiting':
      return { glyph: glyphs.waiting, colour: 'dim' };
    case 'over':
      return lookOfOutcome(state.outcome, glyphs);
    case 'working':
      return { glyph: spinnerGlyph(glyphs, nowMs), colour: 'cyan' };
    case 'pausing':
      return { glyph: spinnerGlyph(glyphs, nowMs), colour: 'yellow' };
  }
}

function spinnerGlyph({ spinner }: Glyphs, nowMs: number): string {
  return spinner[Math.floor(nowMs / spinnerStepMs) % spinner.length] ?? ' ';
}

function lookOfOutcome(outcome: Outcome, { good, bad, left, unknown }: Glyphs): Look {
  switch (outcome) {
    case 'succeeded':
      return { glyph: good, colour: 'green' };
    case 'failed':
      return { glyph: bad, colour: 'red' };
    case 'unknown':
      return { glyph: unknown, colour: 'yellow' };
    case 'skipped_dependency':
    case 'not_run':
      return { glyph: left, colour: 'yellow' };
    default:
      return { glyph: left, colour: 'dim' };
  }
}
