/**
 * What docs/executor-semantics.md makes of a case: the order by dependency, the modes, the attempts at each action,
 * what a failed remedy does to a silence, what the notes say. Written from the rules, not from the executor that it judges.
 */
import type { Case, GivenAction } from './case.ts';
import { isHeldBack, isOfPagerDuty, isRemedyType } from './reference-run.ts';
import { RuledStep, type RuledWorld } from './ruled-step.ts';
import { Script } from './script.ts';
import { readable, type Run, type Sent, type Step, type StepOutcome } from './sent.ts';

const ranks: Readonly<Record<string, number>> = {
  limited_support: 0,
  service_log: 0,
  backplane_report: 1,
  pagerduty_note: 2,
  pagerduty_title_update: 3,
  silence_incident: 4,
  escalate_incident: 4,
};

interface Ruled extends Step {
  action: GivenAction;
  isOver: boolean;
}

const enough = new Set<StepOutcome>(['succeeded', 'skipped_duplicate', 'skipped_uninstalling']);
const bad = new Set<StepOutcome>(['failed', 'unknown']);

/** Of a plan that is not refused. */
export function ruledRun(one: Case, { landed }: { landed: boolean }): Extract<Run, { refused: false }> {
  const run = new RuledRun(one, landed);
  if (!one.options.dryRun) run.execute();
  return run.end();
}

class RuledRun {
  readonly #one: Case;
  readonly #steps: Ruled[];
  readonly #world: RuledWorld;

  constructor(one: Case, landed: boolean) {
    this.#one = one;
    this.#steps = arranged(one);
    this.#world = {
      script: new Script(one.script),
      landed,
      maxRetries: one.options.maxRetries,
      cancelAfterMs: one.options.cancelAfterMs ?? Number.POSITIVE_INFINITY,
      title: one.incident?.title ?? '',
      elapsed: [0, 0],
      notes: () => this.#notes(),
    };
  }

  execute(): void {
    for (const step of inTurn(this.#steps, this.#one.options.concurrent)) {
      if (step.isOver || !this.#mayBegin(step)) continue;
      if (step.type === 'silence_incident' && !this.#isRemedied()) this.#replace(step);
      else this.#run(step);
      step.isOver = true;
    }
  }

  end(): Extract<Run, { refused: false }> {
    const outcomes = this.#steps.map(({ outcome }) => outcome);
    const isBad = outcomes.some((outcome) =>
      ['failed', 'unknown', 'not_run', 'skipped_dependency'].includes(outcome),
    );
    const { elapsed } = this.#world;
    return {
      refused: false,
      ok: this.#one.options.dryRun || !isBad,
      steps: this.#steps.map(({ type, outcome, requests }) => ({ type, outcome, requests })),
      appended: this.#lines().filter((line) => line !== ''),
      metrics: this.#metrics(),
      elapsed: [elapsed[0] / 1_000, elapsed[1] / 1_000],
    };
  }

  #mayBegin(step: Ruled): boolean {
    const { stopOnError, concurrent, cancelAfterMs = Number.POSITIVE_INFINITY } = this.#one.options;
    if (this.#world.elapsed[0] >= cancelAfterMs) return false;
    if (!stopOnError) return true;
    return !this.#steps.some(
      (other) => other !== step && bad.has(other.outcome) && (!concurrent || isOfPagerDuty(other.type)),
    );
  }

  #run(step: Ruled): void {
    const ruled = new RuledStep({ one: this.#one, action: step.action }, this.#world);
    step.outcome = ruled.run();
    step.requests = ruled.requests.map(settled);
  }

  #isRemedied(): boolean {
    return this.#steps.every(({ type, outcome }) => !isRemedyType(type) || enough.has(outcome));
  }

  #replace(silence: Ruled): void {
    silence.outcome = 'skipped_dependency';
    const runs = ({ type, outcome }: Ruled): boolean =>
      type === 'escalate_incident' && outcome !== 'skipped_mode';
    if (this.#steps.some(runs)) return;
    this.#steps.push(stepOf({ type: 'escalate_incident' }, 'not_run'));
  }

  #lines(): string[] {
    return this.#steps.flatMap((step) => lineOf(step).split('\n'));
  }

  /** What the notes say at this moment: what was found, what was done, what could not be, and why comes what comes. */
  #notes(): string {
    const { name, lines } = this.#one.notes;
    const marks = { success: '✅', warning: '⚠️', automation: '🤖' } as const;
    const all = [
      `🤖 Automated ${name} pre-investigation 🤖`,
      '='.repeat(27),
      ...lines.map(([kind, text]) => `${marks[kind]} ${text}`),
      ...this.#steps.flatMap((step) => [lineOf(step), failureOf(step)]),
      ...this.#steps.map((step) => this.#reasonOf(step)),
    ].filter((line) => line !== '');
    return `${all.join('\n')}\n`;
  }

  #reasonOf({ type, action, outcome }: Ruled): string {
    if (outcome === 'skipped_mode' || outcome === 'intercepted') return '';
    const reason = typeof action['reason'] === 'string' ? action['reason'] : '';
    if (type === 'silence_incident' && !this.#isRemedied()) {
      return '⚠️ The incident is not silenced but escalated: its remedy did not come about.';
    }
    if (reason === '' || (type !== 'silence_incident' && type !== 'escalate_incident')) return '';
    return `🤖 ${type === 'silence_incident' ? 'Silencing' : 'Escalating'} the incident: ${reason}`;
  }

  #metrics(): Record<string, number> {
    const counters: Record<string, number> = {};
    for (const { type, action, outcome } of this.#steps) {
      if (!isRemedyType(type) || outcome !== 'succeeded') continue;
      const name =
        type === 'service_log'
          ? 'cad_investigate_servicelog_sent_total{alert_type}'
          : `cad_investigate_limitedsupport_set_total{alert_type,ls_summary=${String(action['context'])}}`;
      counters[name] = (counters[name] ?? 0) + 1;
    }
    return counters;
  }
}

