import type { Distribution } from '../../retry/distribution.ts';
import type { ReplaySide, SideAttempt } from '../../retry/replay-side.ts';
import type { RequestStorm } from '../../retry/request-storm.ts';
import { toTerminalText } from '../terminal-text.ts';
import { cutToWidth, padToWidth, textWidth } from '../text-width.ts';
import { inAscii } from '../charset.ts';
import type { ReplayItem, ReplaySummary } from '../../replay/replay-run.ts';
import { shortTime } from './short-time.ts';
import { counted } from '../../text/count.ts';

export interface ReplayTextStyle {
  /** Columns to keep within; undefined cuts nothing. */
  width: number | undefined;
  utf8: boolean;
  header: boolean;
  /** `wide`: what was asked, and the whole messages. */
  wide: boolean;
  /** Both sides, although they are the same. */
  bothSides: boolean;
  drawStorm?: ((storm: RequestStorm) => string) | undefined;
}

const gap = '  ';

/** One operation: its timeline, how it ended, what differs, and the figures of many runs or clients. */
export function replayText(
  item: ReplayItem,
  style: ReplayTextStyle,
  { timeline }: { timeline: boolean },
): string {
  const lines = [cut(headline(item), style), ...(timeline ? timelineLines(item, style) : [])];
  if (item.distribution !== undefined) lines.push(...distributionLines(item.distribution, style));
  if (item.storm !== undefined) lines.push(...stormLines(item.storm, style));
  return `${lines.join('\n')}\n\n`;
}

function timelineLines(item: ReplayItem, style: ReplayTextStyle): string[] {
  const both = style.bothSides || item.differs;
  const ending = item.failed?.ending === 'notRetried' ? ['     not retried: more attempts do not help'] : [];
  return [
    ...(both ? sideLines('recorded', item.recorded, style) : []),
    ...sideLines(both ? 'replayed' : undefined, item.replayed, style),
    ...ending,
    ...(item.differences ?? []).map((difference) => cut(`  differs: ${difference}`, style)),
  ];
}

function headline({ trace, id, operation, object, policy }: ReplayItem): string {
  const { kind, maxAttempts, initial, max, jitter } = policy ?? {};
  const about =
    policy === undefined
      ? 'not retried'
      : `${kind ?? ''}, ${maxAttempts === undefined ? 'no last attempt' : counted(Number(maxAttempts), 'attempt')}, ${initial ?? ''} to ${max ?? ''}, jitter ${jitter ?? 0}`;
  const named = [trace, `#${id}`, operation, object].filter((part) => part !== undefined);
  return `${named.map(String).join(' ')} (${about})`;
}

function sideLines(
  name: 'recorded' | 'replayed' | undefined,
  side: ReplaySide,
  style: ReplayTextStyle,
): string[] {
  const asked = side.attempts.some(({ request }) => request !== undefined);
  const rows = side.attempts.map((attempt) => cells(attempt, { asked, wide: style.wide }));
  const head = [
    ...['AT', 'REQUEST'],
    ...(asked ? ['ASKED'] : []),
    ...['OUTCOME', 'WAIT', 'CLASS'],
    ...(style.wide ? ['MESSAGE'] : []),
  ];
  const shown = style.header && rows.length > 0 ? [head, ...rows] : rows;
  const widths = head.map((_, column) => Math.max(...shown.map((row) => textWidth(row[column] ?? '')), 0));
  const title = name === undefined ? [] : [`  ${name}:`];
  const table = shown.map((row) =>
    cut(`  ${row.map((cell, column) => padToWidth(cell, widths[column] ?? 0)).join(gap)}`.trimEnd(), style),
  );
  return [...title, ...table, ...endLines(side)];
}

function cells(attempt: SideAttempt, { asked, wide }: { asked: boolean; wide: boolean }): string[] {
  const { atSeconds, error, request } = attempt;
  const [code, kind] = failureCells(attempt);
  const row = [
    atSeconds === undefined ? '-' : shortTime(atSeconds),
    String(attempt.attempt),
    ...(asked ? [(wide ? request : verbAndPlural(request)) ?? '-'] : []),
    code,
    waitCell(attempt),
    kind,
  ];
  return (wide ? [...row, error?.message ?? '-'] : row).map(toTerminalText);
}

/** Without the group, which is the same for all of them. */
function verbAndPlural(request: string | undefined): string | undefined {
  return request?.replace(/\..*$/, '');
}

