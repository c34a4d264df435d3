/**
 * Kubernetes Events, one a line, about objects of a kind that no server has: no owner is looked up, so that the
 * requests of a run are those of the decision alone.
 */
export function* eventLines(count: number, prefix: string): Generator<Buffer, void> {
  for (let index = 0; index < count; index += 1) {
    const name = `widget-${prefix}${index}`;
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.1`, namespace: 'prod' },
      involvedObject: { apiVersion: 'example.com/v1', kind: 'Widget', namespace: 'prod', name },
      type: 'Warning',
      reason: 'BackOff',
      message: 'Back-off restarting failed container',
      firstTimestamp: '2026-11-22T12:00:00Z',
      lastTimestamp: '2026-11-22T12:00:00Z',
      count: 1,
    };
    yield Buffer.from(`${JSON.stringify(event)}\n`);
  }
}
