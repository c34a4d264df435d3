import { existsSync } from 'node:fs';
import path from 'node:path';
import { creationRetry } from '../../retry/retry-policy.ts';
import type { Runtime } from '../runtime.ts';
import { parseInlinePolicy, policyByName, unknownPolicy, withNotation } from './policy-notation.ts';
import type { NamedPolicy, PolicyNotation } from './policy-notation.ts';

/**
 * The policies that a word names: one of ours, `key=value` pairs, or a file that holds one or several. A name wins
 * over a file; `./creation` is the file. Throws USAGE, INVALID_DOCUMENT or INPUT_UNREADABLE.
 */
export async function choosePolicies(text: string, runtime: Runtime): Promise<NamedPolicy[]> {
  const known = policyByName(text);
  if (known !== undefined) return [{ name: text, policy: known }];
  if (text === '-' || existsSync(path.resolve(runtime.cwd, text))) return readPolicyFile(text, runtime);
  if (text.includes('=') || text.includes(',')) return [parseInlinePolicy(text)];
  throw unknownPolicy(text);
}

async function readPolicyFile(file: string, runtime: Runtime): Promise<NamedPolicy[]> {
  const [{ CheckedDocument }, { readChunks, readText }, { policyFileSchema }] = await Promise.all([
    import('./checked-document.ts'),
    import('./input-text.ts'),
    import('./trace-schema.ts'),
  ]);
  const document = new CheckedDocument(await readText(readChunks(file, runtime), file), file, 'policy');
  const content = document.check(policyFileSchema);
  const read = (name: string, notation: PolicyNotation, at: string[]): NamedPolicy => {
    const { policy, problems } = withNotation(policyByName(name) ?? creationRetry, notation);
    if (problems.length === 0) return { name, policy };
    throw document.invalid(problems.map((message) => ({ path: at, message: `is wrong: ${message}` })));
  };
  if (!('policies' in content)) {
    return [read(path.basename(file).replace(/\.[^.]*$/, ''), content, [])];
  }
  return Object.entries(content.policies).map(([name, notation]) => read(name, notation, ['policies', name]));
}
