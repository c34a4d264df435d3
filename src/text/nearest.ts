import { distance } from 'fastest-levenshtein';

/** The word that was meant: one that begins so, else the closest by edit distance, where it is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lowered = word.toLowerCase();
  let best: { candidate: string; apart: number } | undefined;
  for (const candidate of known) {
    const other = candidate.toLowerCase();
    const apart = word.length > 1 && other.startsWith(lowered) ? 0.5 : distance(lowered, other);
    if (best === undefined || apart < best.apart) best = { candidate, apart };
  }
  return best !== undefined && best.apart <= nearEnough(word) ? best.candidate : undefined;
}

/** One slip in three letters is still the same word; four are another one. */
function nearEnough(word: string): number {
  return Math.min(3, Math.max(1, Math.ceil(word.length / 3)));
}
