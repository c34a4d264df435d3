import type { ReadDocument } from '../../../src/documents/source-document.ts';

/** A document as the reader hands it on, from its JSON text. */
export function documentOf(text: string, more: Partial<ReadDocument> = {}): ReadDocument {
  const value = JSON.parse(text) as unknown;
  return { kind: 'document', file: 'in.json', document: 0, line: 1, value, text, warnings: [], ...more };
}

export function webhookOf(alerts: unknown[], more: Record<string, unknown> = {}): string {
  return JSON.stringify({ version: '4', status: 'firing', alerts, ...more });
}

export function alertOf(labels: Record<string, unknown>, more: Record<string, unknown> = {}): unknown {
  return {
    status: 'firing',
    labels: { alertname: 'PodRestartsHigh', ...labels },
    startsAt: '2026-08-22T11:58:30Z',
    ...more,
  };
}

export function eventOf(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    type: 'Warning',
    reason: 'BackOff',
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'checkout-0', namespace: 'shop' },
    firstTimestamp: '2026-08-22T11:50:00Z',
    lastTimestamp: '2026-08-22T11:59:00Z',
    ...more,
  };
}
