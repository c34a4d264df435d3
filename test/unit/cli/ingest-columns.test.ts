import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { ingestColumns } from '../../../src/cli/render/ingest-columns.ts';
import type { IngestItem } from '../../../src/ingest/ingest-item.ts';

const source = { file: 'alerts.json', document: 0, index: 0 };
const request = { namespace: 'shop', name: 'rr-1' };

describe('a row of signal ingest', () => {
  it.each<[string, IngestItem]>([
    [
      'a created request whose count was not written',
      { source, outcome: 'created', request, deduplication: { persisted: false } },
    ],
    [
      'a duplicate whose request was gone',
      {
        source,
        outcome: 'duplicate',
        request,
        deduplication: { persisted: false },
        decision: { reason: 'active' },
      },
    ],
    ['a failure before anything was known', { source, outcome: 'failed' }],
    ['a signal that was not run', { source, outcome: 'notRun' }],
    [
      'one that would be a duplicate of none yet',
      { source, outcome: 'wouldDuplicate', decision: { reason: 'active' } },
    ],
    [
      'a decision without its request',
      { source, outcome: 'duplicate', decision: { reason: 'backoff', phase: '' } },
    ],
  ])('shows nothing for what is not known: %s', (_, item) => {
    for (const { header, cell } of ingestColumns(new Chalk({ level: 0 }))) {
      expect(`${header} ${cell(item) ?? '-'}`).not.toMatch(/undefined|null|NaN/);
    }
  });
});
