import path from 'node:path';
import { RemedyError } from '../../errors/remedy-error.ts';
import { fillTemplate, filledTemplate, templateKeys, type PlanTemplate } from '../../plan/template.ts';
import { templateOf, templates } from '../../plan/templates.ts';
import { writeNewFile } from '../../files/new-file.ts';
import { sayNext } from '../next-step.ts';
import { printDocument } from '../render/document.ts';
import { wroteColumns } from '../render/program-columns.ts';
import type { TableColumn } from '../render/table.ts';
import type { Session } from '../session.ts';
import { setValues } from './plan-flags.ts';

export interface NewFlags {
  readonly set?: readonly string[] | undefined;
  /** Where to write the plan; absent: stdout. */
  readonly file?: string | undefined;
  readonly force: boolean;
}

/** A line a template. */
export const templateColumns: readonly TableColumn<{
  name: string;
  summary: string;
  actions: readonly string[];
  values: readonly string[];
}>[] = [
  { header: 'TEMPLATE', cell: ({ name }) => name, key: true },
  { header: 'VALUES', cell: ({ values }) => values.join(', '), whole: true, spare: 2 },
  { header: 'ACTIONS', cell: ({ actions }) => actions.join(', '), wide: true },
  { header: 'WHEN', cell: ({ summary }) => summary, wraps: true },
];

/** Every template with what it is for and the values that it wants. Errors: USAGE for what is for one of them. */
export async function listTemplates(session: Session, flags: NewFlags): Promise<void> {
  const given = { set: flags.set !== undefined, file: flags.file !== undefined, force: flags.force };
  const { output, render } = session;
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
      columns: templateColumns,
      name: ({ name }) => name,
    },
    render,
  );
  sayNext(session, 'to see one of them as a plan', ['plan', 'new', 'TEMPLATE']);
}

/** Writes a plan made of a template. Errors: USAGE, INVALID_OPTION, OUTPUT_FAILED. */
export async function newPlan(session: Session, name: string, flags: NewFlags): Promise<void> {
  const template: PlanTemplate = templateOf(name);
  const values = setValues(flags.set);
  if (flags.file === undefined) {
    await printPlan(session, template, values);
    sayNext(session, 'to write it to a file', fileWords(template, flags.set ?? [], values));
    return;
  }
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
    { document: shown, rows: [file], columns: wroteColumns, name: () => file },
    session.render,
  );
  sayNext(session, 'to check it', ['plan', 'validate', flags.file]);
}

/** What is not given yet stands there in capitals, for the person to replace. */
function fileWords(
  template: PlanTemplate,
  given: readonly string[],
  values: ReadonlyMap<string, string>,
): string[] {
  const missing = templateKeys(template).filter((key) => !values.has(key));
  const sets = [...given, ...missing.map((key) => `${key}=${key.toUpperCase()}`)];
  return ['plan', 'new', template.name, ...sets.flatMap((set) => ['--set', set]), '--file', 'plan.yaml'];
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
