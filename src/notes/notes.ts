/** What work says beside its result, for a person who waits; none of it is part of any contract. */
export interface Notes {
  /** Worth a line. */
  say(text: string): void;
  /** Said once in a run, however often it happens. */
  sayOnce(text: string): void;
  warn(text: string): void;
  /** For those who want to know more. */
  detail(text: string): void;
}

/** How far long work has come. */
export interface Progress {
  start(text: string): void;
  /** New text, such as a count; asked for when it is shown. */
  update(text: () => string): void;
  /** Shown in place of what `update` says, until it is taken back. */
  hold(text: (() => string) | undefined): void;
  stop(): void;
}

/** For whoever wants to hear nothing. */
export const silentNotes: Notes = Object.freeze({
  say: () => undefined,
  sayOnce: () => undefined,
  warn: () => undefined,
  detail: () => undefined,
});

/** For whoever wants to see nothing. */
export const silentProgress: Progress = Object.freeze({
  start: () => undefined,
  update: () => undefined,
  hold: () => undefined,
  stop: () => undefined,
});
