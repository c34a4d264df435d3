/** A preview to paste into a ticket. Text of a plan stands in code only, so that it is never markup. */
import type { PlanPreview, PreviewedAction } from '../../plan-run/preview.ts';
import { toTerminalText } from '../terminal-text.ts';
import { requestLines, textLines } from './preview-text.ts';

export function previewMarkdown(preview: PlanPreview): string {
  const { plan, mode, cluster, incident, actions } = preview;
  const facts = [
    ['Hash', plan.hash],
    ['Mode', preview.options.infraCluster ? `${mode}, infrastructure cluster` : mode],
    ['Cluster', cluster?.id],
    ['Incident', incident?.id],
  ].flatMap(([name = '', value]) => (value === undefined ? [] : [`- ${name}: ${code(value)}`]));
  return [
    `# Plan ${code(plan.name)}`,
    '',
    ...facts,
    '',
    '| # | Phase | Action | Will | System | Audience | Needs | Counts |',
    '| - | - | - | - | - | - | - | - |',
    ...actions.map(tableRow),
    ...beforeSection(preview),
    ...actions.flatMap(section),
    '',
  ].join('\n');
}

function tableRow(action: PreviewedAction): string {
  const { index, phase, type, treatment, system, audience, dependsOn, metric } = action;
  const counts = metric === undefined ? '' : code(metric);
  const cells = [index, phase, code(type), treatment, system, audience, dependsOn.join(', '), counts];
  // a bar ends a cell even inside of code
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}

function beforeSection({ before }: PlanPreview): string[] {
  if (before.length === 0) return [];
  const text = before.map((request) => requestLines(request).map(toTerminalText).join('\n'));
  return ['', '## Asked before the run', ...text.flatMap((one) => ['', ...fenced(one)])];
}

function section(action: PreviewedAction): string[] {
  if (action.requests.length === 0) return [];
  const text = action.requests.map((request) =>
    [...requestLines(request), ...textLines(action, request)].map(toTerminalText).join('\n'),
  );
  return ['', `## ${action.index} ${action.type}`, ...text.flatMap((one) => ['', ...fenced(one)])];
}

/** Behind a fence that is longer than any in the text. */
function fenced(text: string): string[] {
  const fence = '`'.repeat(Math.max(3, longestTicks(text) + 1));
  return [`${fence}http`, text, fence];
}

/** One line of code; CommonMark takes one space off each end where there are ticks. */
function code(text: string): string {
  const line = toTerminalText(text);
  const ticks = '`'.repeat(longestTicks(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

function longestTicks(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