function failureCells({ error, classifiedBy }: SideAttempt): [string, string] {
  if (error === undefined) return ['ok', '-'];
  const code = error.status ?? error.errno ?? error.reason;
  return [String(code ?? 'error'), `${error.type} by ${classifiedBy ?? '?'}`];
}

function waitCell({ waitSeconds, waitReason }: SideAttempt): string {
  if (waitSeconds === undefined) return '-';
  const word = waitReason === 'retryAfter' ? 'Retry-After' : (waitReason ?? '');
  return `${shortTime(waitSeconds)} ${word}`.trimEnd();
}

/** The final error stands whole: it is what an operator looks for. */
function endLines(side: ReplaySide): string[] {
  const { result = 'end unknown', tries, totalSeconds, observerCalls, error, endedBy } = side;
  const facts = [
    counted(tries, 'try', 'tries'),
    ...(totalSeconds === undefined ? [] : [shortTime(totalSeconds)]),
    ...(observerCalls.length === 0 ? [] : [`observer called with [${shortList(observerCalls)}]`]),
    ...(endedBy === undefined ? [] : ['a request had appeared']),
  ];
  const end = `  => ${result} after ${facts.join(', ')}`;
  return error === undefined ? [end] : [end, `     ${toTerminalText(error.message)}`];
}

function shortList(numbers: readonly number[]): string {
  if (numbers.length <= 12) return numbers.join(', ');
  return `${numbers.slice(0, 10).join(', ')}, ... ${numbers.at(-1) ?? ''}`;
}

function distributionLines(figures: Distribution, style: ReplayTextStyle): string[] {
  const { runs, successShare, totalSeconds: total, requests, histogram } = figures;
  const most = Math.max(...histogram.map((bucket) => bucket.runs));
  const labels = histogram.map(
    ({ fromSeconds, toSeconds }) => `${shortTime(fromSeconds)}–${shortTime(toSeconds)}`,
  );
  const widest = Math.max(...labels.map(textWidth));
  const room = Math.max(10, Math.min(50, (style.width ?? 80) - widest - 14));
  const bars = histogram.map((bucket, index) => {
    const bar = '█'.repeat(Math.ceil((bucket.runs / most) * room));
    return `    ${padToWidth(labels[index] ?? '', widest)} ${bar} ${bucket.runs}`;
  });
  return [
    `  ${counted(runs, 'run')}: ${Math.round(successShare * 1_000) / 10} % ok`,
    `    total    p50 ${shortTime(total.p50)}, p90 ${shortTime(total.p90)}, p99 ${shortTime(total.p99)}`,
    `    requests p50 ${requests.p50}, p90 ${requests.p90}, p99 ${requests.p99}`,
    ...bars,
  ].map((line) => (style.utf8 ? line : inAscii(line)));
}

function stormLines({ clients, total, peak, requests }: RequestStorm, style: ReplayTextStyle): string[] {
  const first = requests[0]?.atSeconds ?? 0;
  const last = requests.at(-1)?.atSeconds ?? 0;
  const line = `  ${counted(clients, 'client')}: ${counted(total, 'request')} from ${shortTime(first)} to ${shortTime(last)}, at most ${peak} in 100ms`;
  const chart = style.drawStorm?.({ clients, total, peak, requests, bucketSeconds: 0.1 }) ?? '';
  return [cut(line, style), ...chart.split('\n').filter((row) => row !== '')];
}

/** The line under all of them. */
export function replaySummaryText(summary: ReplaySummary): string {
  const { operations, ok, error, differing, requests, expectations } = summary;
  const counts = `${counted(operations, 'operation')}: ${ok} ok, ${error} error, ${differing} differ; ${counted(requests, 'request')}`;
  const expected = expectations.map(({ expect, holds, failed, firstFailed }) =>
    holds
      ? `expected ${expect}: holds`
      : `expected ${expect}: does not hold ${counted(failed, 'time')}, first in ${firstFailed ?? ''}`,
  );
  return [counts, ...expected].map((line) => `${toTerminalText(line)}\n`).join('');
}

function cut(line: string, { width, utf8 }: ReplayTextStyle): string {
  const safe = toTerminalText(line);
  const text = width === undefined ? safe : cutToWidth(safe, width);
  return utf8 ? text : inAscii(text);
}
