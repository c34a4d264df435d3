import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/objects.ts';
import type { Explanation, StageDetails, StageName, StageOf } from '../../../src/explain/explanation.ts';
import { leaseName } from '../../../src/lease/lease-name.ts';
import { namespace } from '../../support/ingest-context.ts';
import { alertWith, explain, openExplainBench, request, type ExplainBench } from './explain-bench.ts';

let bench: ExplainBench;
beforeAll(async () => {
  bench = await openExplainBench();
});
afterAll(async () => {
  await bench.close();
});

const fingerprint = createHash('sha256').update('shop:Deployment:web').digest('hex');
const web = { alertname: 'Slow', namespace: 'shop', deployment: 'web' };

const deployment = (labels: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { ...labels } },
});
const managedLabel = { 'kubernaut.ai/managed': 'true' };

function lease(spec: object): KubeObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: leaseName(fingerprint), namespace },
    spec: { holderIdentity: 'gateway-1', leaseDurationSeconds: 30, ...spec },
  };
}

async function explainOne(
  objects: readonly KubeObject[],
  labels: Record<string, string> = web,
  options: Parameters<typeof explain>[2] = {},
): Promise<Explanation> {
  bench.hold(objects);
  const [only] = await explain(bench, [alertWith(labels)], options);
  if (only === undefined) throw new Error('nothing was explained');
  return only;
}

function stageOf<S extends StageName>({ stages }: Explanation, name: S): StageOf<S> {
  const found = stages.find(({ stage }) => stage === name);
  if (found === undefined) throw new Error(`there is no stage ${name}`);
  return found as StageOf<S>;
}

function detailsOf<S extends StageName>(explanation: Explanation, name: S): StageDetails[S] {
  return stageOf(explanation, name).details;
}

