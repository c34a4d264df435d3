import { stat } from 'node:fs/promises';
import path from 'node:path';
import { RemedyError } from '../errors/remedy-error.ts';
import type { Explanation } from '../explain/explanation.ts';
import { explainInputs, openExplainer, type ExplainPlan } from './explain-run.ts';
import { resolveLockKey } from './lease/resolve-lock-key.ts';
import type { Session } from './session.ts';

const fingerprintLike = /^[0-9a-f]{8,64}$/;

/**
 * What the arguments of `signal explain` ask for: files, or one fingerprint. A file goes before a fingerprint of the
 * same letters. Throws USAGE for both at once, NOT_FOUND and AMBIGUOUS_KEY for a prefix, and what discovery throws.
 */
export async function explainArguments(
  session: Session,
  inputs: readonly string[],
  plan: ExplainPlan,
): Promise<AsyncIterable<Explanation>> {
  const fingerprints: string[] = [];
  for (const input of inputs) if (await isFingerprint(input, session.runtime.cwd)) fingerprints.push(input);
  const [key, second] = fingerprints;
  if (key === undefined) {
    const explainer = await openExplainer(session, plan);
    return explainInputs(session, explainer, { inputs, flags: plan.flags });
  }
  if (second !== undefined || inputs.length > 1) {
    throw new RemedyError('USAGE', 'a fingerprint is explained alone', {
      hint: 'give one fingerprint, or files',
    });
  }
  return explainFingerprint(session, key, plan);
}

async function isFingerprint(input: string, cwd: string): Promise<boolean> {
  if (!fingerprintLike.test(input)) return false;
  const stats = await stat(path.resolve(cwd, input)).catch(() => undefined);
  return stats === undefined;
}

async function* explainFingerprint(
  session: Session,
  key: string,
  plan: ExplainPlan,
): AsyncGenerator<Explanation, void, void> {
  const { client } = plan;
  const { fingerprint } = await resolveLockKey(session, client, {
    key,
    'raw-key': false,
    resource: undefined,
    'resource-namespace': undefined,
    'resource-cluster-id': undefined,
  });
  if (fingerprint === undefined) {
    throw new RemedyError('NOT_FOUND', `only a lock begins with ${key}: its whole fingerprint is not known`, {
      hint: 'give the whole fingerprint, or the file of the signal',
    });
  }
  const explainer = await openExplainer(session, plan);
  yield await explainer.explainFingerprint(fingerprint);
}
