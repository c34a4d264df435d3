import type { z } from 'zod';

/** One thing that is wrong in a document: which field, and what. */
export interface Fault {
  path: PropertyKey[];
  message: string;
}

/** zod's issues as faults, the innermost of a choice that fits best. */
export function faultsOf(error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(issue, []));
}

function faultsOfIssue(issue: z.core.$ZodIssue, at: PropertyKey[]): Fault[] {
  const path = [...at, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message: 'is not known here' }));
  }
  if (issue.code !== 'invalid_union') return [{ path, message: lowerFirst(issue.message) }];
  const [best] = [...issue.errors].sort((one, other) => depthOf(other) - depthOf(one));
  if (best === undefined || depthOf(best) === 0) return [{ path, message: lowerFirst(issue.message) }];
  return best.flatMap((inner) => faultsOfIssue(inner, path));
}

/** A branch whose faults lie inside of the value has taken its outer form for right. */
function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(
    0,
    ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)),
  );
}

/** `attempts[2].error.status`. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, part) =>
      typeof part === 'number' ? `${name}[${part}]` : `${name}${name === '' ? '' : '.'}${String(part)}`,
    '',
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