/** Of what runs at once a report of the notes comes last; what is added on the way is the last of all. */
function* inTurn(steps: readonly Ruled[], concurrent: boolean): Generator<Ruled> {
  const isReport = ({ type }: Ruled): boolean => type === 'backplane_report';
  const isLate = ({ action }: Ruled): boolean => concurrent && action['fromNotes'] === true;
  const firstOther = steps.findIndex(({ type }) => (ranks[type] ?? 0) > 1);
  const reports = steps.filter(isReport);
  yield* steps.filter(({ type }) => isRemedyType(type));
  yield* reports.filter((step) => !isLate(step));
  yield* reports.filter(isLate);
  if (firstOther === -1) return;
  for (let index = firstOther; index < steps.length; index += 1) {
    const step = steps[index];
    if (step !== undefined) yield step;
  }
}

function stepOf(action: GivenAction, outcome: StepOutcome): Ruled {
  return { type: action.type, action, outcome, requests: [], isOver: outcome !== 'not_run' };
}

/** In the order of execution, with what the mode leaves out, and what an infrastructure cluster gets instead. */
function arranged({ actions = [], options }: Case): Ruled[] {
  const isManual = options.variant.endsWith('manual');
  const isInfra = options.variant.startsWith('infra');
  const outcomeOf = ({ type }: GivenAction): StepOutcome => {
    if (isInfra && isHeldBack(type)) return 'intercepted';
    return isManual && isOfPagerDuty(type) ? 'skipped_mode' : 'not_run';
  };
  const sorted = [...actions].sort((one, other) => (ranks[one.type] ?? 0) - (ranks[other.type] ?? 0));
  const heldBack = isInfra ? sorted.filter(({ type }) => isHeldBack(type)) : [];
  const standIns: GivenAction[] = heldBack.length === 0 ? [] : [interception(heldBack)];
  if (heldBack.length > 0 && !actions.some(({ type }) => type === 'escalate_incident')) {
    standIns.push({ type: 'escalate_incident', reason: 'Infra cluster: actions intercepted' });
  }
  return [...sorted, ...standIns].map((action) => stepOf(action, outcomeOf(action)));
}

/** Its wording is remedyctl's own; it names every action that was held back. */
function interception(heldBack: readonly GivenAction[]): GivenAction {
  return { type: 'pagerduty_note', content: { names: heldBack.map(({ type }) => type) } };
}

function lineOf({ type, action, outcome }: Ruled): string {
  const what = type === 'service_log' ? 'SL' : 'LS';
  const summary = String(action['summary']);
  if (outcome === 'succeeded' && isRemedyType(type)) return `🤖 Sent ${what}: '${summary}'`;
  if (outcome === 'succeeded' && type === 'backplane_report') {
    const command = `osdctl cluster reports get --cluster-id ${String(action['clusterId'])} --report-id <id>`;
    return `🤖 CAD created a cluster report, access it with the following command:\n${command}`;
  }
  if (!isRemedyType(type)) return '';
  if (outcome === 'skipped_duplicate') return `🤖 ${what} was there already: '${summary}'`;
  if (outcome !== 'skipped_uninstalling') return '';
  return `🤖 ${what} was not sent, the cluster is uninstalling: '${summary}'`;
}

function failureOf({ type, action, outcome }: Ruled): string {
  const what = {
    failed: 'could not be sent',
    unknown: 'may or may not have been sent',
    not_run: 'was not sent',
  };
  const text = what[outcome as keyof typeof what] as string | undefined;
  if (text === undefined || !isRemedyType(type)) return '';
  return `⚠️ ${type === 'service_log' ? 'SL' : 'LS'} ${text}: '${String(action['summary'])}'`;
}

/** The healthy answers of the fakes. */
function settled(sent: Sent): Sent {
  const answer = sent.answer === 'healthy' ? (sent.system === 'pagerduty' ? '200' : '201') : sent.answer;
  return { ...sent, answer, ...(sent.body === undefined ? {} : { body: readable(sent.body) }) };
}
