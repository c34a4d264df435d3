import type { Random } from '../time/random.ts';

const firstMs = 100;
const highestMs = 1000;
const factor = 2;
const jitter = 0.1;

/** Tries where no time is set: as many as the gateway makes. */
const defaultTries = 10;

/** How often and how far apart a lock that somebody else holds is tried for. */
export interface Contention {
  /** Tries in all, where no time is set. */
  tries: number;
  /** Milliseconds after the n-th try, from 1. */
  waitMs: (tries: number, random: Random) => number;
}

/**
 * How long to wait after the n-th try (from 1) has met contention: 100 ms, doubled each time up to 1 s, +-10%,
 * never outside 100 ms to 1 s. The gateway's own figures, so that neither side starves the other.
 */
export function contentionWaitMs(tries: number, random: Pick<Random, 'next'>): number {
  const nominalMs = Math.min(firstMs * factor ** (tries - 1), highestMs);
  const jitteredMs = nominalMs * (1 + jitter * (2 * random.next() - 1));
  return Math.min(Math.max(jitteredMs, firstMs), highestMs);
}

/** The gateway's own contention. */
export const defaultContention: Contention = { tries: defaultTries, waitMs: contentionWaitMs };
