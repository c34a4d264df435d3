import type { Reason } from '../errors/reason.ts';
import {
  stageNames,
  type ExplainedOutcome,
  type ExplainedStage,
  type Explanation,
  type StageDetails,
  type StageName,
  type StageOutcome,
} from './explanation.ts';

/** The stages of one signal as they are gone through. */
export class Walk {
  readonly #stages: ExplainedStage[] = [];
  readonly wouldChangeIf: string[] = [];
  readonly alsoStops: string[] = [];

  add<S extends StageName>(stage: S, outcome: StageOutcome, reason: string, details: StageDetails[S]): void {
    this.#stages.push({ stage, outcome, reason, details } as ExplainedStage);
  }

  /** A stage that ends the walk, by the reason that `signal ingest` would give. */
  stop<S extends StageName>(stage: S, reason: Reason, details: StageDetails[S]): void {
    this.add(stage, 'stop', reason.message, { ...details, ...stopFacts(reason) });
  }

  finish<T extends Partial<Explanation>>(
    outcome: ExplainedOutcome,
    facts: T,
  ): T & Pick<Explanation, 'outcome' | 'stages' | 'notRun' | 'alsoStops' | 'wouldChangeIf'> {
    const run = new Set(this.#stages.map(({ stage }) => stage));
    return {
      ...facts,
      outcome,
      stages: this.#stages,
      notRun: stageNames.filter((stage) => !run.has(stage)),
      alsoStops: this.alsoStops,
      wouldChangeIf: this.wouldChangeIf,
    };
  }
}

function stopFacts({ code, hint }: Reason): { code: string; hint?: string } {
  return { code, ...(hint === undefined ? {} : { hint }) };
}
