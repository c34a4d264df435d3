import { isTerminalPhase } from './phase.ts';
import type { RequestSummary } from './request-summary.ts';

/** The key of a resource among the targets of active requests. `member`: `Kind/name`. */
export function targetKey(member: string, namespace = ''): string {
  return `${namespace}:${member}`;
}

/** The key of what a request is at work on; undefined where it has ended, or is being deleted. */
export function activeTarget({ phase, deletionTimestamp, target }: RequestSummary): string | undefined {
  if (target === undefined || isTerminalPhase(phase) || deletionTimestamp !== undefined) return undefined;
  return targetKey(`${target.kind}/${target.name}`, target.namespace);
}
