import { afterEach, beforeEach, expect, it } from 'vitest';
import { serverDiscovery } from '../../../src/kube/discovery.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { buildRemediationRequest } from '../../../src/request/build-request.ts';
import { createRemediationRequest } from '../../../src/request/create-request.ts';
import type { CreatedRequest } from '../../../src/request/creation-result.ts';
import { decideDeduplication } from '../../../src/request/deduplication-decision.ts';
import { RequestFinder } from '../../../src/request/find-requests.ts';
import { recordDuplicateSettling, recordFirstOccurrence } from '../../../src/request/record-occurrence.ts';
import type { RequestAccess } from '../../../src/request/request-access.ts';
import type { NormalizedItem } from '../../../src/signal/signal.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import type { ApiUnderTest } from '../lease/lock-suite.ts';

const namespace = 'kubernaut-system';
const fingerprint = '91fce8d5c4949766458bd4bd58859a4fb2e8470ef64ef438c22903744799a9b1';
const clock = new RealClock();
const random = new SystemRandom();

const item: NormalizedItem = {
  source: { file: 'a.json', document: 0, index: 0 },
  outcome: 'normalized',
  resolution: 'owner',
  ownerChain: ['Pod/payment-api-1', 'Deployment/payment-api'],
  signal: {
    fingerprint,
    signalName: 'KubePodCrashLooping',
    severity: 'critical',
    signalType: 'alert',
    signalSource: 'prometheus',
    clusterID: 'prod-east',
    namespace: 'prod',
    resource: { kind: 'Deployment', name: 'payment-api', namespace: 'prod', apiVersion: 'apps/v1' },
    labels: { alertname: 'KubePodCrashLooping', note: 'é'.repeat(40) },
    annotations: { summary: 'crash <&>' },
    firingTime: '2026-08-22T13:58:30+02:00',
    receivedTime: '2026-08-22T12:00:00Z',
  },
  warnings: [],
  originalPayload: () => ({ text: '{"alerts":[]}' }),
};

/** Creating and counting over a real API, which validates by the schema and holds to the preconditions. */
export function describeRequests(open: () => Promise<ApiUnderTest>): void {
  let api: ApiUnderTest;
  let access: RequestAccess;
  let requests: string[];

  beforeEach(async () => {
    api = await open();
    const kind = await serverDiscovery(api.send).remediationRequests();
    const objects = new ObjectAccess((request) => {
      requests.push(request.method);
      return api.send(request);
    });
    access = { objects, kind, namespace };
    requests = [];
    const left = await new RequestFinder(access).byFingerprint(fingerprint, { consistency: 'consistent' });
    for (const { name } of left) await objects.delete(kind.resource, { namespace, name });
    requests = [];
  });

  afterEach(() => api.close());

  async function create(): Promise<CreatedRequest> {
    const result = await createRemediationRequest(
      access,
      {
        signal: item.signal,
        build: (name) =>
          buildRemediationRequest(item, {
            name,
            namespace,
            kind: access.kind,
            createdAtMs: clock.now(),
            managedBy: 'remedyctl',
            injectedBy: 'ada@bastion',
          }),
      },
      { clock, random },
    );
    if (result.kind !== 'created') throw result.error;
    return result;
  }

  const patience = () => ({
    clock,
    random,
    nowMs: clock.now(),
    deadlineMonotonicMs: clock.monotonicMs() + 60_000,
  });

  it('are created without a warning, counted once, and found again as what suppresses the next signal', async () => {
    const created = await create();
    expect(created).toMatchObject({ attempts: 1, adopted: false, warnings: [] });
    const first = await recordFirstOccurrence(access, created, patience());
    expect(first).toMatchObject({ kind: 'recorded', occurrenceCount: 1 });
    expect(requests).toEqual(['POST', 'PUT']);

    const found = await new RequestFinder(access).byFingerprint(fingerprint, { consistency: 'consistent' });
    expect(found).toEqual([first.request]);
    expect(decideDeduplication(found, clock.now())).toMatchObject({ kind: 'duplicate', reason: 'active' });
  });

  it('keep their spec when the status is written', async () => {
    const created = await create();
    await recordFirstOccurrence(access, created, patience());
    const stored = await access.objects.get(access.kind.resource, { namespace, name: created.request.name });
    expect(stored['spec']).toEqual(created.object.spec);
    expect(stored.metadata.labels).toEqual(created.object.metadata.labels);
  });

  it('are stored nowhere by a dry run', async () => {
    const result = await createRemediationRequest(
      access,
      { signal: item.signal, build: () => dryRunObject() },
      { clock, random, dryRun: true },
    );
    expect(result.kind).toBe('created');
    expect(await new RequestFinder(access).byFingerprint(fingerprint, { consistency: 'consistent' })).toEqual(
      [],
    );
  });

  function dryRunObject() {
    return buildRemediationRequest(item, {
      name: 'rr-91fce8d5c494-00000000',
      namespace,
      kind: access.kind,
      createdAtMs: 0,
      managedBy: 'remedyctl',
    });
  }

  it('lose no count when many write at once from the same old state', async () => {
    const created = await create();
    const { request } = created;
    const writers = Array.from({ length: 12 }, (_, index) =>
      index === 0
        ? recordFirstOccurrence(access, created, patience())
        : recordDuplicateSettling(access, request, {
            ...patience(),
            occurrences: index,
            stillDuplicate: () => true,
          }),
    );
    const results = await Promise.all(writers);
    expect(results.every(({ persisted }) => persisted)).toBe(true);
    const [stored] = await new RequestFinder(access).byFingerprint(fingerprint, {
      consistency: 'consistent',
    });
    // The creator, and 1 + 2 + … + 11 duplicates.
    expect(stored?.deduplication?.occurrenceCount).toBe(67);
  });

  it('are refused by the server in words that reach the user', async () => {
    const creation = createRemediationRequest(
      access,
      {
        signal: item.signal,
        build: (name) => ({ ...dryRunObject(), metadata: { name, namespace }, spec: {} }),
      },
      { clock, random },
    );
    await expect(creation).rejects.toMatchObject({
      code: 'CREATION_FAILED',
      attempts: 1,
      message: expect.stringMatching(/is invalid: .*spec\.signalFingerprint/s) as string,
    });
  });
}
