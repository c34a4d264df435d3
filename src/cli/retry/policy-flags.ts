import { option, string } from '@oclif/core/flags';
import { RemedyError } from '../../errors/remedy-error.ts';
import type { RetryPolicy } from '../../retry/retry-policy.ts';
import { parseNumber, policyError, policyKinds, spreads, withNotation } from '../../retry/policy-notation.ts';
import type { PolicyNotation } from '../../retry/policy-notation.ts';

const helpGroup = 'POLICY';

/** Each changes one value of a policy. */
export const policyFlags = {
  kind: option({ options: policyKinds, helpGroup, summary: 'How waits grow.' })(),
  'max-attempts': string({ helpGroup, helpValue: 'N', summary: 'Attempts in all, the first included.' }),
  initial: string({ helpGroup, helpValue: 'DURATION', summary: 'The first wait, and the shortest.' }),
  max: string({ helpGroup, helpValue: 'DURATION', summary: 'The longest wait; none for none.' }),
  multiplier: string({
    helpGroup,
    helpValue: 'FACTOR',
    summary: 'By how much a wait is longer than the one before (exponential).',
  }),
  jitter: string({
    helpGroup,
    helpValue: 'SHARE',
    summary: 'By how much of it a wait may differ: 0.1 or 10%.',
  }),
  spread: option({
    options: spreads,
    helpGroup,
    summary: 'Whether jitter goes both ways or only lengthens.',
  })(),
};

export interface PolicyFlagValues {
  kind?: PolicyNotation['kind'];
  'max-attempts'?: string | undefined;
  initial?: string | undefined;
  max?: string | undefined;
  multiplier?: string | undefined;
  jitter?: string | undefined;
  spread?: PolicyNotation['spread'];
}

/** The change that the flags ask for; undefined where none was given. What it makes of a policy is checked: USAGE. */
export function policyChange(flags: PolicyFlagValues): ((policy: RetryPolicy) => RetryPolicy) | undefined {
  const { kind, initial, max, spread } = flags;
  const notation: PolicyNotation = {
    kind,
    initial,
    max,
    spread,
    maxAttempts: numberOf(flags, 'max-attempts'),
    multiplier: numberOf(flags, 'multiplier'),
    jitter: numberOf(flags, 'jitter'),
  };
  if (Object.values(notation).every((value) => value === undefined)) return undefined;
  return (base) => {
    const { policy, problems } = withNotation(base, notation);
    if (problems.length > 0) throw policyError('the policy with these flags', problems);
    return policy;
  };
}

/** A whole number of a flag within bounds. USAGE. */
export function wholeNumber(flag: string, text: string, bounds: { min: number; max: number }): number {
  const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= bounds.min && value <= bounds.max) return value;
  throw new RemedyError(
    'USAGE',
    `--${flag}: "${text}" is no whole number from ${bounds.min} to ${bounds.max}`,
  );
}

function numberOf(
  flags: PolicyFlagValues,
  flag: 'max-attempts' | 'multiplier' | 'jitter',
): number | undefined {
  const text = flags[flag];
  if (text === undefined) return undefined;
  const value = parseNumber(text);
  if (value !== undefined) return value;
  throw new RemedyError('USAGE', `--${flag}: "${text}" is no number`);
}
