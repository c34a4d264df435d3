import { scopedHint } from '../command-scope.ts';
import type { ChalkInstance } from 'chalk';
import type { LockRecord } from '../../lease/lock-record.ts';
import { toTerminalText } from '../terminal-text.ts';
import type { OtherRequest, ShownState, SubjectState } from '../../dedup/state-reader.ts';
import { ageOf } from '../../time/age.ts';
import { historyColumns, paintState, targetText } from './dedup-columns.ts';
import { stateSentence } from './dedup-sentence.ts';
import { shownColumns, type RenderOptions } from './document.ts';
import { expiresIn } from './lock-columns.ts';
import { BlockTable } from './table.ts';
import { wrapText } from './wrapped-text.ts';
import { counted } from '../../text/count.ts';

interface StateTextOptions {
  /** The time of the decision, milliseconds since the epoch. */
  nowMs: number;
  paint: ChalkInstance;
  render: RenderOptions;
  /** The flags by which a command works on the same. */
  scope: readonly string[];
}

const labelWidth = 13;

/** One state for a reader: the answer in the first line, then what it rests on. */
export function stateText(state: SubjectState, { nowMs, paint, render, scope }: StateTextOptions): string {
  const style = render.format.kind === 'wide' ? { ...render.table, maxWidth: undefined } : render.table;
  const { maxWidth } = style;
  const answer = wrapText(toTerminalText(scopedHint(stateSentence(state, nowMs), scope)), maxWidth).join(
    '\n',
  );
  const facts = factLines(state, nowMs).map(([label, text]) => {
    const lines = wrapText(toTerminalText(text), maxWidth && maxWidth - labelWidth);
    return `${paint.bold(`${label}:`.padEnd(labelWidth))}${lines.join(`\n${' '.repeat(labelWidth)}`)}\n`;
  });
  const columns = shownColumns(historyColumns({ now: () => nowMs, paint }), render.format);
  const table = new BlockTable(columns, style).block(state.history);
  const history = state.history.length === 0 ? '' : `\n${table}`;
  return `${paintState(paint, state.state, answer)}\n\n${facts.join('')}${history}`;
}

function factLines(state: SubjectState, nowMs: number): [label: string, text: string][] {
  const target = targetText(state);
  const others = state.otherRequests ?? [];
  return [
    ['Fingerprint', state.fingerprint],
    ...(target === undefined ? [] : ([['Target', target]] as [string, string][])),
    ['Seen', seenText(state, nowMs)],
    ['Lock', lockText(state.lock)],
    ...others.map((other): [string, string] => ['Also active', otherText(other)]),
  ];
}

function seenText({ occurrenceCount, firstSeenAt, lastSeenAt, history }: ShownState, nowMs: number): string {
  if (history.length === 0) return 'never';
  const requests = counted(history.length, 'request');
  const count = occurrenceCount === undefined ? 'not counted' : counted(occurrenceCount, 'time');
  const first =
    firstSeenAt === undefined ? '' : `, first ${firstSeenAt} (${ageOf(firstSeenAt, nowMs) ?? ''} ago)`;
  const last = lastSeenAt === undefined ? '' : `, last ${lastSeenAt} (${ageOf(lastSeenAt, nowMs) ?? ''} ago)`;
  return `${count}, in ${requests}${first}${last}`;
}

/** Two requests may so be at work on one resource, and no signal of it is counted on this one. */
function otherText({ name, phase = 'no phase yet', resource, signalSource }: OtherRequest): string {
  const facts = [
    phase,
    `${resource.kind}/${resource.name}`,
    ...(signalSource === undefined ? [] : [signalSource]),
  ];
  return `${name} (${facts.join(', ')}), under another fingerprint`;
}

/** A signal that meets a held lock waits for it, whatever the requests say. */
function lockText(lock: LockRecord | undefined): string {
  if (lock === undefined) return 'free';
  const { name, state, holder = 'nobody that is named', expiresAt } = lock;
  const over = expiresAt === undefined ? '' : `, until ${expiresAt} (${expiresIn(lock) ?? ''})`;
  switch (state) {
    case 'held':
      return `${name} is held by ${holder}${over}: a signal waits for it`;
    case 'noExpiry':
      return `${name} of ${holder} names no end: the gateway waits for it for ever`;
    default:
      return `${name} of ${holder} has expired${expiresAt === undefined ? '' : ` at ${expiresAt}`}: the next signal takes it over`;
  }
}
