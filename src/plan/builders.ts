/**
 * Actions and plans made by code, as investigations make them. `build` holds them to the schema of plan files: what it
 * returns is what the same file would have given. Errors: INVALID_FIELD, with every field that is wrong.
 */
import { RemedyError } from '../errors/remedy-error.ts';
import { actionOf, planOf, type PlanParts } from './build-plan.ts';
import { NoteBuilder } from './note-builder.ts';
import { planFindings } from './plan-checks.ts';
import { bodySchemas, planApiVersion, planFileSchema, planKind } from './plan-schema.ts';
import type { Action, ActionOf, ActionType, Plan, PlanCluster, Severity } from './plan.ts';

/**
 * Checks the fields of one action and fills in its defaults. `cluster` is the plan's, for a report that names none.
 *
 * @throws INVALID_FIELD with every field that is wrong, in `details.problems` too
 */
export function buildAction(
  type: ActionType,
  fields: Readonly<Record<string, unknown>>,
  cluster?: PlanCluster,
): Action {
  const checked = bodySchemas[type].safeParse(fields);
  if (!checked.success) {
    const problems = checked.error.issues.map(({ path, message }) => {
      const field = path.join('.');
      return field === '' ? message : `${field}: ${message}`;
    });
    throw new RemedyError('INVALID_FIELD', `action ${type}: ${problems.join('; ')}`, {
      details: { problems },
    });
  }
  return actionOf(type, checked.data as Record<string, unknown>, cluster);
}

class ActionBuilder<T extends ActionType> {
  readonly #type: T;
  #fields: Readonly<Record<string, unknown>>;

  constructor(type: T, fields: Readonly<Record<string, unknown>>) {
    this.#type = type;
    this.#fields = fields;
  }

  protected with(fields: Readonly<Record<string, unknown>>): this {
    this.#fields = { ...this.#fields, ...fields };
    return this;
  }

  /**
   * The action. `cluster` is the plan's, for a report that names none.
   *
   * @throws INVALID_FIELD with every field that is wrong
   */
  build(cluster?: PlanCluster): ActionOf<T> {
    return buildAction(this.#type, this.#fields, cluster) as ActionOf<T>;
  }
}

/** A service log; by itself it is of SREManualAction, seen by the customer, without description, and sent once. */
export class ServiceLogBuilder extends ActionBuilder<'service_log'> {
  constructor(severity: Severity, summary: string) {
    super('service_log', { severity, summary });
  }

  /** The text; default: empty. */
  description(description: string): this {
    return this.with({ description });
  }

  /** Who sends it; default: SREManualAction. */
  serviceName(serviceName: string): this {
    return this.with({ serviceName });
  }

  /** Hides it from the customer. */
  internalOnly(internalOnly = true): this {
    return this.with({ internalOnly });
  }

  /** Why; kept with the plan and its run, sent nowhere. */
  reason(reason: string): this {
    return this.with({ reason });
  }

  /** Sends it even where the cluster has one with the same summary and description. */
  allowDuplicates(allowDuplicates = true): this {
    return this.with({ allowDuplicates });
  }
}

/** Limited support of a cluster; `context` is the label ls_summary of the metric. */
export class LimitedSupportBuilder extends ActionBuilder<'limited_support'> {
  constructor(summary: string, details: string, context: string) {
    super('limited_support', { summary, details, context });
  }

  /** Adds it even where the cluster has one that says the same. */
  allowDuplicates(allowDuplicates = true): this {
    return this.with({ allowDuplicates });
  }
}

/** A note of an incident: text of its own, piece by piece, or the notes of the run. */
export class NoteActionBuilder extends ActionBuilder<'pagerduty_note'> {
  readonly #content: NoteBuilder;

  constructor(initial = '') {
    super('pagerduty_note', {});
    this.#content = new NoteBuilder(initial);
  }

  /** In place of everything so far. */
  content(text: string): this {
    this.#content.content(text);
    return this;
  }

