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

/** Checks the fields of one action and fills in its defaults. */
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

  /** `cluster` is the plan's, for a report that names none. */
  build(cluster?: PlanCluster): ActionOf<T> {
    return buildAction(this.#type, this.#fields, cluster) as ActionOf<T>;
  }
}

export class ServiceLogBuilder extends ActionBuilder<'service_log'> {
  constructor(severity: Severity, summary: string) {
    super('service_log', { severity, summary });
  }

  description(description: string): this {
    return this.with({ description });
  }

  serviceName(serviceName: string): this {
    return this.with({ serviceName });
  }

  internalOnly(internalOnly = true): this {
    return this.with({ internalOnly });
  }

  reason(reason: string): this {
    return this.with({ reason });
  }

  allowDuplicates(allowDuplicates = true): this {
    return this.with({ allowDuplicates });
  }
}

export class LimitedSupportBuilder extends ActionBuilder<'limited_support'> {
  constructor(summary: string, details: string, context: string) {
    super('limited_support', { summary, details, context });
  }

  allowDuplicates(allowDuplicates = true): this {
    return this.with({ allowDuplicates });
  }
}

export class NoteActionBuilder extends ActionBuilder<'pagerduty_note'> {
  readonly #content: NoteBuilder;

  constructor(initial = '') {
    super('pagerduty_note', {});
    this.#content = new NoteBuilder(initial);
  }

  content(text: string): this {
    this.#content.content(text);
    return this;
  }

  line(text: string): this {
    this.#content.line(text);
    return this;
  }

  section(title: string, text: string): this {
    this.#content.section(title, text);
    return this;
  }

  /** The notes of the run, as they are when the note is sent; not beside content of its own. */
  fromNotes(): this {
    return this.with({ fromNotes: true });
  }

  override build(): ActionOf<'pagerduty_note'> {
    const content = this.#content.toString();
    return (content === '' ? this : this.with({ content })).#finish();
  }

  #finish(): ActionOf<'pagerduty_note'> {
    return super.build();
  }
}

export class ReportBuilder extends ActionBuilder<'backplane_report'> {
  constructor(summary: string) {
    super('backplane_report', { summary });
  }

  cluster(clusterId: string): this {
    return this.with({ clusterId });
  }

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

export function titlePrefix(prefix: string): ActionOf<'pagerduty_title_update'> {
  return buildAction('pagerduty_title_update', { prefix }) as ActionOf<'pagerduty_title_update'>;
}

export function silence(reason?: string, withoutRemedy = false): ActionOf<'silence_incident'> {
  return buildAction('silence_incident', { reason, withoutRemedy }) as ActionOf<'silence_incident'>;
}

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

/** What a built plan is about. */
export type PlanSubject = Omit<PlanParts, 'actions'>;

/** The plan of actions in the order in which they were thought of. INVALID_FIELD where it does not hold together. */
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
