/** Plans to start from: one for each way in which the investigations of missing clusters and of monitoring end. */
import { nearest } from '../text/nearest.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { chgmTemplates } from './templates-chgm.ts';
import { monitoringTemplates } from './templates-monitoring.ts';
import type { PlanTemplate } from './template.ts';

/** Every template, those of missing clusters first. */
export const templates: readonly PlanTemplate[] = [...chgmTemplates, ...monitoringTemplates];

/** Errors: INVALID_OPTION, with the nearest name. */
export function templateOf(name: string): PlanTemplate {
  const found = templates.find((template) => template.name === name);
  if (found !== undefined) return found;
  const close = nearest(
    name,
    templates.map((template) => template.name),
  );
  throw new RemedyError('INVALID_OPTION', `there is no template ${JSON.stringify(name)}`, {
    hint: close === undefined ? 'remedyctl plan new lists them' : `did you mean ${close}?`,
  });
}
