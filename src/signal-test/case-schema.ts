/** The one schema of case files: what they are checked against, and what editors get as JSON Schema. */
import * as z from 'zod';
import { parseRfc3339 } from '../time/rfc3339.ts';

const caseFileKind = 'SignalTests';

const matcherKeys = ['equals', 'contains', 'matches', 'oneOf', 'absent'] as const;
/** What a matcher may ask of a value. */
export type MatcherKey = (typeof matcherKeys)[number];

const noTime = 'must be an RFC 3339 time such as 2026-03-01T12:00:00Z';
/** The expression is for editors; it knows no calendar. */
const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/, { error: noTime, abort: true })
  .refine((text) => parseRfc3339(text) !== undefined, { error: noTime });

const texts = z.record(z.string(), z.string());

const matcher = z
  .strictObject({
    equals: z.unknown().optional().meta({ description: 'Exactly this value.' }),
    contains: z
      .unknown()
      .optional()
      .meta({ description: 'A text with this in it, or a list with this element.' }),
    matches: z.string().optional().meta({ description: 'A text that this regular expression finds.' }),
    oneOf: z.array(z.unknown()).optional().meta({ description: 'One of these values.' }),
    absent: z.boolean().optional().meta({ description: 'true: no such field; false: any value.' }),
  })
  .meta({ id: 'Matcher', description: 'Every key that is given has to hold.' });

const textExpectation = z.union([z.string(), matcher]);

/** A mapping holds where each of its members does, and may be a matcher at any depth. */
const valueExpectation = z.unknown().meta({
  description:
    'A value; a mapping of which every member has to hold; or a matcher: equals, contains, matches, oneOf, absent.',
});

const namedValue = z.union([z.string(), z.record(z.string(), valueExpectation)]);

const expectation = z
  .strictObject({
    outcome: z
      .union([
        z.enum(['wouldCreate', 'wouldDuplicate', 'wouldWait', 'skipped', 'rejected', 'failed']),
        matcher,
      ])
      .optional()
      .meta({ description: 'What would become of the signal.' }),
    fingerprint: textExpectation.optional(),
    target: namedValue
      .optional()
      .meta({ description: 'The resource of the fingerprint: Kind/name, or fields of it.' }),
    request: namedValue
      .optional()
      .meta({ description: 'The request that it is counted on, by name or fields; or fields of a new one.' }),
    decision: namedValue
      .optional()
      .meta({ description: 'Its reason (active, manualReview, backoff, none), or fields of it.' }),
    reason: namedValue
      .optional()
      .meta({ description: 'Why it was refused: a code of docs/errors.md, or fields of it.' }),
    stages: z
      .partialRecord(
        z.enum(['parse', 'target', 'owner', 'fingerprint', 'scope', 'lease', 'deduplication', 'decision']),
        z.enum(['ok', 'warn', 'stop', 'notRun']),
      )
      .optional()
      .meta({ description: 'The outcome of stages of the explanation.' }),
    wouldChangeIf: valueExpectation.optional(),
    fields: z
      .record(z.string(), valueExpectation)
      .optional()
      .meta({ description: 'Any field of the explanation, by JSONPath, such as .signal.severity.' }),
  })
  .meta({ id: 'Expectation' });

const objectOfCluster = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({ name: z.string().min(1) }),
});

const objects = z
  .array(z.union([z.string().min(1), objectOfCluster]))
  .meta({ description: 'Kubernetes objects, and files of them relative to this one.' });

const existingRequest = z
  .strictObject({
    name: z.string().min(1),
    fingerprint: z
      .string()
      .regex(/^[0-9a-f]{64}$/, { error: 'must be 64 lower-case hex digits' })
      .optional()
      .meta({ description: "Default: that of the case's first signal." }),
    phase: z.string().optional(),
    outcome: z.string().optional(),
    nextAllowedExecution: time.optional(),
    createdAt: time.optional(),
    deletedAt: time.optional(),
    occurrenceCount: z.int().min(1).optional(),
  })
  .meta({ id: 'ExistingRequest' });

const requests = z
  .array(z.union([z.string().min(1), existingRequest, objectOfCluster]))
  .meta({ description: 'RemediationRequests that exist: in short, whole, or files of them.' });

const options = z.strictObject({
  enforceFreshness: z.boolean().optional(),
  skipScopeCheck: z.boolean().optional(),
  clusterIdScope: z.enum(['local', 'refuse']).optional(),
  labelAs: z.array(z.string()).optional(),
  prefer: z.array(z.string()).optional(),
  targetChoice: z.enum(['corrected', 'gateway']).optional(),
});

const backend = z.enum(['cluster', 'embedded']).meta({
  description:
    'embedded (default): scope is not checked, and an object that is not given ends the walk to the owner; cluster: as on a cluster that has the given objects and no others.',
});

const testCase = z
  .strictObject({
    name: z.string().min(1),
    now: time.optional().meta({ description: 'The time at which the signal comes.' }),
    as: backend.optional(),
    options: options.optional(),
    signal: z.looseObject({}).optional().meta({ description: 'A webhook, an event or a list of events.' }),
    signalFile: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'A file of signals, relative to this one.' }),
    alert: z
      .strictObject({
        labels: texts,
        annotations: texts.optional(),
        startsAt: time.optional(),
        status: z.enum(['firing', 'resolved']).optional(),
      })
      .optional()
      .meta({ description: 'One alert, as AlertManager would send it.' }),
    objects: objects.optional(),
    requests: requests.optional(),
    lease: z
      .strictObject({
        holder: z.string().min(1),
        acquiredAt: time.optional(),
        renewedAt: time.optional(),
        durationSeconds: z.int().min(1).optional(),
      })
      .optional()
      .meta({ description: "The lock of the case's first signal, as somebody holds it." }),
    expect: z
      .union([expectation, z.array(expectation).min(1)])
      .optional()
      .meta({ description: 'What is to come of it; a list has one for each signal.' }),
  })
  .meta({ id: 'Case' });

/** A case file. Times are RFC 3339, days that do not exist are refused. */
export const caseFileSchema = z.strictObject({
  $schema: z.string().optional(),
  apiVersion: z.literal('remedyctl.dev/v1'),
  kind: z.literal(caseFileKind),
  now: time.optional().meta({ description: 'The time of every case that names none.' }),
  as: backend.optional(),
  options: options.optional(),
  objects: objects.optional().meta({ description: 'Objects that every case has.' }),
  cases: z.array(testCase).min(1),
});

/** A case file as the schema gives it. */
export type CaseFileContent = z.infer<typeof caseFileSchema>;
/** One case of a file. */
export type TestCase = CaseFileContent['cases'][number];
/** What is to come of one signal. */
export type Expectation = z.infer<typeof expectation>;
/** A request that exists before the signal comes, in short. */
export type ExistingRequest = z.infer<typeof existingRequest>;

/** JSON Schema (2020-12) of a case file, for editors. */
export function caseFileJsonSchema(): Record<string, unknown> {
  return {
    title: 'Cases of remedyctl signal test',
    ...z.toJSONSchema(caseFileSchema, { io: 'input', target: 'draft-2020-12' }),
  };
}

/** A mapping with no other keys than those of a matcher. */
export function isMatcher(value: unknown): value is Partial<Record<MatcherKey, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => (matcherKeys as readonly string[]).includes(key));
}
