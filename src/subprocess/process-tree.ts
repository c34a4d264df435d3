import type { ProcessEntry } from './process-table.ts';
import { readProcess, readProcesses } from './process-table.ts';

const mostRounds = 20;

/**
 * A process and what it started, as far as that can be told: its children and theirs, and with a session of its
 * own everything in that session or process group, whoever its parent is by now.
 *
 * Non-guarantees: without a session of its own, what had lost its parent before it was first seen here; and what
 * has both left the session and lost its parent. What may not be signalled (sudo) is left alone.
 */
export class ProcessTree {
  readonly #rootPid: number;
  readonly #ownSession: boolean;
  /** pid to start, of everything that was ever seen to belong. */
  readonly #members = new Map<number, string>();

  /** To be made right after the start, while the root's number is certainly its own. */
  constructor(rootPid: number, options: { ownSession: boolean }) {
    this.#rootPid = rootPid;
    this.#ownSession = options.ownSession;
    const root = readProcess(rootPid);
    if (root !== undefined) this.#members.set(rootPid, root.started);
  }

  isGone(): boolean {
    return this.#living().length === 0;
  }

  /** Whether the root itself has been stopped, by job control or SIGSTOP. */
  isStopped(): boolean {
    return readProcess(this.#rootPid)?.state === 'T';
  }

  /** The root alone. */
  signalRoot(signal: NodeJS.Signals): void {
    if (this.#living().some(({ pid }) => pid === this.#rootPid)) send(this.#rootPid, signal);
  }

  /** Everything that lives; for SIGKILL and SIGSTOP also what starts meanwhile. */
  signalAll(signal: NodeJS.Signals): void {
    const reached = new Set<number>();
    const rounds = signal === 'SIGKILL' || signal === 'SIGSTOP' ? mostRounds : 1;
    for (let round = 0; round < rounds; round += 1) {
      const fresh = this.#living().filter(({ pid }) => !reached.has(pid));
      if (fresh.length === 0) return;
      this.#signalEach(fresh, signal, round === 0);
      for (const { pid } of fresh) reached.add(pid);
    }
  }

  #signalEach(entries: readonly ProcessEntry[], signal: NodeJS.Signals, whole: boolean): void {
    const group = this.#ownSession && whole && entries.some(({ groupId }) => groupId === this.#rootPid);
    // One call for the group: nobody in it can fork past the signal.
    if (group) send(-this.#rootPid, signal);
    for (const { pid, groupId } of entries) {
      if (!group || groupId !== this.#rootPid) send(pid, signal);
    }
  }

  #living(): ProcessEntry[] {
    const entries = readProcesses();
    const present = new Map(entries.map(({ pid, started }) => [pid, started]));
    for (const [pid, started] of this.#members) {
      if (present.get(pid) !== started) this.#members.delete(pid);
    }
    for (let known = -1; known !== this.#members.size;) {
      known = this.#members.size;
      for (const entry of entries) {
        if (this.#belongs(entry)) this.#members.set(entry.pid, entry.started);
      }
    }
    return entries.filter(({ pid, state }) => this.#members.has(pid) && state !== 'Z' && state !== 'X');
  }

  #belongs({ pid, parentPid, groupId, sessionId }: ProcessEntry): boolean {
    if (pid === process.pid) return false;
    const inSession = this.#ownSession && (groupId === this.#rootPid || sessionId === this.#rootPid);
    return inSession || this.#members.has(parentPid);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended since, or belongs to somebody whom we may not signal.
  }
}
