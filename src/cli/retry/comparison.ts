import { RemedyError } from '../../errors/remedy-error.ts';
import { smallestSurvivor, survivalOf } from '../../retry/outage-comparison.ts';
import type { OutageFromTheStart, SmallestSurvivor, Survival } from '../../retry/outage-comparison.ts';
import type { FailureFacts } from '../../retry/recorded-failure.ts';
import type { TableColumn } from '../render/table.ts';
import { durationOf } from './outage-notation.ts';
import { describePolicy } from './policy-notation.ts';
import type { NamedPolicy } from './policy-notation.ts';
import { shortTime } from './schedule-view.ts';

type Policy = ReturnType<typeof describePolicy>;

export interface ComparisonItem extends Survival {
  policy: Policy;
  outageSeconds: number;
  /** In every run. */
  survives: boolean;
}

/** The policies that survive an outage for certain once they may try often enough, the smallest first. */
export interface FoundPolicies {
  outageSeconds: number;
  policies: ({ policy: Policy } & SmallestSurvivor)[];
}

export interface ComparisonSettings {
  policies: readonly NamedPolicy[];
  outagesMs: readonly number[];
  failure: FailureFacts;
  latencyMs: number;
  runs: number;
  seed: number;
}

/** From what a deployment of the API server takes to what its machine takes to come back. */
const usualOutages = ['100ms', '300ms', '1s', '3s', '10s', '30s', '1m'];

/** Lengths of outages: `4s`, or `0s..4s`; in growing order. Throws USAGE. */
export function parseOutageLengths(words: readonly string[]): number[] {
  const chosen = words.length === 0 ? usualOutages : words.flatMap((word) => word.split(','));
  const lengths = chosen.map((word) => {
    const [from = '', to] = word.split('..');
    if (to === undefined) return durationOf('outage', from);
    if (durationOf('outage', from) === 0) return durationOf('outage', to);
    throw new RemedyError('USAGE', `--outage: "${word}" does not begin at 0s`, {
      hint: 'policies are compared from the first attempt on: give lengths, as 1s,4s,10s',
    });
  });
  return [...new Set(lengths)].sort((one, other) => one - other);
}

export async function comparePolicies(settings: ComparisonSettings): Promise<ComparisonItem[]> {
  const items: ComparisonItem[] = [];
  for (const choice of settings.policies) {
    for (const lengthMs of settings.outagesMs) {
      const survival = await survivalOf(choice.policy, outageOf(settings, lengthMs), settings);
      items.push({
        policy: describePolicy(choice),
        outageSeconds: lengthMs / 1_000,
        survives: survival.successShare === 1,
        ...survival,
      });
    }
  }
  return items;
}

export async function findPolicies(settings: ComparisonSettings): Promise<FoundPolicies[]> {
  const found: FoundPolicies[] = [];
  for (const lengthMs of settings.outagesMs) {
    const survivors = await Promise.all(
      settings.policies.map(async (choice) => {
        const survivor = await smallestSurvivor(choice.policy, outageOf(settings, lengthMs));
        if (survivor === undefined) return [];
        const policy = { ...choice.policy, maxAttempts: survivor.attempts };
        return [{ policy: describePolicy({ ...choice, policy }), ...survivor }];
      }),
    );
    const policies = survivors
      .flat()
      .sort((one, other) => one.attempts - other.attempts || one.totalSeconds - other.totalSeconds);
    found.push({ outageSeconds: lengthMs / 1_000, policies });
  }
  return found;
}

function outageOf({ failure, latencyMs }: ComparisonSettings, lengthMs: number): OutageFromTheStart {
  return { lengthMs, failure, latencyMs };
}

export const comparisonColumns: TableColumn<ComparisonItem>[] = [
  { header: 'POLICY', cell: ({ policy }) => String(policy['name'] ?? '') },
  { header: 'OUTAGE', cell: ({ outageSeconds }) => shortTime(outageSeconds) },
  { header: 'SURVIVES', cell: ({ successShare }) => shareText(successShare) },
  { header: 'REQUESTS P50', cell: ({ requests }) => String(requests.p50) },
  { header: 'P99', cell: ({ requests }) => String(requests.p99) },
  { header: 'TOTAL P50', cell: ({ totalSeconds }) => shortTime(totalSeconds.p50) },
  { header: 'P99', cell: ({ totalSeconds }) => shortTime(totalSeconds.p99) },
];

/** Shares near the ends are not rounded to them: 99.96 % is not always. */
function shareText(share: number): string {
  if (share === 0 || share === 1) return share === 1 ? 'yes' : 'no';
  return `${Math.min(99.9, Math.max(0.1, Math.round(share * 1_000) / 10))} %`;
}

export function foundLines(found: readonly FoundPolicies[]): string[] {
  return found.map(({ outageSeconds, policies }) => {
    const [smallest] = policies;
    const outage = `outage of ${shortTime(outageSeconds)}`;
    if (smallest === undefined) return `${outage}: none of them survives it, however often it tries`;
    const { policy, attempts, totalSeconds } = smallest;
    return `${outage}: ${String(policy['name'] ?? '')} with ${attempts} attempts survives it always, at the earliest after ${shortTime(totalSeconds)}`;
  });
}
