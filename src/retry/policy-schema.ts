/** The one source of what a file of policies may hold, and what traces and outages have in common with it. */
import * as z from 'zod';
import { aDuration, durationPattern } from '../time/duration.ts';
import { mostAttempts, policyKinds, spreads } from './policy-notation.ts';

/** A duration in its notation, such as `100ms`. */
export const duration = z
  .string({ error: `must be ${aDuration()}` })
  .max(100)
  .regex(durationPattern, { error: `must be ${aDuration()}` });
/** A whole number of at least so much. */
export const wholeFrom = (least: number): z.ZodNumber =>
  z
    .number({ error: 'must be a whole number' })
    .int({ error: 'must be a whole number' })
    .min(least, { error: `must be at least ${least}` });
/** A text of a letter at least. */
export const name = z.string({ error: 'must be a text' }).min(1, { error: 'must not be empty' });
/** From 0 to 1. */
export const share = z
  .number({ error: 'must be a number from 0 to 1' })
  .min(0, { error: 'must be at least 0' })
  .max(1, { error: 'must be at most 1' });

/** A policy as people write it. */
export const policySchema = z.strictObject(
  {
    kind: z.enum(policyKinds, { error: `must be one of ${policyKinds.join(', ')}` }).optional(),
    maxAttempts: wholeFrom(1)
      .max(mostAttempts, { error: `must be at most ${mostAttempts}` })
      .optional(),
    initial: duration.optional(),
    max: z.union([z.literal('none'), duration], { error: `must be ${aDuration()}, or none` }).optional(),
    multiplier: z.number({ error: 'must be a number' }).min(1, { error: 'must be at least 1' }).optional(),
    jitter: share.optional(),
    spread: z.enum(spreads, { error: `must be one of ${spreads.join(', ')}` }).optional(),
  },
  { error: 'must be a mapping' },
);

/** Policies by their names. */
export const policiesSchema = z.strictObject({
  policies: z.record(name, policySchema, { error: 'must be a mapping of policies' }),
});

/** A policy, or several by their names. */
export const policyFileSchema = z.union([policiesSchema, policySchema], {
  error: 'must be a policy, or policies by their names',
});
