/** The one source of what a trace and an outage file may hold; `retry schema` prints it, and what a policy file may. */
import * as z from 'zod';
import { failureTypes } from '../retry/failure.ts';
import { traceApiVersion } from '../retry/trace-format.ts';
import { parseRfc3339 } from '../time/rfc3339.ts';
import { mostAttempts, policyKinds, spreads } from '../retry/policy-notation.ts';
import { duration, name, policyFileSchema, policySchema, share, wholeFrom } from '../retry/policy-schema.ts';

const seconds = z
  .number({ error: 'must be a number of seconds' })
  .nonnegative({ error: 'must not be negative' })
  .max(1e10, { error: 'must be at most 1e10 seconds' });
const text = z.string({ error: 'must be a text' });
const noTime = 'must be an RFC 3339 time';
/** The expression is for editors; it knows no calendar. */
const time = text
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/, { error: noTime, abort: true })
  .refine((written) => parseRfc3339(written) !== undefined, { error: noTime });
const httpStatus = wholeFrom(100).max(599, { error: 'must be an HTTP status' });
const failureFields = {
  status: httpStatus.optional().describe('HTTP status of the answer'),
  reason: text.optional().describe("the Status' reason, such as ServiceUnavailable"),
  errno: text.optional().describe('such as ECONNRESET'),
};
const anyFact = (facts: object): boolean => Object.values(facts).some((value) => value !== undefined);

const recordedError = z
  .strictObject(
    {
      type: z
        .enum(failureTypes, { error: `must be one of ${failureTypes.join(', ')}` })
        .optional()
        .describe('the class as it was recorded; read only where neither status, reason nor errno is there'),
      ...failureFields,
      message: text.optional(),
    },
    { error: 'must be a text or a mapping' },
  )
  .refine(anyFact, { error: 'must have a status, reason, errno, type or message' });

/** A text alone is classified by the substrings that it contains. */
const anyError = z.union([text, recordedError], { error: 'must be a text or a mapping' });

const attempt = z.strictObject(
  {
    attempt: wholeFrom(1).optional().describe('from 1, in order'),
    request: name.optional().describe('what was asked, such as "create leases.coordination.k8s.io"'),
    atSeconds: seconds.optional().describe('since the operation began'),
    durationSeconds: seconds.optional(),
    outcome: z.enum(['ok', 'error'], { error: 'must be ok or error' }).optional(),
    error: anyError.optional(),
    retryable: z.boolean({ error: 'must be true or false' }).optional(),
    retryAfterSeconds: seconds.optional().describe('what the server asked for'),
    waitSeconds: seconds.optional().describe('the wait that was planned after it'),
    sentAgain: z
      .boolean({ error: 'must be true or false' })
      .optional()
      .describe('the client sent the same again at once, on a new connection'),
  },
  { error: 'must be ok or a mapping' },
);

const leaseState = z.strictObject(
  {
    atSeconds: seconds,
    state: z
      .enum(['held', 'expired', 'free'], { error: 'must be held, expired or free' })
      .describe('held by another, expired and not yet taken over, or not there'),
  },
  { error: 'must be a mapping with atSeconds and state' },
);

/** One line of a trace after its first, or an entry of `operations`. */
export const operationSchema = z.strictObject(
  {
    id: z.union([wholeFrom(1), name], { error: 'must be a number or a text' }).optional(),
    operation: name.describe(
      'acquire_lock and update_status replay the lock and the status write; everything else the retry loop',
    ),
    object: text.optional().describe('what it was done on'),
    signals: wholeFrom(0)
      .optional()
      .describe('how many signals it settles; default: one by a creation, or a count of a duplicate'),
    startedAt: time.optional(),
    policy: name.optional().describe('a key of policies, or one of creation, lock, status, plan'),
    attempts: z
      .array(z.union([z.literal('ok'), attempt], { error: 'must be ok or a mapping' }), {
        error: 'must be a list',
      })
      .max(mostAttempts, { error: `must have at most ${mostAttempts} entries` })
      .optional()
      .describe('the outcomes in their order'),
    result: z.enum(['ok', 'error'], { error: 'must be ok or error' }).optional(),
    totalSeconds: seconds.optional(),
    error: anyError.optional().describe('why it ended, where no attempt says it'),
    cancelAtSeconds: seconds.optional().describe('when its caller gave up'),
    lease: z
      .array(leaseState, { error: 'must be a list' })
      .min(1, { error: 'must not be empty' })
      .optional()
      .describe('of acquire_lock: what the lease is from when on, in place of attempts'),
    requestAtSeconds: seconds
      .optional()
      .describe('of acquire_lock: when a request appears that makes the lock needless'),
  },
  { error: 'must be a mapping' },
);

const tracedPolicy = z.strictObject(
  {
    maxAttempts: wholeFrom(1).optional().describe('absent: no last attempt'),
    initialSeconds: seconds,
    maxSeconds: seconds.optional().describe('absent: no longest wait'),
    multiplier: z.number({ error: 'must be a number' }),
    jitter: share,
    growth: z.enum(policyKinds, { error: `must be one of ${policyKinds.join(', ')}` }),
    spread: z.enum(spreads, { error: `must be one of ${spreads.join(', ')}` }),
    withinSeconds: seconds.optional().describe('how long it goes on in all'),
  },
  { error: 'must be a mapping' },
);

const policies = z.record(name, z.union([tracedPolicy, policySchema], { error: 'must be a policy' }), {
  error: 'must be a mapping of policies',
});

const headerFields = {
  apiVersion: z.literal(traceApiVersion, { error: `must be ${traceApiVersion}` }),
  kind: z.literal('RetryTrace', { error: 'must be RetryTrace' }),
  startedAt: time.optional(),
  program: text.optional().describe('what recorded it; absent in a trace that was written by hand'),
  policies: policies.optional(),
};

/** The first line of a trace of lines. */
export const headerSchema = z.strictObject(headerFields, { error: 'must be a mapping' });

/** A whole trace in one document. */
export const traceSchema = z.strictObject(
  {
    ...headerFields,
    operations: z.array(operationSchema, { error: 'must be a list' }).min(1, { error: 'must not be empty' }),
  },
  { error: 'must be a mapping' },
);

/** When the server fails, and with what. */
export const outageFileSchema = z.strictObject(
  {
    latency: duration.optional(),
    outages: z
      .array(
        z.strictObject(
          {
            from: duration,
            to: duration,
            ...failureFields,
            message: text.optional(),
            retryAfter: duration.optional(),
          },
          { error: 'must be a mapping with from and to' },
        ),
        { error: 'must be a list' },
      )
      .min(1, { error: 'must not be empty' }),
  },
  { error: 'must be a mapping' },
);

/** What `retry schema` can print. */
export const publishedSchemas = {
  trace: traceSchema,
  'trace-header': headerSchema,
  'trace-operation': operationSchema,
  policy: policyFileSchema,
  outage: outageFileSchema,
} as const;

/** The names of the schemas that are published. */
export type SchemaName = keyof typeof publishedSchemas;

/** JSON Schema, draft 2020-12. */
export function jsonSchemaOf(schema: SchemaName): object {
  return { title: `remedyctl retry ${schema}`, ...z.toJSONSchema(publishedSchemas[schema]) };
}

/** An operation as a trace has it. */
export type TraceLine = z.infer<typeof operationSchema>;
/** What a trace says before its operations. */
export type TraceHead = z.infer<typeof headerSchema>;
