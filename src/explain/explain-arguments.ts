import { stat } from 'node:fs/promises';
import path from 'node:path';
import { RemedyError } from '../errors/remedy-error.ts';
import type { Explanation } from './explanation.ts';
import { explainInputs, openExplainer, type ExplainedInputs, type ExplainOptions } from './explain-run.ts';
import { withDefaults } from '../config/settings.ts';
import { resolveLockKey } from '../locks/resolve-lock-key.ts';
import type { Notes } from '../notes/notes.ts';

/** What `explainArguments` works with. */
export interface ArgumentOptions extends ExplainOptions, ExplainedInputs {
  notes: Notes;
}

const fingerprintLike = /^[0-9a-f]{8,64}$/;

/**
 * What the inputs ask for: files, or one fingerprint or its first 8 digits or more. A file goes before a fingerprint of
 * the same letters. Throws INVALID_OPTION for both at once, NOT_FOUND and AMBIGUOUS_KEY for a prefix, and what discovery
 * throws.
 */
export async function explainArguments(options: ArgumentOptions): Promise<AsyncIterable<Explanation>> {
  const { inputs, read } = options;
  const fingerprints: string[] = [];
  for (const input of inputs) {
    if (typeof input === 'string' && (await isFingerprint(input, read.cwd))) fingerprints.push(input);
  }
  const [key, second] = fingerprints;
  if (key === undefined) {
    const { clock, decisionClock = clock } = options;
    return explainInputs(await openExplainer(options), { ...options, decisionClock });
  }
  if (second !== undefined || inputs.length > 1) {
    throw new RemedyError('INVALID_OPTION', 'a fingerprint is explained alone', {
      hint: 'give one fingerprint, or files',
    });
  }
  return explainFingerprint(key, options);
}

async function isFingerprint(input: string, cwd: string): Promise<boolean> {
  if (!fingerprintLike.test(input)) return false;
  const stats = await stat(path.resolve(cwd, input)).catch(() => undefined);
  return stats === undefined;
}

async function* explainFingerprint(
  key: string,
  options: ArgumentOptions,
): AsyncGenerator<Explanation, void, void> {
  const settings = withDefaults(options.settings ?? {});
  const { fingerprint } = await resolveLockKey({ ...options, settings }, { key });
  if (fingerprint === undefined) {
    throw new RemedyError('NOT_FOUND', `only a lock begins with ${key}: its whole fingerprint is not known`, {
      hint: 'give the whole fingerprint, or the file of the signal',
    });
  }
  const explainer = await openExplainer(options);
  yield await explainer.explainFingerprint(fingerprint);
}
