import type { Plan } from '../../plan/plan.ts';
import { previewPlan, type PlanPreview } from '../../plan-run/preview.ts';
import { printDocument } from '../render/document.ts';
import type { Session } from '../session.ts';
import { requestSettings, type RequestSettings } from '../../plan/request-settings.ts';
import { ownSettingsFindings } from '../../plan/settings-findings.ts';

/** Prints what plans would send. Returns how many settings of their own are not there, each of which it says. */
export async function printPreviews(session: Session, plans: readonly Plan[]): Promise<number> {
  const settings = requestSettings(session.config.values, session.runtime.version);
  await printPreviewsWith(session, plans, settings);
  const missing = new Set(
    plans.flatMap((plan) => ownSettingsFindings(plan, settings).map(({ message }) => message)),
  );
  for (const message of missing) session.notices.warn(`not configured: the plan ${message}`);
  return missing.size;
}

async function printPreviewsWith(
  session: Session,
  plans: readonly Plan[],
  settings: RequestSettings,
): Promise<void> {
  const previews = plans.map((plan) => previewPlan(plan, settings));
  const { output, render } = session;
  if (session.ownFormat === 'markdown') {
    const { previewMarkdown } = await import('./preview-markdown.ts');
    return output.write(previews.map(previewMarkdown).join('\n'));
  }
  if (render.format.kind === 'table' || render.format.kind === 'wide') {
    const { previewText } = await import('./preview-text.ts');
    const texts = await Promise.all(previews.map((preview) => previewText(preview, render)));
    return output.write(texts.join('\n'));
  }
  await printDocument(
    output,
    {
      document: documentOf(previews),
      rows: previews,
      columns: [],
      name: ({ plan }) => `plan/${plan.name}`,
      lines: previews,
    },
    render,
  );
}

/** One plan is a document of its own; several are a list. */
function documentOf(previews: readonly PlanPreview[]): object {
  const [first, second] = previews;
  if (first !== undefined && second === undefined) return first;
  return { apiVersion: 'remedyctl.dev/v1', kind: 'PlanPreviewList', items: previews };
}
