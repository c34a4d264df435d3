import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { smallestSurvivor, survivalOf } from './outage-comparison.ts';
import type { SmallestSurvivor, Survival } from './outage-comparison.ts';
import { isRetried } from './policy-under-outage.ts';
import type { OutageFromTheStart } from './policy-under-outage.ts';
import type { FailureFacts } from '../retry/recorded-failure.ts';
import { durationOf } from './outage-notation.ts';
import { describePolicy, policyUse } from '../retry/policy-notation.ts';
import type { NamedPolicy, PolicyUse } from '../retry/policy-notation.ts';

type Policy = ReturnType<typeof describePolicy>;

/** What one policy makes of outages of one length. */
export interface ComparisonItem extends Survival {
  policy: Policy;
  outageSeconds: number;
  /** In every run. */
  survives: boolean;
  /** What goes by the policy in production, and so tells which failures are retried. */
  classification: PolicyUse;
  /** Whether that makes another attempt after such a failure. */
  retried: boolean;
  /** Why more attempts would not help, where they would not. */
  note?: string;
}

/** The policies that survive an outage for certain once they may try often enough, the smallest first. */
export interface FoundPolicies {
  outageSeconds: number;
  policies: ({ policy: Policy } & SmallestSurvivor)[];
  /** Those that no number of attempts helps, since they do not retry such a failure. */
  notRetried: { policy: Policy; note: string }[];
}

/** Which policies meet which outages; times in milliseconds. */
export interface ComparisonSettings {
  policies: readonly NamedPolicy[];
  outagesMs: readonly number[];
  failure: FailureFacts;
  latencyMs: number;
  runs: number;
  seed: number;
  signal?: AbortSignal;
  /** What is done so far. */
  onDone?: (done: readonly ComparisonItem[]) => void;
}

/** From what a deployment of the API server takes to what its machine takes to come back. */
const usualOutages = ['100ms', '300ms', '1s', '3s', '10s', '30s', '1m'];

/** Lengths of outages: `4s`, or `0s..4s`; in growing order. @throws INVALID_OPTION */
export function parseOutageLengths(words: readonly string[]): number[] {
  const chosen = words.length === 0 ? usualOutages : words.flatMap((word) => word.split(','));
  const lengths = chosen.map((word) => {
    const [from = '', to] = word.split('..');
    if (to === undefined) return durationOf('outage', from);
    if (durationOf('outage', from) === 0) return durationOf('outage', to);
    throw new RemedyError('INVALID_OPTION', `${optionName('outage')}: "${word}" does not begin at 0s`, {
      hint: 'policies are compared from the first attempt on: give lengths, as 1s,4s,10s',
    });
  });
  return [...new Set(lengths)].sort((one, other) => one - other);
}

/** Every policy against every outage, `runs` times each with other jitter. @throws the signal's reason */
export async function comparePolicies(settings: ComparisonSettings): Promise<ComparisonItem[]> {
  const items: ComparisonItem[] = [];
  for (const choice of settings.policies) {
    const retried = await isRetried(choice, settings.failure, settings.signal);
    for (const lengthMs of settings.outagesMs) {
      const survival = await survivalOf(choice, outageOf(settings, lengthMs), settings);
      items.push({
        policy: describePolicy(choice),
        outageSeconds: lengthMs / 1_000,
        survives: survival.successShare === 1,
        ...survival,
        classification: policyUse(choice.name),
        retried,
        ...(retried || lengthMs === 0 ? {} : { note: notRetriedNote(choice, settings) }),
      });
      settings.onDone?.(items);
    }
  }
  return items;
}

/** With how many attempts at least the policies survive each outage for certain. @throws the signal's reason */
export async function findPolicies(settings: ComparisonSettings): Promise<FoundPolicies[]> {
  const found: FoundPolicies[] = [];
  const notRetried = await notRetriedPolicies(settings);
  for (const lengthMs of settings.outagesMs) {
    const survivors = await Promise.all(
      settings.policies.map(async (choice) => {
        const survivor = await smallestSurvivor(choice, outageOf(settings, lengthMs), settings.signal);
        if (survivor === undefined) return [];
        const policy = { ...choice.policy, maxAttempts: survivor.attempts };
        return [{ policy: describePolicy({ ...choice, policy }), ...survivor }];
      }),
    );
    const policies = survivors
      .flat()
      .sort((one, other) => one.attempts - other.attempts || one.totalSeconds - other.totalSeconds);
    found.push({ outageSeconds: lengthMs / 1_000, policies, notRetried: lengthMs === 0 ? [] : notRetried });
  }
  return found;
}

async function notRetriedPolicies(settings: ComparisonSettings): Promise<FoundPolicies['notRetried']> {
  const found: FoundPolicies['notRetried'] = [];
  for (const choice of settings.policies) {
    if (await isRetried(choice, settings.failure, settings.signal)) continue;
    found.push({ policy: describePolicy(choice), note: notRetriedNote(choice, settings) });
  }
  return found;
}

function notRetriedNote({ name }: NamedPolicy, { failure }: ComparisonSettings): string {
  const use = policyUse(name);
  return `ends at the first ${failureName(failure)}: not retried by ${use}${retriedInstead[use]}`;
}

const retriedInstead: Readonly<Record<PolicyUse, string>> = {
  creation: '',
  lock: ', which waits only while the lock is held (409)',
  status: ', which writes again only after a conflict (409)',
  plan: '',
};

/** What a failure is called in a sentence. */
function failureName({ status, errno, message }: FailureFacts): string {
  return String(status ?? errno ?? `"${message ?? 'failure'}"`);
}

function outageOf({ failure, latencyMs }: ComparisonSettings, lengthMs: number): OutageFromTheStart {
  return { lengthMs, failure, latencyMs };
}
