import { creationRetry } from '../retry/retry-policy.ts';
import type { RecordedPolicy } from '../retry/trace-format.ts';
import type { Fault } from '../documents/document-places.ts';
import { policyByName, runnableProblems, withNotation } from '../retry/policy-notation.ts';
import type { TraceHead } from './trace-schema.ts';

type HeadPolicy = NonNullable<TraceHead['policies']>[string];

/** The policies of a trace's header, and what is wrong with them. */
export function policiesOf({ policies = {} }: TraceHead): {
  policies: ReadonlyMap<string, RecordedPolicy>;
  faults: Fault[];
} {
  const faults: Fault[] = [];
  const read = new Map<string, RecordedPolicy>();
  for (const [name, written] of Object.entries(policies)) {
    const { policy, problems } = readPolicy(name, written);
    faults.push(
      ...problems.map((message) => ({ path: ['policies', name], message: `is wrong: ${message}` })),
    );
    read.set(name, policy);
  }
  return { policies: read, faults };
}

/** A policy of the trace itself, or one of the names that everybody knows. */
export function policyIn(
  policies: ReadonlyMap<string, RecordedPolicy>,
  name: string,
): RecordedPolicy | undefined {
  return policies.get(name) ?? policyByName(name);
}

function readPolicy(name: string, written: HeadPolicy): { policy: RecordedPolicy; problems: string[] } {
  if (!('initialSeconds' in written)) return withNotation(policyByName(name) ?? creationRetry, written);
  const { maxAttempts, initialSeconds, maxSeconds, withinSeconds, growth, spread, ...rest } = written;
  const policy: RecordedPolicy = {
    ...rest,
    growth,
    spread,
    maxAttempts: maxAttempts ?? Number.POSITIVE_INFINITY,
    initialMs: initialSeconds * 1_000,
    maxMs: maxSeconds === undefined ? Number.POSITIVE_INFINITY : maxSeconds * 1_000,
    ...(withinSeconds === undefined ? {} : { withinMs: withinSeconds * 1_000 }),
  };
  return { policy, problems: runnableProblems(policy) };
}
