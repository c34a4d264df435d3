import type { CST } from 'yaml';
import { maxDepth } from './json-value-scanner.ts';

/** Where the source nests too deep: to be asked before composing, which recurses. */
export function findTooDeep(tokens: CST.Token[]): number | undefined {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) return token.offset;
    for (const inner of innerTokens(token)) open.push({ token: inner, depth: depth + 1 });
  }
  return undefined;
}

function innerTokens(token: CST.Token): CST.Token[] {
  const inner = token.type === 'document' ? [token.value] : [];
  if ('items' in token) for (const { key, value } of token.items) inner.push(key ?? undefined, value);
  return inner.filter((each) => each !== undefined);
}
