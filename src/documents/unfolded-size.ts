import { maxDepth } from './json-value-scanner.ts';

/**
 * About how long a value is as JSON, every use of a shared part counted: what aliases unfold to. Stops counting
 * beyond `limit`; `endless` where it nests deeper than anything may, as a value does that contains itself.
 */
export function unfoldedSize(value: unknown, limit: number): number | 'endless' {
  let size = 0;
  const open = [{ value, depth: 0 }];
  for (let next = open.pop(); next !== undefined && size <= limit; next = open.pop()) {
    if (next.depth > maxDepth) return 'endless';
    size += 1;
    if (typeof next.value === 'string') size += next.value.length;
    if (next.value === null || typeof next.value !== 'object') continue;
    for (const [key, member] of Object.entries(next.value)) {
      size += key.length;
      open.push({ value: member, depth: next.depth + 1 });
    }
  }
  return size;
}
