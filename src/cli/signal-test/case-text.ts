import type { ChalkInstance } from 'chalk';
import type { CaseResult, CaseSummary } from '../../signal-test/case-result.ts';
import { wrapText } from '../render/wrapped-text.ts';
import { toTerminalText } from '../terminal-text.ts';
import { counted } from '../../text/count.ts';

export interface CaseTextStyle {
  paint: ChalkInstance;
  /** Columns to keep within; undefined wraps nothing. */
  maxWidth: number | undefined;
}

const words = { passed: 'ok', differs: 'DIFFERS', updated: 'updated', invalid: 'INVALID' } as const;
const colours = { passed: 'green', differs: 'red', updated: 'yellow', invalid: 'red' } as const;

/** A line for each case, and under it each expectation that did not hold. */
export function caseText(result: CaseResult, style: CaseTextStyle): string {
  const { outcome, file, line, name, differences, problem } = result;
  const word = style.paint[colours[outcome]](words[outcome]);
  const lines = [`${word}  ${toTerminalText(`${file}:${line}`)}  ${toTerminalText(name)}`];
  if (problem !== undefined) lines.push(...indented(problem, style, 4));
  for (const difference of differences) lines.push(...differenceLines(difference, style));
  return `${lines.join('\n')}\n`;
}

function differenceLines(
  { path, line, column, ...sides }: CaseResult['differences'][number],
  style: CaseTextStyle,
): string[] {
  const { paint } = style;
  const shown = (value: unknown): string => (value === undefined ? '(nothing)' : JSON.stringify(value));
  return [
    ...indented(`${path}  (${line}:${column})`, style, 4),
    ...indented(`expected  ${shown(sides.expected)}`, style, 6).map((text) => paint.green(text)),
    ...indented(`got       ${shown(sides.got)}`, style, 6).map((text) => paint.red(text)),
  ];
}

function indented(text: string, { maxWidth }: CaseTextStyle, by: number): string[] {
  const indent = ' '.repeat(by);
  const width = maxWidth === undefined ? undefined : maxWidth - by;
  return wrapText(toTerminalText(text), width).map((line) => indent + line);
}

/** The line under the cases. */
export function caseSummaryLine({ total, ...outcomes }: CaseSummary): string {
  const counts = Object.entries(outcomes).filter(([, count]) => count > 0);
  const cases = counted(total, 'case');
  return `${cases}: ${counts.map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`;
}
