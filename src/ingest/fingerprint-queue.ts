/**
 * One group of work at a time per fingerprint. What arrives while a group is under way waits and makes up
 * the next group, in the order of arrival, so that duplicates which wait on each other share one write.
 */
export class FingerprintQueue<Work> {
  readonly #waiting = new Map<string, Work[]>();
  readonly #runGroup: (fingerprint: string, group: Work[]) => Promise<void>;

  /** `runGroup` settles every member of the group itself; it must not reject. */
  constructor(runGroup: (fingerprint: string, group: Work[]) => Promise<void>) {
    this.#runGroup = runGroup;
  }

  add(fingerprint: string, work: Work): void {
    const queued = this.#waiting.get(fingerprint);
    if (queued !== undefined) {
      queued.push(work);
      return;
    }
    this.#waiting.set(fingerprint, [work]);
    void this.#drain(fingerprint);
  }

  async #drain(fingerprint: string): Promise<void> {
    for (;;) {
      // Members that are added in the same turn belong to the same group.
      await Promise.resolve();
      const group = this.#waiting.get(fingerprint) ?? [];
      if (group.length === 0) {
        this.#waiting.delete(fingerprint);
        return;
      }
      this.#waiting.set(fingerprint, []);
      await this.#runGroup(fingerprint, group);
    }
  }
}
