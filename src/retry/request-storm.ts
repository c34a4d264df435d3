/** What many clients that are hit at once send to the server, over time. */
export interface RequestStorm {
  clients: number;
  bucketSeconds: number;
  /** Requests that began in each bucket; buckets without any are left out. */
  requests: { atSeconds: number; requests: number }[];
  total: number;
  /** The most in one bucket. */
  peak: number;
}

const bucketMs = 100;

/** Counts requests by the tenth of a second in which they begin. */
export class StormCount {
  readonly #buckets = new Map<number, number>();

  add(atMs: number): void {
    // a sum of waits may fall a rounding error short of the edge that it means
    const bucket = Math.floor((atMs + 1e-6) / bucketMs);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }

  storm(clients: number): RequestStorm {
    const counts = [...this.#buckets].sort(([one], [other]) => one - other);
    return {
      clients,
      bucketSeconds: bucketMs / 1_000,
      requests: counts.map(([bucket, requests]) => ({ atSeconds: (bucket * bucketMs) / 1_000, requests })),
      total: counts.reduce((sum, [, requests]) => sum + requests, 0),
      peak: counts.reduce((most, [, requests]) => Math.max(most, requests), 0),
    };
  }
}
