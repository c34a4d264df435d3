import type { Runtime } from './runtime.ts';

const reported = new WeakSet<object>();

/** Marks a failure that stands in a document on stdout already, so that no second document follows. */
export function markReported(thrown: unknown): void {
  if (typeof thrown === 'object' && thrown !== null) reported.add(thrown);
}

/** Whether stdout has its one document already, with this failure in it or ended before it came. */
export function isReported(thrown: unknown, runtime: Runtime): boolean {
  if (ended.has(runtime)) return true;
  return typeof thrown === 'object' && thrown !== null && reported.has(thrown);
}

const ended = new WeakSet<Runtime>();

/** Notes that the document of this run is on stdout, whole; a later failure is told on stderr alone. */
export function markDocumentEnded(runtime: Runtime): void {
  ended.add(runtime);
}