  /** One more line. */
  line(text: string): this {
    this.#content.line(text);
    return this;
  }

  /** One more section: an empty line, `## title`, the text. */
  section(title: string, text: string): this {
    this.#content.section(title, text);
    return this;
  }

  /** The notes of the run, as they are when the note is sent; not beside content of its own. */
  fromNotes(): this {
    return this.with({ fromNotes: true });
  }

  /** @throws INVALID_FIELD without content, or with content beside `fromNotes` */
  override build(): ActionOf<'pagerduty_note'> {
    const content = this.#content.toString();
    return (content === '' ? this : this.with({ content })).#finish();
  }

  #finish(): ActionOf<'pagerduty_note'> {
    return super.build();
  }
}

/** A report of a cluster, by itself of the plan's: text of its own, or the notes of the run. */
export class ReportBuilder extends ActionBuilder<'backplane_report'> {
  constructor(summary: string) {
    super('backplane_report', { summary });
  }

  /** In place of the plan's. */
  cluster(clusterId: string): this {
    return this.with({ clusterId });
  }

  /** The text, plain. */
  data(data: string): this {
    return this.with({ data });
  }

  /** The notes of the run, as they are when the report is sent. */
  fromNotes(): this {
    return this.with({ fromNotes: true });
  }

  /** The time of sending goes before the summary. */
  timestamped(): this {
    return this.with({ timestamped: true });
  }
}

/**
 * Puts this and a space before the title of the incident, unless the title has it anywhere.
 *
 * @throws INVALID_FIELD for white space alone
 */
export function titlePrefix(prefix: string): ActionOf<'pagerduty_title_update'> {
  return buildAction('pagerduty_title_update', { prefix }) as ActionOf<'pagerduty_title_update'>;
}

/**
 * Moves the incident to the silent escalation policy; `withoutRemedy`: it is meant to come without a remedy
 * before it.
 */
export function silence(reason?: string, withoutRemedy = false): ActionOf<'silence_incident'> {
  return buildAction('silence_incident', { reason, withoutRemedy }) as ActionOf<'silence_incident'>;
}

/** Escalates the incident to the configured level; the reason goes into the notes. */
export function escalate(reason?: string): ActionOf<'escalate_incident'> {
  return buildAction('escalate_incident', { reason }) as ActionOf<'escalate_incident'>;
}

/** A report of the notes under `<time of sending> : <name>`, and a note of the same. */
export function reportAndNote(name: string, cluster: PlanCluster): Action[] {
  return [
    new ReportBuilder(name).timestamped().fromNotes().build(cluster),
    new NoteActionBuilder().fromNotes().build(),
  ];
}

/** What a built plan is about, and how it is carried out; defaults as in plan files. */
export type PlanSubject = Omit<PlanParts, 'actions'>;

/**
 * The plan of actions in the order in which they were thought of; `actions` of it are in the order of execution.
 *
 * @throws INVALID_FIELD where a field of the subject is wrong (all of them) or the plan does not hold together (the
 *   first reason)
 */
export function buildPlan(subject: PlanSubject, actions: readonly Action[]): Plan {
  checkSubject(subject);
  const plan = planOf({ ...subject, actions });
  const [finding] = planFindings({ ...plan, actions });
  if (finding !== undefined) {
    const which =
      finding.index === undefined ? '' : `action ${finding.index} ${actions[finding.index]?.type}: `;
    throw new RemedyError('INVALID_FIELD', `${which}${finding.message}`);
  }
  return plan;
}

/** Everything of a plan but its actions, by the schema of plan files. */
function checkSubject({ name, alertType, noteTitle, cluster, incident, options, notes }: PlanSubject): void {
  const checked = planFileSchema.safeParse({
    apiVersion: planApiVersion,
    kind: planKind,
    metadata: { name, alertType, noteTitle },
    spec: { cluster, incident, options, notes, actions: [] },
  });
  if (checked.success) return;
  const problems = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new RemedyError('INVALID_FIELD', problems.join('; '), { details: { problems } });
}
