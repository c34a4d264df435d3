import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IngestItem } from '../../../src/ingest/ingest-item.ts';
import type { RunContext } from '../../../src/ingest/run-context.ts';
import type { SignalDecider } from '../../../src/ingest/signal-decider.ts';
import { serverDiscovery } from '../../../src/kube/discovery.ts';
import {
  fingerprintOf,
  namespace,
  openStoreBench,
  readySignal,
  runContext,
  withDecider,
} from '../../support/ingest-context.ts';
import type { StoreBench } from '../../support/ingest-context.ts';

const code = 'OTHER_FINGERPRINT_ACTIVE';
const podRequest = { kind: 'Pod', name: 'api-7d9f-x', namespace: 'prod' };

interface ByHand {
  target?: { kind: string; name: string; namespace: string };
  clusterID?: string;
  phase?: string;
}

describe('a signal of a resource with an active request under another fingerprint', () => {
  let bench: StoreBench;

  beforeEach(async () => {
    bench = await openStoreBench();
  });

  afterEach(() => bench.close());

  /** As an agent makes it: no labels, no owner, no lock. */
  async function requestByHand({ target = podRequest, clusterID, phase }: ByHand = {}): Promise<void> {
    const { resource } = await serverDiscovery(bench.direct).remediationRequests();
    const time = '2026-08-22T12:00:00Z';
    const made = await bench.objects.create(resource, {
      apiVersion: `${resource.group}/${resource.version}`,
      kind: 'RemediationRequest',
      metadata: { name: 'by-hand', namespace },
      spec: {
        signalFingerprint: 'f'.repeat(64),
        signalName: 'asked',
        severity: 'warning',
        signalType: 'alert',
        signalSource: 'a2a-agent',
        targetType: 'kubernetes',
        targetResource: target,
        firingTime: time,
        receivedTime: time,
        ...(clusterID === undefined ? {} : { clusterID }),
      },
    });
    if (phase === undefined) return;
    const key = { namespace, name: 'by-hand' };
    await bench.objects.mergePatch(
      resource,
      key,
      { status: { overallPhase: phase } },
      { subresource: 'status' },
    );
    expect(made.object.metadata.name).toBe('by-hand');
  }

  /** Signals of a Deployment that were found by the Pods given. */
  function ofPods(decider: SignalDecider, ...pods: string[]): Promise<IngestItem[]> {
    const signals = pods.map((pod, index) => {
      const ready = readySignal('api', index);
      return { ...ready, item: { ...ready.item, ownerChain: [`Pod/${pod}`, 'Deployment/api'] } };
    });
    return decider.decide(fingerprintOf('api'), signals);
  }

  async function decided(changes: Partial<RunContext>, ...pods: string[]): Promise<IngestItem[]> {
    const context = await runContext(bench, changes);
    return withDecider(context, (decider) => ofPods(decider, ...pods));
  }

  const codesOf = (item: IngestItem | undefined): string[] => (item?.warnings ?? []).map((one) => one.code);

  it.each([{ bulk: false }, { bulk: true }])('is created with a warning that names it: %o', async (how) => {
    await requestByHand({ phase: 'Analyzing' });
    const [item] = await decided(how, podRequest.name);
    expect(item?.outcome).toBe('created');
    expect(item?.warnings).toEqual([
      {
        code,
        message:
          'the resource has an active request under another fingerprint: by-hand (Analyzing, Pod/api-7d9f-x, a2a-agent)',
      },
    ]);
  });

  it.each<[string, ByHand]>([
    ['has ended', { phase: 'Completed' }],
    ['is for another cluster', { clusterID: 'east' }],
    ['is for another namespace', { target: { ...podRequest, namespace: 'test' } }],
    ['is for another pod', { target: { ...podRequest, name: 'api-7d9f-y' } }],
  ])('is created without a word where the other request %s', async (_, other) => {
    await requestByHand(other);
    const [item] = await decided({ strictResource: true }, podRequest.name);
    expect(item?.outcome).toBe('created');
    expect(codesOf(item)).toEqual([]);
  });

  it.each([{ bulk: false }, { bulk: true }])('is rejected in strict mode, and only it: %o', async (how) => {
    await requestByHand();
    const items = await decided({ ...how, strictResource: true }, podRequest.name, 'api-7d9f-z');
    expect(items.map(({ outcome }) => outcome)).toEqual(['rejected', 'created']);
    expect(items[0]?.reason).toMatchObject({
      code,
      hint: expect.stringContaining('--strict-resource') as string,
    });
    expect(bench.sent.filter((one) => one === 'POST remediationrequests')).toHaveLength(1);
    expect(bench.sent.filter((one) => one === 'DELETE leases/LOCK')).toHaveLength(2);
  });

  it('is told in a dry run, and refused there in strict mode', async () => {
    await requestByHand();
    const [told] = await decided({ dryRun: 'client' }, podRequest.name);
    expect([told?.outcome, codesOf(told)]).toEqual(['wouldCreate', [code]]);
    const [refused] = await decided({ dryRun: 'client', strictResource: true }, podRequest.name);
    expect([refused?.outcome, refused?.reason?.code]).toEqual(['rejected', code]);
  });

  it('costs one list for the decisions of two seconds, counted apart, which knows what the run has made', async () => {
    const context = await runContext(bench);
    await withDecider(context, async (decider) => {
      await decider.decide(fingerprintOf('first'), [readySignal('first')]);
      const own = readySignal('second');
      own.item.ownerChain = ['Deployment/first', 'Deployment/second'];
      const [item] = await decider.decide(fingerprintOf('second'), [own]);
      expect(codesOf(item)).toEqual([code]);
      expect(item?.apiRequests).toBe(6);
      expect(decider.lookupRequests).toBe(1);
    });
  });

  describe('when the look-up is refused', () => {
    beforeEach(() => {
      let lists = 0;
      bench.intercept = (request, pass) => {
        const isList = bench.sent.at(-1) === 'LIST remediationrequests';
        // The first one is the decision's own.
        if (!isList || (lists += 1) === 1) return pass(request);
        const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403 };
        return Promise.resolve({
          status: 403,
          headers: { 'content-type': 'application/json' },
          body: Readable.from([Buffer.from(JSON.stringify({ ...body, message: 'no list for you' }))]),
        });
      };
    });

    it('says so and goes on', async () => {
      const [item] = await decided({}, podRequest.name);
      expect([item?.outcome, codesOf(item)]).toEqual(['created', ['OTHER_FINGERPRINT_UNKNOWN']]);
    });

    it('fails the signal in strict mode, and writes nothing', async () => {
      const [item] = await decided({ strictResource: true }, podRequest.name);
      expect([item?.outcome, item?.error?.code]).toEqual(['failed', 'FORBIDDEN']);
      expect(bench.sent).not.toContain('POST remediationrequests');
    });
  });
});
