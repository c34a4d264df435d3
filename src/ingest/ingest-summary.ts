import type { IngestSummary } from './ingest-item.ts';

/** Totals before the first signal. */
export function emptySummary(): IngestSummary {
  return {
    total: 0,
    created: 0,
    duplicate: 0,
    wouldCreate: 0,
    wouldDuplicate: 0,
    wouldWait: 0,
    skipped: 0,
    rejected: 0,
    failed: 0,
    notRun: 0,
    apiRequests: { shared: 0, lookups: 0 },
  };
}
