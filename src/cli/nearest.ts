import { distance } from 'fastest-levenshtein';

/** The candidate that is closest to `word` by edit distance, if it is close enough to be meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: { candidate: string; apart: number } | undefined;
  for (const candidate of candidates) {
    const apart = candidate.startsWith(word) ? 0.5 : distance(word, candidate);
    if (best === undefined || apart < best.apart) best = { candidate, apart };
  }
  return best !== undefined && best.apart <= Math.max(2, word.length / 3) ? best.candidate : undefined;
}
