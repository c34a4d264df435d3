import { setMaxListeners } from 'node:events';

/**
 * A signal that aborts with the first of its parents, and can be let go of. `AbortSignal.any` keeps a
 * reference in a long-lived parent for every short-lived child; a run makes one child for each signal.
 */
export interface AbortLink {
  signal: AbortSignal;
  unlink(): void;
}

export function linkAborts(parents: readonly AbortSignal[]): AbortLink {
  const child = new AbortController();
  // As many children as there are signals under way: no leak, and no reason for Node to warn on stderr.
  setMaxListeners(0, ...parents);
  const listeners = parents.map((parent) => ({
    parent,
    listener: (): void => {
      child.abort(parent.reason);
    },
  }));
  for (const { parent, listener } of listeners) {
    if (parent.aborted) listener();
    else parent.addEventListener('abort', listener, { once: true });
  }
  return {
    signal: child.signal,
    unlink: () => {
      for (const { parent, listener } of listeners) parent.removeEventListener('abort', listener);
    },
  };
}

/** A look at the signal now: it may have aborted since the last one. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
