/**
 * Reads plan files. A plan comes out only when nothing is wrong with any plan of the file; otherwise every problem does,
 * with file, line, column, field and the nearest word that is known.
 */
import type { ConfigProblem } from '../documents/config-problem.ts';
import { byPlace } from '../documents/document-places.ts';
import { problemsOf } from '../documents/schema-problems.ts';
import { readAction, readNote, type Place } from './action-form.ts';
import { actionOf, planOf, type PlanParts } from './build-plan.ts';
import { includedFileSchema, planFileSchema, planJsonSchema } from './plan-schema.ts';
import { actionFindings, planFindings, type PlanFinding, type ReadActions } from './plan-checks.ts';
import type { Action, NoteLine, Plan } from './plan.ts';
import { readPlanText, type PlanText } from './plan-text.ts';
import { allowedByPlan, resolvePlaceholders, type PlaceholderValues } from './placeholders.ts';

/** What a file of plans is read with. */
export interface ReadPlanOptions {
  readonly values: PlaceholderValues;
  /** The text of a file that a plan includes, by the name in the plan; throws a RemedyError that says why not. */
  readonly readIncluded: (include: string) => Promise<{ text: string; file: string }>;
  /** A file of actions is no plan and no mistake: it was found in a folder beside the plans that include it. */
  readonly passActionFiles?: boolean;
  /** In place of the plan's own options. */
  readonly options?: Partial<Plan['options']> | undefined;
}

/** The plans of a file, or everything that is wrong with them. */
export type ReadPlans = { plans: Plan[] } | { problems: ConfigProblem[] };

/** Reads the plans of a file's text; `file` is its name in problems. `unusedKeys` is for after the last file. */
export async function readPlans(text: string, file: string, options: ReadPlanOptions): Promise<ReadPlans> {
  const read = readPlanText(text, file);
  if ('problems' in read) return read;
  if (options.passActionFiles === true && read.documents.every(isActionFile)) return { plans: [] };
  if (read.documents.length === 0) return { problems: [{ where: file, file, message: 'holds no plan' }] };
  const plans: Plan[] = [];
  const problems: ConfigProblem[] = [];
  for (const document of read.documents) {
    const result = await new PlanReader(document, options).read();
    if ('plan' in result) plans.push(result.plan);
    else problems.push(...result.problems);
  }
  return problems.length > 0 ? { problems } : { plans };
}

function isActionFile({ value }: PlanText): boolean {
  if (Array.isArray(value)) return true;
  return typeof value === 'object' && value !== null && 'actions' in value && !('kind' in value);
}

/** What the schema gives of a plan file. */
interface CheckedFile {
  metadata: { name: string; alertType?: string; noteTitle?: string };
  spec: Pick<PlanParts, 'cluster' | 'incident'> & {
    options: Plan['options'];
    notes: unknown[];
    actions: unknown[];
  };
}

/** An element of a list of actions; without the action where it could not be read. */
interface PlacedAction {
  readonly action?: Action;
  readonly place: Place;
}

class PlanReader {
  readonly #document: PlanText;
  readonly #options: ReadPlanOptions;
  readonly #problems: ConfigProblem[] = [];
  /** The variables that the plan allows itself, for its included files too. */
  readonly #own: readonly string[];

  constructor(document: PlanText, options: ReadPlanOptions) {
    this.#own = allowedByPlan(document.value);
    this.#document = document;
    this.#options = options;
  }

