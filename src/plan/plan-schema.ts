/** The one schema of plan files: what they are checked against, and what editors get as JSON Schema. */
import * as z from 'zod';
import { agePattern } from '../time/duration.ts';
import { actionTypes, mostRetries, planModes, severities, type ActionType } from './plan.ts';

/** `kind` of a plan file. */
export const planKind = 'Plan';
/** `apiVersion` of a plan file. */
export const planApiVersion = 'remedyctl.dev/v1';

/** A character that Unicode does not call white space: U+0085 is white space; U+FEFF and U+200B are not. */
const visible = /\P{White_Space}/u;
const notBlank = { error: 'must not be empty or white space alone' };
const text = z
  .string()
  .refine((value) => !/\p{Cs}/u.test(value), { error: 'holds half of a surrogate pair' });
const visibleText = text.regex(visible, notBlank);
/** OCM takes a log of no service; white space alone is a slip. */
const nameOrNothing = text.regex(/^$|\P{White_Space}/u, notBlank);

/**
 * Ids are percent-encoded into URLs, where nothing encodes `.` and `..`. White space at an end was copied along: with it
 * the id is another one, of no object.
 */
const id = z
  .string()
  .regex(/^(?!\.{1,2}$)(?!\p{White_Space})[^\p{Cc}\p{Cs}]+(?<!\p{White_Space})$/u, {
    error: 'must be an id: not empty, no white space at its ends, no control characters',
  })
  .max(255, { error: 'must be an id: at most 255 characters' });

const describe = (description: string): { description: string } => ({ description });
const allowDuplicates = z
  .boolean()
  .default(false)
  .meta(describe('Send it even where the cluster already has one that says the same.'));
const reason = text.optional();
const fromNotes = z
  .literal(true)
  .optional()
  .meta(describe('Send the notes of the run, as they are when it is sent.'));

const fieldsByType = {
  service_log: {
    severity: z.enum(severities),
    summary: visibleText,
    description: text.default(''),
    serviceName: nameOrNothing.default('SREManualAction'),
    internalOnly: z.boolean().default(false).meta(describe('Hidden from the customer.')),
    reason: reason.meta(describe('Kept with the plan and its run; sent nowhere.')),
    allowDuplicates,
  },
  limited_support: {
    summary: visibleText,
    details: visibleText,
    context: visibleText.meta(describe('The label ls_summary of the metric, such as EgressBlocked.')),
    allowDuplicates,
  },
  pagerduty_note: { content: visibleText.optional(), fromNotes },
  pagerduty_title_update: {
    prefix: visibleText.meta(describe('Put before the title, unless the title already has it.')),
  },
  silence_incident: {
    reason: reason.meta(describe('Put into the notes.')),
    withoutRemedy: z
      .boolean()
      .default(false)
      .meta(describe('Silence although the plan sends no service log and no limited support.')),
  },
  escalate_incident: { reason: reason.meta(describe('Put into the notes.')) },
  backplane_report: {
    clusterId: id.optional().meta(describe("Default: the plan's cluster.")),
    summary: visibleText,
    data: visibleText.optional(),
    fromNotes,
    timestamped: z
      .boolean()
      .default(false)
      .meta(describe('Put the time of sending before the summary: "<UTC, RFC 3339> : <summary>".')),
  },
} as const;

/** Of two fields that say the same thing in different ways, exactly one. */
const eitherNotes: Partial<Record<ActionType, string>> = {
  pagerduty_note: 'content',
  backplane_report: 'data',
};

function bodySchema(type: ActionType): z.ZodType {
  const own = eitherNotes[type];
  const body = z.strictObject(fieldsByType[type]);
  if (own === undefined) return body.meta({ id: type });
  const either = [{ required: [own] }, { required: ['fromNotes'] }];
  return body.check(exactlyOne(own)).meta({ id: type, oneOf: either });
}

function exactlyOne(own: string): z.core.CheckFn<object> {
  return (context) => {
    const given = [own, 'fromNotes'].filter((key) => Reflect.get(context.value, key) !== undefined);
    if (given.length === 1) return;
    const message =
      given.length === 0
        ? `${own} is missing: give ${own}, or fromNotes: true`
        : `has both ${own} and fromNotes: give one of them`;
    context.issues.push({ code: 'custom', message, input: context.value, path: [] });
  };
}

/** What each type of action has beside its type. */
export const bodySchemas = Object.fromEntries(actionTypes.map((type) => [type, bodySchema(type)])) as Record<
  ActionType,
  z.ZodType
>;

