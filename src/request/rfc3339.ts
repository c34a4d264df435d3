/** RFC 3339 in UTC with whole seconds, cut and never rounded: metav1.Time on the wire. */
export function formatSeconds(epochMs: number): string {
  return new Date(Math.floor(epochMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
