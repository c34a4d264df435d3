import type { RequestStorm } from '../../retry/request-storm.ts';
import { shortTime } from './short-time.ts';
import { tickLine, timeTicks } from './time-axis.ts';
import type { ChartStyle } from './timeline-text.ts';

const height = 8;
const narrowestPlot = 16;
const tickColumns = 8;

const frame = { corner: '└', axis: '─', side: '│' };
const asciiFrame: typeof frame = { corner: '+', axis: '-', side: '|' };

/** From an empty cell to a full one. */
const utf8Levels = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const asciiLevels = [' ', '.', ':', '#'];

/** Requests over time in columns, each as high as the most in a tenth of a second; empty where all came at once. */
export function drawStorm({ requests, peak }: RequestStorm, { width, utf8 }: ChartStyle): string {
  const endSeconds = requests.at(-1)?.atSeconds ?? 0;
  if (endSeconds === 0) return '';
  const margin = String(peak).length;
  const plot = Math.max(narrowestPlot, width - margin - 1);
  const column = (seconds: number): number => Math.round((seconds / endSeconds) * (plot - 1));
  const heights = Array.from({ length: plot }, () => 0);
  for (const { atSeconds, requests: count } of requests) {
    const at = column(atSeconds);
    heights[at] = Math.max(heights[at] ?? 0, count);
  }
  const { corner, axis, side } = utf8 ? frame : asciiFrame;
  const rows = Array.from({ length: height }, (_, row) => {
    const cells = heights.map((count) => cell((count / peak) * height - (height - 1 - row), utf8));
    return `${(row === 0 ? String(peak) : '').padStart(margin)}${side}${cells.join('')}`;
  });
  const most = Math.max(2, Math.floor(plot / tickColumns));
  const labels = timeTicks(endSeconds, most).map((seconds) => ({
    column: column(seconds),
    text: shortTime(seconds),
  }));
  return [
    'requests in 100ms, over the time since the first one',
    ...rows,
    `${'0'.padStart(margin)}${corner}${axis.repeat(plot)}`,
    `${' '.repeat(margin + 1)}${tickLine(labels, plot)}`,
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** `filled`: how much of the cell, in cells; what is not nothing is seen. */
function cell(filled: number, utf8: boolean): string {
  const levels = utf8 ? utf8Levels : asciiLevels;
  const share = Math.min(1, Math.max(0, filled));
  return levels[Math.ceil(share * (levels.length - 1))] ?? ' ';
}
