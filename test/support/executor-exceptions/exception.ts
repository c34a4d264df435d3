import type { Case, GivenAction, Rule } from '../executor-cases/case.ts';
import type { Run, Step } from '../executor-cases/sent.ts';

/** A case with what the reference made of it. */
export interface Facts {
  readonly one: Case;
  readonly reference: Run;
}

/** What remedyctl made of it, not refused. */
export interface Done {
  readonly one: Case;
  readonly run: Extract<Run, { refused: false }>;
  /** Whether writes whose sender cannot know it have taken effect. */
  readonly landed: boolean;
}

/** A rule of docs/executor-semantics.md that wants something else than the reference does. */
export interface ExecutorException {
  /** Section of docs/executor-semantics.md, and in our words what the reference gets wrong. */
  readonly row: string;
  /** What remedyctl does instead. */
  readonly instead: string;
  /** Whether it decides this case, by what is in the case. */
  readonly concerns: (facts: Facts) => boolean;
  /** The plan is refused, nothing is sent. */
  readonly refuses?: true;
  /** What `instead` says, of the run itself; the whole run is compared with the rules beside. */
  readonly holds?: (done: Done) => boolean;
}

export function actionsOf({ one }: { one: Case }): readonly GivenAction[] {
  return one.actions ?? [];
}

export function has(facts: { one: Case }, type: string): boolean {
  return actionsOf(facts).some((action) => action.type === type);
}

/** The steps that the reference has sent something for. */
export function sentSteps({ reference }: Facts): readonly Step[] {
  return reference.refused ? [] : reference.steps.filter(({ requests }) => requests.length > 0);
}

/** Scripted answers that a write meets. */
export function writeRules({ one }: { one: Case }): readonly Rule[] {
  return one.script.filter(({ match = '' }) => !match.startsWith('GET'));
}

export function steps({ run }: Done, type: string): readonly Step[] {
  return run.steps.filter((step) => step.type === type);
}

export function writes(step: Step): number {
  return step.requests.filter(({ method }) => method !== 'GET').length;
}

export function reads(step: Step): number {
  return step.requests.length - writes(step);
}
