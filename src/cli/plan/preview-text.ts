/** A preview for a person: what it is about, the actions in a table, then every request in full. */
import {
  atRun,
  type PlanPreview,
  type PreviewedAction,
  type PreviewRequest,
} from '../../plan-run/preview.ts';
import { wholeTable, type TableColumn } from '../render/table.ts';
import type { RenderOptions } from '../render/document.ts';
import { toTerminalText } from '../terminal-text.ts';
import { counted } from '../../text/count.ts';

const treatments = { run: 'run', skipped_mode: 'skipped (mode)', intercepted: 'intercepted' } as const;

/** The actions of a plan that is shown. */
export const previewColumns: readonly TableColumn<PreviewedAction>[] = [
  { header: '#', cell: ({ index }) => String(index), key: true },
  { header: 'PHASE', cell: ({ phase }) => String(phase), spare: 1 },
  { header: 'ACTION', cell: ({ type }) => type, key: true },
  { header: 'WILL', cell: ({ treatment }) => treatments[treatment], key: true },
  { header: 'SYSTEM', cell: ({ system }) => system, spare: 3 },
  { header: 'AUDIENCE', cell: ({ audience }) => audience },
  { header: 'NEEDS', cell: ({ dependsOn }) => dependsOn.join(', '), spare: 2 },
  {
    header: 'REPLACES',
    cell: ({ replaces }) => (replaces === undefined ? '' : String(replaces)),
    wide: true,
  },
  { header: 'COUNTS', cell: ({ metric }) => metric, wide: true },
];

export async function previewText(preview: PlanPreview, { format, table }: RenderOptions): Promise<string> {
  const isWide = format.kind === 'wide';
  const shown = previewColumns.filter(({ wide }) => isWide || wide !== true);
  const style = isWide ? { ...table, maxWidth: undefined } : table;
  const lines = [
    ...headLines(preview).map(toTerminalText),
    '',
    (await wholeTable(shown, preview.actions, style)).trimEnd(),
    ...beforeLines(preview),
    ...preview.actions.flatMap(actionLines),
  ];
  return `${lines.join('\n')}\n`;
}

/** What the plan is, line by line. */
function headLines({ plan, mode, cluster, incident, options }: PlanPreview): string[] {
  const order = options.concurrent ? 'phase 1 at once, then phase 2 in order' : 'one after another';
  const retries = counted(options.maxRetries, 'retry', 'retries');
  const stop = options.stopOnError ? ', stops at the first failure' : '';
  const name = [cluster?.name, cluster?.product].filter((part) => part !== undefined).join(', ');
  return [
    `plan      ${plan.name}`,
    `hash      ${plan.hash}`,
    `mode      ${mode}${options.infraCluster ? ', infrastructure cluster' : ''}`,
    `order     ${order}, ${retries}${stop}`,
    ...(cluster === undefined ? [] : [`cluster   ${cluster.id}${name === '' ? '' : ` (${name})`}`]),
    ...(incident === undefined ? [] : [`incident  ${incident.id}`]),
  ];
}

/** What is asked before the run begins. */
function beforeLines({ before }: PlanPreview): string[] {
  return before.flatMap((request, index) => [
    '',
    `before the run, question ${index + 1} of ${before.length}`,
    ...requestLines(request).map((line) => `  ${toTerminalText(line)}`.trimEnd()),
  ]);
}

function actionLines(action: PreviewedAction): string[] {
  const { metric } = action;
  const counts =
    metric === undefined
      ? []
      : ['', toTerminalText(`${action.index} ${action.type}, done, counts ${metric}`)];
  return [...requestsLines(action), ...counts];
}

function requestsLines(action: PreviewedAction): string[] {
  return action.requests.flatMap((request, index) => [
    '',
    `${action.index} ${action.type}${action.requests.length > 1 ? `, request ${index + 1} of ${action.requests.length}` : ''}`,
    ...requestLines(request).map((line) => `  ${toTerminalText(line)}`.trimEnd()),
    ...textLines(action, request).map((line) => `  ${toTerminalText(line)}`.trimEnd()),
  ]);
}

/** What a report says, which its body holds as base64, and a note of several lines, which stands in one there. */
export function textLines({ type }: PreviewedAction, { body }: PreviewRequest): string[] {
  if (type === 'backplane_report') return reportLines(body?.['data']);
  return type === 'pagerduty_note' ? noteLines(body?.['note']) : [];
}

function reportLines(data: unknown): string[] {
  if (typeof data !== 'string' || data === atRun) return [];
  return ['', 'its data:', ...Buffer.from(data, 'base64').toString('utf8').trimEnd().split('\n')];
}

function noteLines(note: unknown): string[] {
  const content = (note as { content?: unknown } | undefined)?.content;
  if (typeof content !== 'string' || !content.trimEnd().includes('\n')) return [];
  return ['', 'its content:', ...content.trimEnd().split('\n')];
}

/** A request as HTTP has it, with its body as indented JSON; no line holds a line end. */
export function requestLines({ method, url, headers, body }: PreviewRequest): string[] {
  return [
    `${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['', ...JSON.stringify(body, null, 2).split('\n')]),
  ];
}