describe('the stage', () => {
  it('target shows every label that was a candidate and why it lost', async () => {
    const found = await explainOne([deployment()], { ...web, pod: 'web-1', service: 'x', statefulset: 'NO' });
    expect(detailsOf(found, 'target').candidates).toEqual([
      {
        labelKey: 'deployment',
        name: 'web',
        kind: 'Deployment',
        tier: 1,
        verdict: 'chosen',
        why: 'it exists',
        firstPass: 'found',
        secondPass: 'notAsked',
      },
      {
        labelKey: 'pod',
        name: 'web-1',
        kind: 'Pod',
        tier: 3,
        verdict: 'lost',
        why: 'another goes before it',
        firstPass: 'notAsked',
        secondPass: 'notAsked',
      },
      expect.objectContaining({ labelKey: 'namespace', verdict: 'refused' }),
      expect.objectContaining({ labelKey: 'service', verdict: 'refused', why: 'the key is reserved' }),
      expect.objectContaining({ labelKey: 'statefulset', verdict: 'refused' }),
    ]);
    expect(found.wouldChangeIf).toContain(
      'without the label deployment: pod=web-1 would be looked at next, with another fingerprint',
    );
  });

  it('fingerprint shows the text that was hashed', async () => {
    const found = await explainOne([deployment()]);
    expect(detailsOf(found, 'fingerprint')).toEqual({ fingerprint, input: 'shop:Deployment:web' });
  });

  it('scope names each label that was read, and the command that would enable the resource', async () => {
    const found = await explainOne([deployment({ 'kubernaut.ai/managed': 'odd' })]);
    expect(found).toMatchObject({ outcome: 'rejected', reason: { code: 'UNMANAGED' } });
    expect(detailsOf(found, 'scope').looked).toEqual([
      { object: 'Deployment/web', state: 'found', label: 'odd' },
      { object: 'Namespace/shop', state: 'found' },
    ]);
    expect(found.wouldChangeIf).toEqual([
      'the label kubernaut.ai/managed=true on Deployment/web: kubectl label -n shop deployment web kubernaut.ai/managed=true',
      'the label kubernaut.ai/managed=true on Namespace/shop',
      'with --skip-scope-check',
    ]);
    expect(found.notRun).toEqual(['lease', 'deduplication', 'decision']);
  });

  it('scope that stops says what else would stop the signal', async () => {
    const active = request('rr-1', fingerprint, { overallPhase: 'Executing' });
    const found = await explainOne([deployment(), active], { ...web, severity: 'x'.repeat(60) });
    expect(found.alsoStops).toEqual([
      'spec.severity is 60 characters long; at most 50 are allowed',
      'it would be a duplicate: rr-1 (phase Executing) is active',
    ]);
  });

  it.each<[string, object, string, string, RegExp | undefined]>([
    [
      'held',
      { acquireTime: '2026-08-22T11:59:30.000000Z', renewTime: '2026-08-22T11:59:55.000000Z' },
      'warn',
      'held',
      /^at 2026-08-22T12:00:25\.000000Z, when gw-lock-/,
    ],
    [
      'expired',
      { acquireTime: '2026-08-22T11:00:00.000000Z', renewTime: '2026-08-22T11:59:00.000000Z' },
      'ok',
      'expired',
      undefined,
    ],
    ['without an end', { acquireTime: '2026-08-22T11:00:00.000000Z' }, 'warn', 'noExpiry', undefined],
  ])('lease shows a lock that is %s, under both readings', async (_name, spec, outcome, state, change) => {
    const found = await explainOne([deployment(managedLabel), lease(spec)]);
    expect(found.outcome).toBe(state === 'expired' ? 'wouldCreate' : 'wouldWait');
    expect(stageOf(found, 'lease').outcome).toBe(outcome);
    const details = detailsOf(found, 'lease');
    expect(details).toMatchObject({ state, holder: 'gateway-1', durationSeconds: 30 });
    expect(details.expiresAtByAcquireTime).toBe(
      state === 'held' ? '2026-08-22T12:00:00.000000Z' : '2026-08-22T11:00:30.000000Z',
    );
    const waits = found.wouldChangeIf.filter((text) => text.startsWith('at '));
    expect(waits).toEqual(change === undefined ? [] : [expect.stringMatching(change)]);
  });

  it('lease is no warning where an active request is counted on without it', async () => {
    const found = await explainOne([
      deployment(managedLabel),
      lease({ acquireTime: '2026-08-22T11:59:55.000000Z', renewTime: '2026-08-22T11:59:55.000000Z' }),
      request('rr-1', fingerprint, { overallPhase: 'Pending' }),
    ]);
    expect(stageOf(found, 'lease').outcome).toBe('ok');
    expect(stageOf(found, 'lease').reason).toContain('not needed to count on an active request');
  });

  it('deduplication says of every request why it counted or not, and what each would have to let go of', async () => {
    const found = await explainOne([
      deployment(managedLabel),
      request('rr-done', fingerprint, { overallPhase: 'Completed' }),
      request('rr-review', fingerprint, {
        overallPhase: 'Failed',
        completionStatus: { outcome: 'ManualReviewRequired' },
      }),
      request('rr-wait', fingerprint, {
        overallPhase: 'Failed',
        routingStatus: { nextAllowedExecution: '2026-08-22T12:03:10Z' },
      }),
      request('rr-run', fingerprint, { overallPhase: 'Executing' }),
    ]);
    expect(found.decision).toEqual({
      reason: 'active',
      request: { namespace, name: 'rr-run' },
      phase: 'Executing',
    });
    expect(detailsOf(found, 'deduplication').requests.map(({ name, counted }) => [name, counted])).toEqual([
      ['rr-review', true],
      ['rr-run', true],
      ['rr-wait', true],
      ['rr-done', false],
    ]);
    expect(found.wouldChangeIf).toEqual(
      expect.arrayContaining([
        'after 2026-08-22T12:03:10Z, when the backoff of rr-wait ends',
        'when rr-run leaves phase Executing for one in which it has ended',
        'when the manual review of rr-review is acknowledged: remedyctl request ack rr-review',
        'only together: each of these 3 requests alone makes the signal a duplicate',
      ]),
    );
  });

  it('decision stops a signal that the API server would refuse', async () => {
    const found = await explainOne([deployment(managedLabel)], { ...web, severity: 'x'.repeat(60) });
    expect(found).toMatchObject({ outcome: 'rejected', reason: { code: 'INVALID_FIELD' } });
    expect(found.decision).toBeUndefined();
    expect(stageOf(found, 'decision').outcome).toBe('stop');
  });

  it('parse that stops a stale signal says what else would', async () => {
    bench.hold([deployment()]);
    const late = alertWith(web, { startsAt: '2026-08-22T13:00:00Z' });
    const [found] = await explain(bench, [late], { enforceFreshness: true });
    expect(found).toMatchObject({ outcome: 'rejected', reason: { code: 'STALE' } });
    expect(found?.alsoStops).toEqual([expect.stringContaining('shop:Deployment:web is not managed')]);
    expect(found?.wouldChangeIf).toContain('without --enforce-freshness');
  });
});

describe('an explanation', () => {
  it('sends no request that writes', async () => {
    bench.hold([deployment(managedLabel)]);
    const methods = new Set<string>();
    bench.intercept = (asked, pass) => {
      methods.add(asked.method);
      return pass(asked);
    };
    await explain(bench, [alertWith(web), alertWith(web)]);
    bench.intercept = undefined;
    expect([...methods]).toEqual(['GET']);
  });

  it('of a later signal knows of the request that an earlier one would make', async () => {
    bench.hold([deployment(managedLabel)]);
    const [first, second] = await explain(bench, [alertWith(web), { ...alertWith(web), document: 1 }]);
    expect(first?.outcome).toBe('wouldCreate');
    expect(second).toMatchObject({ outcome: 'wouldDuplicate', decision: { reason: 'active' } });
    expect(second?.wouldChangeIf).toContain('without signals.json:0:0: the request is made of this signal');
  });
});
