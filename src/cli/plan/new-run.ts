import path from 'node:path';
import { RemedyError } from '../../errors/remedy-error.ts';
import { parseSets } from '../../plan/placeholders.ts';
import { fillTemplate, templateKeys, type PlanTemplate } from '../../plan/template.ts';
import { templateOf, templates } from '../../plan/templates.ts';
import { writeNewFile } from '../new-file.ts';
import { printDocument } from '../render/document.ts';
import type { Session } from '../session.ts';

export interface NewFlags {
  readonly set?: readonly string[] | undefined;
  /** Where to write the plan; absent: stdout. */
  readonly file?: string | undefined;
  readonly force: boolean;
}

/** Every template with what it is for and the values that it wants. */
export async function listTemplates({ output, render }: Session): Promise<void> {
  const items = templates.map((template) => ({
    name: template.name,
    summary: template.summary,
    actions: template.actions.flatMap((action) => Object.keys(action)),
    values: templateKeys(template),
  }));
  await printDocument(
    output,
    {
      document: { apiVersion: 'remedyctl.dev/v1', kind: 'PlanTemplateList', items },
      rows: items,
      columns: [
        { header: 'TEMPLATE', cell: ({ name }) => name },
        { header: 'WHEN', cell: ({ summary }) => summary },
        { header: 'VALUES', cell: ({ values }) => values.join(', ') },
        { header: 'ACTIONS', cell: ({ actions }) => actions.join(', '), wide: true },
      ],
      name: ({ name }) => name,
    },
    render,
  );
}

/** Writes a plan made of a template. Errors: USAGE, OUTPUT_FAILED. */
export async function newPlan(session: Session, name: string, flags: NewFlags): Promise<void> {
  const template: PlanTemplate = templateOf(name);
  const sets = parseSets(flags.set ?? []);
  if ('problem' in sets) throw new RemedyError('USAGE', sets.problem);
  const text = fillTemplate(template, sets.set);
  if (flags.file === undefined) return session.output.write(text);
  const file = path.resolve(session.runtime.cwd, flags.file);
  await writeNewFile(file, text, { replace: flags.force, elsewhere: '--file' });
  const shown = { apiVersion: 'remedyctl.dev/v1', kind: 'PlanWritten', file, template: name };
  await printDocument(
    session.output,
    { document: shown, rows: [shown], columns: [{ header: 'WROTE', cell: () => file }], name: () => file },
    session.render,
  );
}