  async read(): Promise<{ plan: Plan } | { problems: ConfigProblem[] }> {
    const { value } = this.#resolve(this.#document);
    const checked = planFileSchema.safeParse(value, { reportInput: true });
    if (!checked.success) {
      this.#problems.push(...problemsOf(checked.error.issues, this.#document.places, planJsonSchema()));
      // what is inside the actions is reported all the same
      const placed = await this.#actions(elementsOf(value, 'actions'), undefined);
      this.#notes(elementsOf(value, 'notes'));
      this.#check(placed, (actions) => actionFindings(actions, productOf(value)));
      return this.#refusal();
    }
    const { metadata, spec: written } = checked.data as CheckedFile;
    const spec = { ...written, options: { ...written.options, ...this.#options.options } };
    const placed = await this.#actions(spec.actions, spec.cluster);
    const notes = this.#notes(spec.notes);
    this.#check(placed, (read) => planFindings({ ...spec, actions: read }));
    if (this.#problems.length > 0) return this.#refusal();
    const actions = placed.flatMap(({ action }) => (action === undefined ? [] : [action]));
    const { cluster, incident, options } = spec;
    return { plan: planOf({ ...metadata, cluster, incident, options, notes, actions }) };
  }

  #refusal(): { problems: ConfigProblem[] } {
    return { problems: this.#problems.sort(byPlace) };
  }

  #resolve(document: PlanText): { value: unknown } {
    const { value, problems } = resolvePlaceholders(document, this.#options.values, this.#own);
    this.#problems.push(...problems);
    return { value };
  }

  async #actions(values: readonly unknown[], cluster: Plan['cluster']): Promise<PlacedAction[]> {
    const placed: PlacedAction[] = [];
    for (const [index, value] of values.entries()) {
      const place = { places: this.#document.places, at: ['spec', 'actions', index] };
      placed.push(...(await this.#action(value, place, cluster)));
    }
    return placed;
  }

  async #action(value: unknown, place: Place, cluster: Plan['cluster']): Promise<PlacedAction[]> {
    const read = readAction(value, place);
    if ('problems' in read) {
      this.#problems.push(...read.problems);
      return [{ place }];
    }
    if ('include' in read) return this.#included(read.include, place, cluster);
    return [{ action: actionOf(read.type, read.fields, cluster), place }];
  }

  async #included(include: string, place: Place, cluster: Plan['cluster']): Promise<PlacedAction[]> {
    const document = await this.#includedDocument(include, place);
    if (document === undefined) return [{ place }];
    const { value } = this.#resolve(document);
    const checked = includedFileSchema.safeParse(value);
    if (!checked.success) {
      const message = 'must be a list of actions, or a mapping with actions';
      this.#problems.push(document.places.problemAt([], message));
      return [{ place }];
    }
    const at = Array.isArray(checked.data) ? [] : ['actions'];
    const values = Array.isArray(checked.data) ? checked.data : checked.data.actions;
    return values.flatMap((element, index) => {
      const inner = { places: document.places, at: [...at, index] };
      const read = readAction(element, inner);
      if ('fields' in read) return [{ action: actionOf(read.type, read.fields, cluster), place: inner }];
      if ('problems' in read) this.#problems.push(...read.problems);
      else this.#complain(inner, 'an included file includes no other');
      return [{ place: inner }];
    });
  }

  async #includedDocument(include: string, place: Place): Promise<PlanText | undefined> {
    const includeAt = { ...place, at: [...place.at, 'include'] };
    let included: { text: string; file: string };
    try {
      included = await this.#options.readIncluded(include);
    } catch (thrown) {
      if (!(thrown instanceof Error)) throw thrown;
      this.#complain(includeAt, thrown.message);
      return undefined;
    }
    const read = readPlanText(included.text, included.file);
    if ('problems' in read) {
      this.#problems.push(...read.problems);
      return undefined;
    }
    const [document, second] = read.documents;
    if (document !== undefined && second === undefined) return document;
    this.#complain(includeAt, `${included.file} must hold one document`);
    return undefined;
  }

  #notes(values: readonly unknown[]): NoteLine[] {
    return values.flatMap((value, index) => {
      const read = readNote(value, { places: this.#document.places, at: ['spec', 'notes', index] });
      if (!('problems' in read)) return [read];
      this.#problems.push(...read.problems);
      return [];
    });
  }

  /** What the actions that could be read say together, also beside others that could not. */
  #check(placed: readonly PlacedAction[], find: (actions: ReadActions) => readonly PlanFinding[]): void {
    for (const finding of find(placed.map(({ action }) => action))) {
      const { action, place } = (finding.index === undefined ? undefined : placed[finding.index]) ?? {};
      this.#complain(
        place === undefined
          ? { places: this.#document.places, at: [] }
          : fieldPlace(place, finding.field, action?.type),
        finding.message,
      );
    }
  }

  #complain({ places, at }: Place, message: string): void {
    this.#problems.push(places.problemAt(at, message));
  }
}

/** The field in the form that the action has; the place falls back to the action where there is none. */
function fieldPlace(place: Place, field: string | undefined, type = ''): Place {
  if (field === undefined) return place;
  const short = [...place.at, type, field];
  return { ...place, at: place.places.has(short) ? short : [...place.at, field] };
}

/** The product in an unchecked plan file. */
function productOf(value: unknown): string | undefined {
  const cluster = (value as { spec?: { cluster?: { product?: unknown } | null } | null } | null)?.spec
    ?.cluster;
  return typeof cluster?.product === 'string' ? cluster.product : undefined;
}

/** A list of an unchecked plan file's spec, where there is one. */
function elementsOf(value: unknown, key: 'actions' | 'notes'): unknown[] {
  const list = (value as { spec?: Record<string, unknown> | null } | null)?.spec?.[key];
  return Array.isArray(list) ? list : [];
}
