import type { Random } from '../time/random.ts';

const nsPerMs = 1_000_000;

/** A hundred days: beyond it whole nanoseconds are no longer exact, and no one waits. */
const longestNs = 100 * 86_400 * 1e9;

/** How the nominal wait grows from one attempt to the next. */
export type Growth = 'exponential' | 'quadratic' | 'constant';

/** How waits grow from one attempt to the next; times in milliseconds. */
export interface BackoffShape {
  /** The first nominal wait, milliseconds; also the lower bound of every wait. */
  readonly initialMs: number;
  /** The upper bound of every wait, milliseconds; `Infinity` for none. */
  readonly maxMs: number;
  /** Factor between two waits; read by `exponential` growth only. */
  readonly multiplier: number;
  /** Fraction of the nominal wait by which a wait may differ from it, 0 to 1. */
  readonly jitter: number;
  /** Default `exponential`. */
  readonly growth?: Growth;
  /** Whether jitter goes both ways from the nominal wait or only lengthens it. Default `around`. */
  readonly spread?: 'around' | 'above';
}

/** An immutable position in a sequence of waits. */
interface Backoff {
  readonly shape: BackoffShape;
  /** The number of the attempt that failed last, from 1. */
  readonly attempt: number;
}

interface WaitBounds {
  readonly minMs: number;
  readonly nominalMs: number;
  readonly maxMs: number;
}

/** The position after the first failed attempt. */
export function startBackoff(shape: BackoffShape): Backoff {
  return { shape, attempt: 1 };
}

/** State in, the wait and the next state out; the only effect is one draw from `random`. */
export function takeDelay(backoff: Backoff, random: Random): { delayMs: number; next: Backoff } {
  return {
    delayMs: delayAfter(backoff.shape, backoff.attempt, random),
    next: { ...backoff, attempt: backoff.attempt + 1 },
  };
}

/**
 * The wait after attempt number `attempt` (from 1) has failed, milliseconds. Reckoned in whole
 * nanoseconds as the gateway's Go code does, so that the bounds are the same to the last digit.
 */
export function delayAfter(shape: BackoffShape, attempt: number, random: Random): number {
  if (attempt < 1) return shape.initialMs;
  const nominalNs = nominalDelayNs(shape, attempt);
  const reachNs = Math.floor(nominalNs * shape.jitter);
  const draw = random.next();
  const jitterNs =
    shape.spread === 'above' ? Math.floor(draw * reachNs) : Math.floor(draw * 2 * reachNs) - reachNs;
  return clamp(shape, (nominalNs + jitterNs) / nsPerMs);
}

/** The wait without jitter, milliseconds. Before the first attempt it is the initial one. */
export function nominalDelay(shape: BackoffShape, attempt: number): number {
  return attempt < 1 ? shape.initialMs : clamp(shape, nominalDelayNs(shape, attempt) / nsPerMs);
}

/** What the wait after attempt number `attempt` can be: `maxMs` is approached, and reached only where it is capped. */
export function delayBounds(shape: BackoffShape, attempt: number): WaitBounds {
  const nominalMs = nominalDelay(shape, attempt);
  if (attempt < 1) return { minMs: nominalMs, nominalMs, maxMs: nominalMs };
  const nominalNs = nominalDelayNs(shape, attempt);
  const reachNs = Math.floor(nominalNs * shape.jitter);
  const shorterNs = shape.spread === 'above' ? 0 : reachNs;
  return {
    minMs: clamp(shape, (nominalNs - shorterNs) / nsPerMs),
    nominalMs,
    maxMs: clamp(shape, (nominalNs + reachNs) / nsPerMs),
  };
}

function nominalDelayNs(shape: BackoffShape, attempt: number): number {
  const initialNs = Math.round(shape.initialMs * nsPerMs);
  if (initialNs === 0) return 0;
  const grownNs = Math.floor(initialNs * growthFactor(shape, attempt));
  return Math.min(grownNs, shape.maxMs * nsPerMs, longestNs);
}

function growthFactor(shape: BackoffShape, attempt: number): number {
  switch (shape.growth ?? 'exponential') {
    case 'exponential':
      return shape.multiplier ** (attempt - 1);
    case 'quadratic':
      return attempt ** 2;
    case 'constant':
      return 1;
  }
}

function clamp(shape: BackoffShape, delayMs: number): number {
  return Math.min(Math.max(delayMs, shape.initialMs), shape.maxMs);
}
