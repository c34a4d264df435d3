import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countStorm } from '../../support/count-storm.ts';
import type { StoreBench } from '../../support/ingest-context.ts';
import { namespace, openStoreBench } from '../../support/ingest-context.ts';

const byHand = process.env['REMEDYCTL_STORM_SECONDS'];
const lastsMs = Number(byHand ?? 8) * 1_000;

describe('counts in a storm of lost answers on the embedded store', () => {
  let bench: StoreBench;

  beforeEach(async () => {
    bench = await openStoreBench();
  });

  afterEach(() => bench.close());

  it.each([
    ['with an orchestrator that moves every request on', true],
    ['with nobody but the writers', false],
  ])(
    'loses no acknowledged count and wipes no status, %s',
    { timeout: lastsMs + 120_000 },
    async (_, orchestrated) => {
      const figures = await countStorm({
        send: bench.direct,
        namespace,
        lastsMs,
        faultRate: 0.15,
        orchestrated,
      });
      if (byHand !== undefined) console.log(JSON.stringify({ ...figures, wiped: figures.wiped.length }));
      expect(figures).toMatchObject({ lost: 0, wiped: [] });
      expect(figures.retried).toBeGreaterThan(0);
    },
  );
});