const includeSchema = z
  .strictObject({
    include: z.string().min(1).meta(describe('A file of actions, in or below the folder of this one.')),
  })
  .meta({ id: 'include' });

/** `service_log: {…}`, or `type: service_log` with the fields beside it, or `include: FILE`. */
const actionSchema = z.union([
  ...actionTypes.map((type) => z.strictObject({ [type]: shortBody(type) })),
  ...actionTypes.map((type) => explicitForm(type)),
  includeSchema,
]);

/** `escalate_incident:` with nothing behind it, where no field is needed. */
function shortBody(type: ActionType): z.ZodType {
  const body = bodySchemas[type];
  return body.safeParse({}).success ? body.nullable() : body;
}

function explicitForm(type: ActionType): z.ZodType {
  const form = z.strictObject({ type: z.literal(type), ...fieldsByType[type] });
  const own = eitherNotes[type];
  return own === undefined ? form : form.meta({ oneOf: [{ required: [own] }, { required: ['fromNotes'] }] });
}

const noteKinds = ['success', 'warning', 'automation', 'section'] as const;
const noteSchema = z.union(noteKinds.map((kind) => z.strictObject({ [kind]: text }))).meta({
  id: 'note',
  description: 'A line of the notes: ✅ success, ⚠️ warning, 🤖 automation, or the header of a section.',
});

function planSchema(action: z.ZodType, note: z.ZodType): z.ZodType {
  return z.strictObject({
    $schema: z.string().optional(),
    apiVersion: z.literal(planApiVersion),
    kind: z.literal(planKind),
    metadata: z.strictObject({
      name: visibleText,
      alertType: visibleText
        .optional()
        .meta(describe('The label alert_type of the metrics. Default: the name.')),
      noteTitle: visibleText
        .optional()
        .meta(describe('The name in the header of the notes. Default: the name.')),
    }),
    spec: z.strictObject({
      cluster: z
        .strictObject({
          id: id.meta(describe("OCM's internal id.")),
          externalId: id
            .optional()
            .meta(describe('The UUID, where it has one; service logs are looked for by it, else by the id.')),
          name: visibleText.optional(),
          // with white space at an end it is no product that is known, and no link would be refused
          product: text
            .regex(/^(?!\p{White_Space})[^\p{Cc}]+(?<!\p{White_Space})$/u, {
              error: 'must be a product such as rosa or osd, no white space at its ends',
            })
            .optional()
            .meta(describe('rosa, osd, … Links to the docs of the other are refused.')),
        })
        .optional(),
      incident: z
        .strictObject({
          id,
          silentPolicy: id
            .optional()
            .meta(describe('The escalation policy that alerts nobody. Default: configured.')),
        })
        .optional(),
      env: z
        .array(
          z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
            error: 'must be the name of a variable of the environment',
          }),
        )
        .optional()
        .meta(describe('Variables of the environment that texts may name as ${env:NAME}.')),
      options: z
        .strictObject({
          concurrent: z.boolean().default(false),
          stopOnError: z.boolean().default(false),
          maxRetries: z
            .int()
            .min(0, { error: 'must not be negative; 0 is no retry' })
            .max(mostRetries, { error: `must be at most ${mostRetries}` })
            .default(3),
          mode: z.enum(planModes).default('execute'),
          infraCluster: z.boolean().default(false),
          duplicateWithin: z
            .string()
            .regex(agePattern, { error: 'must be an age such as 7d or 36h; 0s is none' })
            .optional()
            .meta(
              describe('How old a service log may be to count as the same. Default: configured, else 7d.'),
            ),
        })
        .prefault({}),
      notes: z.array(note).default([]),
      actions: z.array(action),
    }),
  });
}

/** A plan file with its actions and notes as they stand: each is checked by the form that it has. */
export const planFileSchema = planSchema(z.unknown(), z.unknown());

/** A file of actions that plans include: a list, or a mapping with one. */
export const includedFileSchema = z.union([
  z.array(z.unknown()).min(1),
  z.strictObject({ actions: z.array(z.unknown()).min(1) }),
]);

export { noteKinds };

/** JSON Schema (2020-12) of a plan file, for editors. */
export function planJsonSchema(): Record<string, unknown> {
  return {
    title: 'A plan of remedyctl',
    ...z.toJSONSchema(planSchema(actionSchema, noteSchema), { io: 'input', target: 'draft-2020-12' }),
  };
}

/** JSON Schema of one type's fields. */
export function bodyJsonSchema(type: ActionType): Record<string, unknown> {
  return z.toJSONSchema(bodySchemas[type], { io: 'input', target: 'draft-2020-12' });
}
