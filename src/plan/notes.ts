/** The notes of a run, as an incident's readers know them: a header, then one line for each thing found or done. */
import type { LimitedSupport, NoteLine, PlannedActionOf, ServiceLog } from './plan.ts';

const marks = { success: '✅', warning: '⚠️', automation: '🤖' } as const;
const ruleLength = 27;

/** The first two lines. */
function notesHeader(title: string): string {
  return `🤖 Automated ${title} pre-investigation 🤖\n${'='.repeat(ruleLength)}\n`;
}

/** One line, with its end. */
function noteLineText({ kind, text }: NoteLine): string {
  return kind === 'section' ? `\n## ${text}\n` : `${marks[kind]} ${text}\n`;
}

/** Notes that grow while a plan runs. Lines are only ever added, and the text is made when it is asked for. */
export class NoteCollector {
  readonly #title: string;
  readonly #lines: NoteLine[];

  constructor(title: string, lines: readonly NoteLine[] = []) {
    this.#title = title;
    this.#lines = [...lines];
  }

  /** One more line, at the end. */
  add(line: NoteLine): void {
    this.#lines.push(line);
  }

  get lines(): readonly NoteLine[] {
    return this.#lines;
  }

  /** The header and every line, each with its mark. */
  text(): string {
    return notesHeader(this.#title) + this.#lines.map(noteLineText).join('');
  }
}

/** What the notes say once a remedy was sent. */
export function sentLine(action: ServiceLog | LimitedSupport): NoteLine {
  const what = action.type === 'service_log' ? 'SL' : 'LS';
  return { kind: 'automation', text: `Sent ${what}: '${action.summary}'` };
}

/** What the notes say once a report was made. */
export function reportLine(clusterId: string, reportId: string): NoteLine {
  return {
    kind: 'automation',
    text: `CAD created a cluster report, access it with the following command:\nosdctl cluster reports get --cluster-id ${clusterId} --report-id ${reportId}`,
  };
}

/** What the notes say about why the incident is silenced or escalated; nothing without a reason. */
export function reasonLine(
  action: Pick<PlannedActionOf<'silence_incident' | 'escalate_incident'>, 'type' | 'reason'>,
): NoteLine | undefined {
  if (action.reason === undefined || action.reason === '') return undefined;
  const what = action.type === 'silence_incident' ? 'Silencing' : 'Escalating';
  return { kind: 'automation', text: `${what} the incident: ${action.reason}` };
}
