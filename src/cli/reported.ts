const reported = new WeakSet<object>();

/** Marks a failure that stands in a document on stdout already, so that no second document follows. */
export function markReported(thrown: unknown): void {
  if (typeof thrown === 'object' && thrown !== null) reported.add(thrown);
}

export function isReported(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && reported.has(thrown);
}
