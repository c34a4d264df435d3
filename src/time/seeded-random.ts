import type { Random } from './random.ts';

/** The state of the generator, 32 bits each. */
export type Xoshiro128State = readonly [number, number, number, number];

/**
 * One step of xoshiro128** 1.1 by David Blackman and Sebastiano Vigna (public domain,
 * https://prng.di.unimi.it/xoshiro128starstar.c): state in, a 32-bit number and the next state out.
 * The state must not be all zero.
 */
export function stepXoshiro128(state: Xoshiro128State): { value: number; next: Xoshiro128State } {
  const [s0, s1, s2, s3] = state;
  const value = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
  const mixed2 = s2 ^ s0;
  const mixed3 = s3 ^ s1;
  return { value, next: [s0 ^ mixed3, s1 ^ mixed2, mixed2 ^ (s1 << 9), rotateLeft(mixed3, 11)] };
}

/**
 * The same numbers for the same seed, on every machine and in every release: traces and tests rest on it.
 * Not for secrets.
 */
export class SeededRandom implements Random {
  #state: Xoshiro128State;

  /** `seed`: any number; its integer part modulo 2^32 counts. */
  constructor(seed: number) {
    // Filled by SplitMix32, so that neighbouring seeds share nothing and the state is never all zero.
    const fill = splitMix32(seed);
    this.#state = [fill(), fill(), fill(), fill()];
  }

  next(): number {
    // The 53 bits that a double holds, from two draws.
    return ((this.#word() >>> 5) * 2 ** 26 + (this.#word() >>> 6)) / 2 ** 53;
  }

  uuid(): string {
    const words = [this.#word(), this.#word(), this.#word(), this.#word()];
    const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
    // RFC 9562: the version is 4, the variant's two bits are 10.
    const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `${variant}${hex.slice(17, 20)}`,
      hex.slice(20),
    ].join('-');
  }

  #word(): number {
    const { value, next } = stepXoshiro128(this.#state);
    this.#state = next;
    return value;
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/**
 * A bijection of a 32-bit counter (Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
 * OOPSLA 2014, with MurmurHash3's 32-bit finaliser), so of four successive words at most one is zero.
 */
function splitMix32(seed: number): () => number {
  let counter = seed | 0;
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    let word = counter;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return word ^ (word >>> 16);
  };
}
