import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { countStorm } from '../../support/count-storm.ts';
import type { HttpSend } from '../../support/http-send.ts';
import { ensureNamespace, openAsAdmin } from '../admin.ts';

const cluster = inject('cluster');
const byHand = process.env['REMEDYCTL_STORM_SECONDS'];
const lastsMs = Number(byHand ?? 10) * 1_000;

describe('counts in a storm of lost answers on kube-apiserver', () => {
  let http: HttpSend;

  beforeAll(() => {
    http = openAsAdmin(cluster);
  });

  afterAll(() => http.close());

  it.each([
    ['beside an orchestrator that moves every request on', 'storm-orchestrated', true],
    ['with nobody but the writers', 'storm-alone', false],
  ])(
    'loses no acknowledged count and wipes no status, %s',
    { timeout: lastsMs + 120_000 },
    async (_, namespace, orchestrated) => {
      await ensureNamespace(cluster, namespace);
      const storm = { send: http.send, namespace, lastsMs, faultRate: 0.15, orchestrated };
      const figures = await countStorm(storm);
      if (byHand !== undefined) console.log(JSON.stringify({ ...figures, wiped: figures.wiped.length }));
      expect(figures).toMatchObject({ lost: 0, wiped: [] });
      expect(figures.retried).toBeGreaterThan(0);
    },
  );
});
