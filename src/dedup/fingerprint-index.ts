import { deduplicationState, type DeduplicationState } from './deduplication-state.ts';
import { readRequestFacts, TextPool, type RequestFacts } from '../request/request-facts.ts';
import type { KubeObject } from '../api/objects.ts';

/**
 * The requests of a namespace by fingerprint, as summaries: a few hundred bytes each, whatever the objects weigh.
 * Requests without a fingerprint are left out, since no signal can ever meet them.
 */
export class FingerprintIndex {
  readonly #byFingerprint = new Map<string, Map<string, RequestFacts>>();
  readonly #pool = new TextPool();

  /** Takes an object up, or its newer version. @returns its fingerprint; undefined where it has none. */
  put(object: KubeObject): string | undefined {
    const facts = this.#pool.share(readRequestFacts(object));
    const { fingerprint, name } = facts;
    if (fingerprint === '') return undefined;
    const group = this.#byFingerprint.get(fingerprint);
    if (group === undefined) this.#byFingerprint.set(fingerprint, new Map([[name, facts]]));
    else group.set(name, facts);
    return fingerprint;
  }

  /** @returns the fingerprint that it was known under. */
  remove(object: KubeObject): string | undefined {
    const { fingerprint, name } = readRequestFacts(object);
    const group = this.#byFingerprint.get(fingerprint);
    if (group?.delete(name) !== true) return undefined;
    if (group.size === 0) this.#byFingerprint.delete(fingerprint);
    return fingerprint;
  }

  requests(fingerprint: string): RequestFacts[] {
    return [...(this.#byFingerprint.get(fingerprint)?.values() ?? [])];
  }

  fingerprints(): Iterable<string> {
    return this.#byFingerprint.keys();
  }

  get size(): number {
    return this.#byFingerprint.size;
  }

  state(fingerprint: string, nowMs: number): DeduplicationState {
    return deduplicationState(fingerprint, this.requests(fingerprint), nowMs);
  }
}
