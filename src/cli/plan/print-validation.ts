import { problemLine, type ConfigProblem } from '../../documents/config-problem.ts';
import { planHash, shortHash } from '../../plan/hash.ts';
import type { SeenLogin } from '../../plan/seen-logins.ts';
import type { PlanValidation } from '../../plan/validate-plans.ts';
import { exitCodes } from '../exit-codes.ts';
import { printDocument } from '../render/document.ts';
import type { TableColumn } from '../render/table.ts';
import type { Session } from '../session.ts';
import { counted } from '../../text/count.ts';

interface ValidPlan {
  file: string;
  name: string;
  hash: string;
  actions: number;
}

/** A line a plan that is valid. */
export function validationColumns(isWide: boolean): TableColumn<ValidPlan>[] {
  return [
    { header: 'FILE', cell: ({ file }) => file, cutLeft: true },
    { header: 'PLAN', cell: ({ name }) => name, key: true },
    { header: 'ACTIONS', cell: ({ actions }) => String(actions), spare: 2 },
    { header: 'HASH', cell: ({ hash }) => (isWide ? hash : shortHash(hash)), spare: 1 },
  ];
}

/** Says what is wrong with plans, or that nothing is. The exit code: 2 with problems. */
export async function printValidation(
  session: Session,
  { plans, problems, logins }: PlanValidation,
): Promise<number> {
  const { kind } = session.render.format;
  const isForPerson = kind === 'table' || kind === 'wide';
  if (isForPerson) for (const login of logins) session.notices.say(loginLine(login));
  if (isForPerson && problems.length > 0) await printProblems(session, problems);
  else await printPlans(session, { plans, problems, logins });
  return problems.length > 0 ? exitCodes.usage : exitCodes.done;
}

const titles = { pagerduty: 'PagerDuty', ocm: 'OCM', backplane: 'Backplane' } as const;

/** `PagerDuty https://api.pagerduty.com: seen as sre@example.com, role user, by PAGERDUTY_TOKEN`. */
function loginLine({ system, url, source, as, role, problem }: SeenLogin): string {
  const where = url === undefined ? titles[system] : `${titles[system]} ${url}`;
  const unknown = problem === undefined ? 'signed in, as nobody by name' : `not known as whom (${problem})`;
  const who = as === undefined ? unknown : `seen as ${as}${role === undefined ? '' : `, role ${role}`}`;
  return `${where}: ${who}, by ${source}`;
}

async function printProblems({ output, paint }: Session, problems: readonly ConfigProblem[]): Promise<void> {
  const { toTerminalText } = await import('../terminal-text.ts');
  const lines = problems.map((problem) => `${toTerminalText(problemLine(problem))}\n`);
  const count = counted(problems.length, 'problem');
  await output.write(`${lines.join('')}${paint.bold(count)}\n`);
}

async function printPlans(
  { output, render }: Session,
  { plans, problems, logins }: PlanValidation,
): Promise<void> {
  const rows = plans.map(({ file, plan }) => ({
    file,
    name: plan.name,
    hash: planHash(plan),
    actions: plan.actions.length,
  }));
  const document = {
    apiVersion: 'remedyctl.dev/v1',
    kind: 'PlanValidation',
    valid: problems.length === 0,
    plans: rows,
    problems: problems.map(({ file, line, column, field, message, suggestion, where }) => ({
      ...(file === undefined ? { where } : { file }),
      ...(line === undefined ? {} : { line, column }),
      ...(field === undefined ? {} : { field }),
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    })),
    ...(logins.length === 0 ? {} : { logins }),
  };
  await printDocument(
    output,
    {
      document,
      rows,
      columns: validationColumns(render.format.kind === 'wide'),
      name: ({ name }) => `plan/${name}`,
    },
    render,
  );
}
