import { existsSync } from 'node:fs';
import path from 'node:path';
import { creationRetry } from './retry-policy.ts';
import type { InputPlace } from '../documents/input-text.ts';
import { parseInlinePolicy, policyByName, unknownPolicy, withNotation } from './policy-notation.ts';
import type { NamedPolicy, PolicyNotation } from './policy-notation.ts';

/**
 * The policies that a word names: one of ours, `key=value` pairs, or a file that holds one or several. A name wins
 * over a file; `./creation` is the file. @throws INVALID_OPTION, INVALID_DOCUMENT, INPUT_UNREADABLE
 */
export async function choosePolicies(text: string, place: InputPlace): Promise<NamedPolicy[]> {
  const known = policyByName(text);
  if (known !== undefined) return [{ name: text, policy: known }];
  if (text === '-' || existsSync(path.resolve(place.cwd, text))) return readPolicyFile(text, place);
  if (text.includes('=') || text.includes(',')) return [parseInlinePolicy(text)];
  throw unknownPolicy(text);
}

const hint = 'remedyctl retry schema policy prints what can stand there';

async function readPolicyFile(file: string, place: InputPlace): Promise<NamedPolicy[]> {
  const [{ CheckedDocument }, { readChunks, readText }, { policiesSchema, policySchema }] = await Promise.all(
    [
      import('../documents/checked-document.ts'),
      import('../documents/input-text.ts'),
      import('./policy-schema.ts'),
    ],
  );
  const text = await readText(readChunks(file, place), file);
  const document = await CheckedDocument.read({ text, file, hint, signal: place.signal });
  const read = async (name: string, notation: PolicyNotation, at: string[]): Promise<NamedPolicy> => {
    const { policy, problems } = withNotation(policyByName(name) ?? creationRetry, notation);
    if (problems.length === 0) return { name, policy };
    throw await document.invalid(problems.map((message) => ({ path: at, message: `is wrong: ${message}` })));
  };
  const { value } = document;
  if (typeof value !== 'object' || value === null || !('policies' in value)) {
    const notation = await document.check(policySchema);
    return [await read(path.basename(file).replace(/\.[^.]*$/, ''), notation, [])];
  }
  const content = await document.check(policiesSchema);
  const policies: NamedPolicy[] = [];
  for (const [name, notation] of Object.entries(content.policies)) {
    policies.push(await read(name, notation, ['policies', name]));
  }
  return policies;
}
