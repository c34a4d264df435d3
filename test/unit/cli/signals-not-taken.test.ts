import chalk from 'chalk';
import { expect, it } from 'vitest';
import { ingestColumns } from '../../../src/cli/render/ingest-columns.ts';
import { normalizeColumns } from '../../../src/cli/render/signal-columns.ts';
import { explanationText } from '../../../src/cli/render/explanation-text.ts';
import type { RefusedItem } from '../../../src/signal/signal.ts';

const refused: RefusedItem = {
  source: { file: 'a.json', document: 0, index: 2, wrapper: 'loki' },
  outcome: 'skipped',
  reason: { code: 'RESOLVED_ALERT', message: 'it is over' },
  about: { signalName: 'Slow', resource: { kind: 'Pod', name: 'web-1', namespace: 'shop' } },
  warnings: [],
};

function cells<T>(columns: { header: string; cell: (item: T) => string | undefined }[], item: T): unknown {
  return Object.fromEntries(columns.map(({ header, cell }) => [header, cell(item)]));
}

it('say in both tables which signal they are, and in which wrapper they came', () => {
  const shown = { SIGNAL: 'Slow', TARGET: 'shop/Pod/web-1', WRAPPER: 'loki', SOURCE: 'a.json:0:2' };
  expect(cells(ingestColumns(chalk), refused)).toMatchObject(shown);
  expect(cells(normalizeColumns(chalk), refused)).toMatchObject(shown);
});

it('have empty cells where nothing is known of them', () => {
  const { about, ...unknown } = refused;
  expect(about).toBeDefined();
  expect(cells(normalizeColumns(chalk), unknown)).toMatchObject({ SIGNAL: undefined, TARGET: undefined });
  expect(cells(normalizeColumns(chalk), { ...unknown, about: { signalName: 'Slow' } })).toMatchObject({
    SIGNAL: 'Slow',
    TARGET: undefined,
  });
});

it('are named at the head of their explanation', () => {
  const { source, outcome, reason, about = {} } = refused;
  const explanation = { source, reason, about, stages: [], notRun: [], alsoStops: [], wouldChangeIf: [] };
  const text = explanationText({ ...explanation, outcome: outcome }, { paint: chalk, maxWidth: undefined });
  expect(text.split('\n')[0]).toContain('a.json:0:2: Slow of shop/Pod/web-1');
});
