import path from 'node:path';
import { RemedyError } from '../../errors/remedy-error.ts';
import { fillTemplate, filledTemplate, templateKeys, type PlanTemplate } from '../../plan/template.ts';
import { templateOf, templates } from '../../plan/templates.ts';
import { writeNewFile } from '../../files/new-file.ts';
import { printDocument } from '../render/document.ts';
import type { Session } from '../session.ts';
import { setValues } from './plan-flags.ts';

export interface NewFlags {
  readonly set?: readonly string[] | undefined;
  /** Where to write the plan; absent: stdout. */
  readonly file?: string | undefined;
  readonly force: boolean;
}

/** Every template with what it is for and the values that it wants. Errors: USAGE for what is for one of them. */
export async function listTemplates({ output, render }: Session, flags: NewFlags): Promise<void> {
  const given = { set: flags.set !== undefined, file: flags.file !== undefined, force: flags.force };
  const idle = Object.entries(given).find(([, isGiven]) => isGiven);
  if (idle !== undefined) {
    throw new RemedyError('USAGE', `--${idle[0]} is for a template: name one`, {
      hint: 'remedyctl plan new lists them',
    });
  }
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

/** Writes a plan made of a template. Errors: USAGE, INVALID_OPTION, OUTPUT_FAILED. */
export async function newPlan(session: Session, name: string, flags: NewFlags): Promise<void> {
  const template: PlanTemplate = templateOf(name);
  const values = setValues(flags.set);
  if (flags.file === undefined) return printPlan(session, template, values);
  const text = fillTemplate(template, values);
  const file = path.resolve(session.runtime.cwd, flags.file);
  await writeNewFile(file, text, {
    random: session.runtime.random,
    replace: flags.force,
    option: 'file',
  });
  const shown = { apiVersion: 'remedyctl.dev/v1', kind: 'PlanWritten', file, template: name };
  await printDocument(
    session.output,
    { document: shown, rows: [shown], columns: [{ header: 'WROTE', cell: () => file }], name: () => file },
    session.render,
  );
}

/** As a file for a person, with its comments; as a document where one was asked for. */
async function printPlan(
  { output, render }: Session,
  template: PlanTemplate,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  const { kind } = render.format;
  if (kind === 'table' || kind === 'wide' || kind === 'yaml') {
    return output.write(fillTemplate(template, values));
  }
  const document = filledTemplate(template, values);
  const name = (): string => `plan/${template.name}`;
  await printDocument(output, { document, rows: [document], columns: [], name }, render);
}
