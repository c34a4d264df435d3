/** A look at the signal now: it may have aborted since the last one. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
