import type { ChalkInstance } from 'chalk';
import type { CheckResult, CheckStatus } from '../../doctor/check.ts';
import type { DoctorReport } from '../../doctor/doctor-report.ts';
import { toTerminalText } from '../terminal-text.ts';
import { padToWidth, textWidth } from '../text-width.ts';
import type { TableColumn } from './table.ts';
import { wrapText } from './wrapped-text.ts';
import { counted } from '../../text/count.ts';

export interface DoctorStyle {
  /** Columns to keep messages within; undefined wraps nothing. */
  maxWidth: number | undefined;
  /** Marks in place of words. */
  symbols: boolean;
  paint: ChalkInstance;
  /** `all`: every check; `failed`: nothing else. Default: what is not well in full, the rest a line a group. */
  detail?: 'all' | 'failed' | undefined;
}

const symbols: Readonly<Record<CheckStatus, string>> = { ok: '✓', warn: '!', fail: '✗', skip: '-' };
const words: Readonly<Record<CheckStatus, string>> = { ok: 'ok', warn: 'warn', fail: 'FAIL', skip: 'skip' };
const gap = '  ';
const leastMessageWidth = 20;

/** For people: what is not well and what to do about it, then what is well, and a line that sums up. */
export function doctorText(report: DoctorReport, style: DoctorStyle): string {
  const { checks, summary } = report;
  const failed = checks.filter(({ status }) => status === 'fail');
  if (style.detail === 'failed') return troubleText('FAILED', failed, style);
  const blocks =
    style.detail === 'all'
      ? [groupsText(report, style)]
      : [
          troubleText('FAILED', failed, style),
          troubleText(
            'WARNINGS',
            checks.filter(({ status }) => status === 'warn'),
            style,
          ),
          wellText(checks, style),
        ];
  const { total, ok, warn, fail, skip } = summary;
  const counts = `${counted(total, 'check')}: ${ok} ok, ${counted(warn, 'warning')}, ${fail} failed${skip === 0 ? '' : `, ${skip} skipped`}`;
  const lines = [...blocks.filter((block) => block !== ''), paintStatus(worst(summary), style.paint)(counts)];
  return `${lines.join('\n')}\n`;
}

/** Checks by their whole names, each with what to do. */
function troubleText(title: string, checks: readonly CheckResult[], style: DoctorStyle): string {
  if (checks.length === 0) return '';
  const named = checks.map((check) => ({ ...check, name: `${check.group}: ${check.name}` }));
  const nameWidth = Math.max(...named.map(({ name }) => textWidth(toTerminalText(name))));
  const lines = named.flatMap((check) => [
    ...checkLines(check, nameWidth, style),
    ...fixLines(check, style.paint),
  ]);
  return `${[style.paint.bold(title), ...lines].join('\n')}\n`;
}

/** A line for each group in which something is well or was skipped. */
function wellText(checks: readonly CheckResult[], style: DoctorStyle): string {
  const groups = byGroup(checks.filter(({ status }) => status === 'ok' || status === 'skip'));
  if (groups.length === 0) return '';
  const nameWidth = Math.max(...groups.map(([first]) => textWidth(first?.group ?? '')));
  const lines = groups.flatMap((group) => {
    const well = group.filter(({ status }) => status === 'ok').length;
    const reasons = [
      ...new Set(group.filter(({ status }) => status === 'skip').map(({ message }) => message)),
    ];
    const skipped =
      group.length - well === 0 ? [] : [`${group.length - well} skipped: ${reasons.join('; ')}`];
    const message = [...(well === 0 ? [] : [`${well} ok`]), ...skipped].join(', ');
    const status = well === 0 ? 'skip' : 'ok';
    return checkLines({ name: group[0]?.group ?? '', status, message }, nameWidth, style);
  });
  return `${lines.join('\n')}\n`;
}

/** Every check under its group. */
function groupsText({ checks }: DoctorReport, style: DoctorStyle): string {
  const { paint } = style;
  const shown = byGroup(checks).map(foldSkipped);
  const nameWidth = Math.max(...shown.flat().map(({ name }) => textWidth(toTerminalText(name))));
  const blocks = shown.map((group) => {
    const lines = group.flatMap((check) => [
      ...checkLines(check, nameWidth, style),
      ...fixLines(check, paint),
    ]);
    return [paint.bold((group[0]?.group ?? '').toUpperCase()), ...lines, ''].join('\n');
  });
  return blocks.join('\n');
}

function byGroup(checks: readonly CheckResult[]): CheckResult[][] {
  const groups = new Map<string, CheckResult[]>();
  for (const check of checks) {
    const known = groups.get(check.group);
    if (known === undefined) groups.set(check.group, [check]);
    else known.push(check);
  }
  return [...groups.values()];
}

/** Several that were skipped for one reason take one line. */
function foldSkipped(checks: CheckResult[]): CheckResult[] {
  const alike = (check: CheckResult): CheckResult[] =>
    checks.filter(({ status, message }) => status === 'skip' && message === check.message);
  return checks.flatMap((check) => {
    const same = check.status === 'skip' ? alike(check) : [check];
    if (same.length < 2) return [check];
    return same[0] === check ? [{ ...check, name: counted(same.length, 'check') }] : [];
  });
}

function worst(summary: DoctorReport['summary']): CheckStatus {
  if (summary.fail > 0) return 'fail';
  return summary.warn > 0 ? 'warn' : 'ok';
}

function checkLines(
  { name, status, message }: Pick<CheckResult, 'name' | 'status' | 'message'>,
  nameWidth: number,
  style: DoctorStyle,
): string[] {
  const mark = style.symbols ? symbols[status] : words[status].padEnd(4);
  const head = `${gap}${paintStatus(status, style.paint)(mark)} ${padToWidth(toTerminalText(name), nameWidth)}${gap}`;
  const indent = gap.length + textWidth(mark) + 1 + nameWidth + gap.length;
  const width =
    style.maxWidth === undefined ? undefined : Math.max(style.maxWidth - indent, leastMessageWidth);
  const [first = '', ...rest] = wrapText(toTerminalText(message), width);
  return [`${head}${first}`.trimEnd(), ...rest.map((line) => ' '.repeat(indent) + line)];
}

/** A step a line, never broken: a command must be there to be copied. */
function fixLines({ status, fix }: CheckResult, paint: ChalkInstance): string[] {
  if (fix === undefined || status === 'ok') return [];
  return fix.split('\n').map((step) => `      ${paint.cyan(`> ${toTerminalText(step)}`)}`);
}

function paintStatus(status: CheckStatus, paint: ChalkInstance): (text: string) => string {
  switch (status) {
    case 'ok':
      return (text) => paint.green(text);
    case 'warn':
      return (text) => paint.yellow(text);
    case 'fail':
      return (text) => paint.red(text);
    case 'skip':
      return (text) => paint.dim(text);
  }
}

/** For `-o wide`, where a line is a row. */
export const doctorColumns: readonly TableColumn<CheckResult>[] = [
  { header: 'STATUS', cell: ({ status }) => words[status], key: true },
  { header: 'GROUP', cell: ({ group }) => group },
  { header: 'CHECK', cell: ({ name }) => name, key: true },
  { header: 'MESSAGE', cell: ({ message }) => message },
  { header: 'FIX', cell: ({ status, fix }) => (status === 'ok' ? undefined : fix?.split('\n').join('; ')) },
];
