import type { ReportHead } from '../backplane/backplane-client.ts';
import type { CallOptions } from '../http/remote-request.ts';
import { reportLine } from '../plan/notes.ts';
import { reportPayload } from '../plan/payloads.ts';
import type { PlannedActionOf } from '../plan/plan.ts';
import type { EffectContext } from './effect-context.ts';
import { mayBeOurs, type Done, type Effect, type Search } from './effect.ts';
import type { Content } from './journal-entry.ts';

/** How many of a cluster's newest reports are looked through. */
const newest = 50;

/** Makes a report; a lost one is found again by its summary and data. */
export function reportEffect(
  action: PlannedActionOf<'backplane_report'>,
  context: EffectContext,
  kept: Content | undefined,
): Effect {
  const { clusterId } = action;
  const sentAt = new Date(context.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const rendered = reportPayload(action, { notes: context.notesText(), sentAt });
  const { summary, data } = { summary: kept?.summary ?? rendered.summary, data: kept?.text ?? rendered.data };
  const made = (reportId: string): Done => ({
    outcome: 'succeeded',
    id: reportId === '' ? undefined : reportId,
    lines: [reportLine(clusterId, reportId)],
  });
  /** A list shows no data, so each candidate has to be read. */
  const find = async (search: Search, call: CallOptions): Promise<ReportHead | undefined> => {
    const backplane = await context.clients.backplane();
    for (const head of await backplane.listReports(clusterId, newest, call)) {
      if (head.summary !== summary || search.taken.has(head.reportId)) continue;
      if (!mayBeOurs(head.createdAt, search)) continue;
      const report = await backplane.getReport(clusterId, head.reportId, call);
      if (report.data === data) return head;
    }
    return undefined;
  };
  return {
    content: { text: data, summary },
    send: async (call) => {
      const backplane = await context.clients.backplane();
      return made((await backplane.createReport(clusterId, { summary, data }, call)).reportId);
    },
    lookUp: async (search, call) => {
      const ours = await find(search, call);
      return ours === undefined ? 'absent' : made(ours.reportId);
    },
  };
}
