import { problemLine, type ConfigProblem } from '../../config/config-problem.ts';
import { planHash, shortHash } from '../../plan/hash.ts';
import type { PlanFinding } from '../../plan/plan-checks.ts';
import { settingsFindings } from '../../plan/settings-findings.ts';
import { exitCodes } from '../exit-codes.ts';
import { printDocument } from '../render/document.ts';
import type { Session } from '../session.ts';
import { readPlanFiles, type LoadedPlan } from './load-plans.ts';
import { credentialPresence, requestSettings } from './request-settings.ts';

export interface ValidateFlags {
  readonly set?: readonly string[] | undefined;
  /** Only what stands in the files; not whether this machine could run them. */
  readonly 'files-only': boolean;
  /** Also what the systems say about cluster, incident and permissions. */
  readonly online: boolean;
}

/** Says what is wrong with plans, or that nothing is. The exit code: 2 with findings. */
export async function validatePlans(
  session: Session,
  inputs: readonly string[],
  flags: ValidateFlags,
): Promise<number> {
  const { plans, problems } = await readPlanFiles(session.runtime, inputs, flags);
  if (!flags['files-only']) problems.push(...(await machineProblems(session, plans)));
  if (flags.online) problems.push(...(await systemProblems(session, plans)));
  await printValidation(session, plans, problems);
  return problems.length > 0 ? exitCodes.usage : exitCodes.done;
}

async function machineProblems(session: Session, plans: readonly LoadedPlan[]): Promise<ConfigProblem[]> {
  if (plans.length === 0) return [];
  const settings = requestSettings(session);
  const { present, problems } = await credentialPresence(session);
  const findings = plans.flatMap((loaded) =>
    settingsFindings(loaded.plan, settings, present).map((finding) => placed(finding, loaded)),
  );
  return [...problems.map((message) => ({ where: 'credentials', message })), ...findings];
}

async function systemProblems(session: Session, plans: readonly LoadedPlan[]): Promise<ConfigProblem[]> {
  const { askSystems } = await import('./ask-systems.ts');
  const found = await askSystems(
    session,
    plans.map(({ plan }) => plan),
  );
  return plans.flatMap((loaded, place) => (found[place] ?? []).map((finding) => placed(finding, loaded)));
}

function placed({ index, message }: PlanFinding, { file, plan }: LoadedPlan): ConfigProblem {
  const action = plan.actions.find((one) => one.index === index);
  const about = action === undefined ? '' : `: action ${action.index} ${action.type}`;
  const field = { field: `${plan.name}${about}` };
  return { where: file, file, ...field, message };
}

async function printValidation(
  { output, render, paint }: Session,
  plans: readonly LoadedPlan[],
  problems: readonly ConfigProblem[],
): Promise<void> {
  const valid = problems.length === 0;
  const rows = plans.map(({ file, plan }) => ({
    file,
    name: plan.name,
    hash: planHash(plan),
    actions: plan.actions.length,
  }));
  const { kind } = render.format;
  if (!valid && (kind === 'table' || kind === 'wide')) {
    const { toTerminalText } = await import('../terminal-text.ts');
    const lines = problems.map((problem) => `${toTerminalText(problemLine(problem))}\n`);
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    return output.write(`${lines.join('')}${paint.bold(count)}\n`);
  }
  const document = {
    apiVersion: 'remedyctl.dev/v1',
    kind: 'PlanValidation',
    valid,
    plans: rows,
    problems: problems.map(({ file, line, column, field, message, suggestion, where }) => ({
      ...(file === undefined ? { where } : { file }),
      ...(line === undefined ? {} : { line, column }),
      ...(field === undefined ? {} : { field }),
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    })),
  };
  await printDocument(
    output,
    {
      document,
      rows,
      columns: [
        { header: 'FILE', cell: ({ file }) => file },
        { header: 'PLAN', cell: ({ name }) => name },
        { header: 'ACTIONS', cell: ({ actions }) => String(actions) },
        { header: 'HASH', cell: ({ hash }) => (render.format.kind === 'wide' ? hash : shortHash(hash)) },
      ],
      name: ({ name }) => `plan/${name}`,
    },
    render,
  );
}
