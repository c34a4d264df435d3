import { toTerminalText } from '../terminal-text.ts';
import { cutToWidth } from '../text-width.ts';
import { shortTime } from './short-time.ts';
import { timeTicks } from './time-axis.ts';
import { timelinesOf, waitText } from './timeline.ts';
import type { TimelineRow } from './timeline.ts';
import type { PolicySchedule } from './schedule-view.ts';

const width = 800;
const left = 90;
const top = 70;
const rowHeight = 22;
const barHeight = 10;
const mostRows = 40;
const mostTicks = 10;
const characterWidth = 7;
/** Characters that fit of a name, and of the title. */
const longest = { name: 80, title: 62 };
/** Told apart by people who see few colours (Okabe and Ito), dark enough on white. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#a8588a'];
const ink = '#222222';

/** From seconds to the place on the axis. */
type Axis = (seconds: number) => number;

/**
 * Every attempt of the policies in a row of its own: a mark where it begins, a bar for the nominal wait after it, and a
 * line from the shortest to the longest end of that wait. One axis for all. A document of its own: no scripts, no
 * references to anything. Empty where nobody waits.
 */
export function drawSvg(schedules: readonly PolicySchedule[], title: string): string {
  const timelines = timelinesOf(schedules, mostRows);
  const all = timelines.flatMap(({ rows }) => rows);
  if (all.length === 0) return '';
  const endSeconds = Math.max(...all.map(({ startSeconds, wait }) => startSeconds + (wait?.max ?? 0)));
  const right = Math.max(...all.map((row) => labelOf(row).length)) * characterWidth + 24;
  const plotWidth = width - left - right;
  const x: Axis = (seconds) => left + (seconds / endSeconds) * plotWidth;
  const marks: string[] = [];
  let bottom = top;
  for (const [index, { name, rows }] of timelines.entries()) {
    const colour = colours[index % colours.length] ?? ink;
    if (timelines.length > 1) {
      marks.push(
        text(
          left + 8,
          bottom + 15,
          cutToWidth(toTerminalText(name), longest.name),
          `font-weight="bold" fill="${colour}" ${halo}`,
        ),
      );
      bottom += rowHeight;
    }
    for (const row of rows) {
      marks.push(...rowMarks(row, { x, colour, middle: bottom + rowHeight / 2 }));
      bottom += rowHeight;
    }
  }
  const height = bottom + 90;
  const axisTitle = 'time since the first attempt, if every attempt fails at once';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="${ink}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(left, 28, cutToWidth(toTerminalText(title), longest.title), 'font-size="16" font-weight="bold"'),
    text(left - 14, top - 12, 'attempt', 'text-anchor="end" font-style="italic"'),
    ...axisMarks(endSeconds, { x, bottom }),
    ...marks,
    text(left + plotWidth / 2, bottom + 42, axisTitle, 'text-anchor="middle" font-style="italic"'),
    ...legend(bottom + 70),
    '</svg>',
    '',
  ].join('\n');
}

function axisMarks(endSeconds: number, { x, bottom }: { x: Axis; bottom: number }): string[] {
  const ticks = timeTicks(endSeconds, mostTicks).flatMap((seconds) => [
    line([x(seconds), x(seconds)], [top - 4, bottom], 'stroke="#dddddd"'),
    text(x(seconds), bottom + 18, shortTime(seconds), 'text-anchor="middle"'),
  ]);
  return [...ticks, line([left, x(endSeconds)], [bottom, bottom], `stroke="${ink}"`)];
}

function rowMarks(row: TimelineRow, place: { x: Axis; colour: string; middle: number }): string[] {
  const { x, colour, middle } = place;
  const { startSeconds: start, wait, label, isLeftOut } = row;
  if (isLeftOut) return [text(x(start), middle + 4, labelOf(row), halo)];
  const number = text(left - 14, middle + 4, label, 'text-anchor="end"');
  const labelAt = x(start + (wait?.max ?? 0)) + 8;
  return [
    number,
    ...(wait === undefined ? [] : [bar([x(start), x(start + wait.nominal)], middle, colour)]),
    ...(wait === undefined ? [] : rangeMarks([x(start + wait.min), x(start + wait.max)], middle)),
    attemptMark(x(start), middle),
    text(labelAt, middle + 4, labelOf(row), halo),
  ];
}

/** `200ms (180ms to 220ms)`. */
function labelOf(row: TimelineRow): string {
  const { label, isLeftOut, wait } = row;
  if (isLeftOut) return `… ${label}`;
  if (wait === undefined || wait.min === wait.max) return waitText(row);
  return `${waitText(row)} (${shortTime(wait.min)} to ${shortTime(wait.max)})`;
}

function legend(middle: number): string[] {
  const [attempt, wait, range] = [left, left + 90, left + 290];
  return [
    attemptMark(attempt, middle),
    text(attempt + 12, middle + 4, 'attempt'),
    bar([wait, wait + 24], middle, colours[0] ?? ink),
    text(wait + 32, middle + 4, 'wait after it (nominal)'),
    ...rangeMarks([range, range + 24], middle),
    text(range + 32, middle + 4, 'where jitter may end that wait'),
  ];
}

function attemptMark(x: number, middle: number): string {
  return line([x, x], [middle - 8, middle + 8], `stroke="${ink}" stroke-width="2"`);
}

/** It begins beside the mark of its attempt, and is seen however short it is. */
function bar([from, to]: [number, number], middle: number, colour: string): string {
  const [x, y] = [from + 1, middle - barHeight / 2];
  const length = Math.max(2, to - x);
  return `<rect x="${x.toFixed(1)}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" fill="${colour}"/>`;
}

/** None where it would be no more than a dot. */
function rangeMarks([from, to]: [number, number], middle: number): string[] {
  return to - from < 2 ? [] : [line([from, to], [middle, middle], `stroke="${ink}" stroke-width="2"`)];
}

/** Keeps the lines of the axis out of letters. */
const halo = 'stroke="#ffffff" stroke-width="3" paint-order="stroke"';

function line([x1, x2]: [number, number], [y1, y2]: [number, number], style: string): string {
  return `<line x1="${x1.toFixed(1)}" y1="${y1}" x2="${x2.toFixed(1)}" y2="${y2}" ${style}/>`;
}

function text(x: number, y: number, content: string, style = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y}"${style === '' ? '' : ` ${style}`}>${escapeXml(content)}</text>`;
}

/** Names come from files: markup, what XML does not allow at all and what hides is neutralised. */
function escapeXml(content: string): string {
  const allowed = content.replace(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu,
    '\ufffd',
  );
  return toTerminalText(allowed)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
