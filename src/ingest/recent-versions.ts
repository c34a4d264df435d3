/** A bounded memory of versions by uid, the oldest entry forgotten first. */
export class RecentVersions {
  readonly #versions = new Map<string, string>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(uid: string): string | undefined {
    return this.#versions.get(uid);
  }

  set(uid: string, version: string): void {
    this.#versions.delete(uid);
    this.#versions.set(uid, version);
    if (this.#versions.size <= this.#limit) return;
    const oldest = this.#versions.keys().next();
    if (oldest.done !== true) this.#versions.delete(oldest.value);
  }

  forget(uid: string): void {
    this.#versions.delete(uid);
  }
}
