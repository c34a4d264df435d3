/** Chance as the domain sees it: seeded in tests and replays, the system's in production. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A version 4 UUID in lower case. */
  uuid(): string;
}
