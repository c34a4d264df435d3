/** How the command ended: one of the two. */
export type SubjectEnd = { exitCode: number; signal?: undefined } | { signal: string; exitCode?: undefined };

/** What can be asked of a command and everything it started. */
export type SubjectRequest = 'terminate' | 'kill' | 'freeze' | 'thaw';

/** What runs under a lock. A process in production; tests have their own. */
export interface Subject {
  /** Rejects where it cannot be started; then nothing of it runs. */
  start(): Promise<void>;
  /** Takes effect on all that still runs of it; nothing running is no error. */
  ask(request: SubjectRequest): void;
  /** Settles with the end of what was started, which may leave others behind. Never rejects. */
  readonly ended: Promise<SubjectEnd>;
  /** Whether nothing that it started runs any more. */
  isGone(): boolean;
}
