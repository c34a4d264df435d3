import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ApiResponse, Send } from '../../../src/api/wire.ts';
import { acknowledgeReview } from '../../../src/dedup/review-acknowledgement.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { usualRequestResource } from '../../../src/kube/discovery.ts';
import { openEmbeddedStore } from '../../../src/store/embedded-store.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { describeAcknowledgement } from './acknowledgement-suite.ts';

describe('the end of a manual review in the embedded store', () => {
  describeAcknowledgement(async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-ack-'));
    const clock = new RealClock();
    const random = new SystemRandom();
    const store = await openEmbeddedStore({ directory, clock, random, namespaces: ['team'] });
    return {
      send: store.send,
      close: async () => {
        await store.close();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  }, 'team');
});

describe('the layout that is written', () => {
  const flat = { overallPhase: 'Failed', outcome: 'ManualReviewRequired' };
  const nested = { overallPhase: 'Failed', completionStatus: { outcome: 'ManualReviewRequired' } };
  const reviewed = { outcome: 'Inconclusive', requiresManualReview: false };

  it.each([
    ['flat as it is', flat, true, reviewed],
    ['nested as it is', nested, true, { completionStatus: reviewed }],
    ['both where both are there', { ...flat, ...nested }, true, { completionStatus: reviewed, ...reviewed }],
    ['nested where flat is no longer served', flat, false, { completionStatus: reviewed }],
  ])('is %s', async (_name, status, flatIsServed, written) => {
    const metadata = { name: 'rr-1', namespace: 'team', uid: 'u', resourceVersion: '5' };
    const patches: unknown[] = [];
    const send: Send = ({ path: asked, body }) => {
      const patch = JSON.parse(body ?? '') as { status?: object };
      if (!asked.includes('/status')) return Promise.resolve(answer({ metadata, status }));
      patches.push(patch.status);
      return Promise.resolve(answer({ metadata, status: { overallPhase: 'Failed', ...patch.status } }));
    };
    const kind = {
      resource: usualRequestResource,
      statusLayout: 'flat' as const,
      hasField: () => flatIsServed,
    };
    const access = { objects: new ObjectAccess(send), kind, signal: new AbortController().signal };
    const acknowledgement = { by: 'a@b', at: '2026-08-22T12:00:00Z', outcome: 'ManualReviewRequired' };
    await acknowledgeReview(access, { metadata, status }, acknowledgement, { dryRun: false });
    expect(patches).toEqual([written, written]);
  });
});

function answer(object: unknown): ApiResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: (async function* () {
      yield await Promise.resolve(Buffer.from(JSON.stringify(object)));
    })(),
  };
}
