import { readFileSync, readdirSync } from 'node:fs';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/objects.ts';
import type { Explanation } from '../../../src/explain/explanation.ts';
import type { IngestItem } from '../../../src/ingest/ingest-item.ts';
import type { SourceDocument } from '../../../src/documents/source-document.ts';
import { hasShared, readVectors, sharedPath } from '../../support/shared.ts';
import {
  alertWith,
  document,
  dryRun,
  explain,
  openExplainBench,
  openExplainer,
  request,
  type ExplainBench,
  type ExplainOptions,
} from './explain-bench.ts';

let bench: ExplainBench;
beforeAll(async () => {
  bench = await openExplainBench();
});
afterAll(async () => {
  await bench.close();
});

/** What both say of a signal, in one shape. */
function verdict(item: Explanation | IngestItem): object {
  const { outcome, signal, decision, request: counted, reason, resolution, ownerChain } = item;
  return { outcome, signal, decision, counted, reason, resolution, ownerChain, source: item.source };
}

async function bothSay(
  documents: readonly SourceDocument[],
  options: ExplainOptions = {},
): Promise<object[]> {
  const explained = await explain(bench, documents, options);
  const ingested = await dryRun(bench, documents, options);
  expect(explained.map(verdict)).toEqual(ingested.map(verdict));
  for (const one of explained) expect(stoppedRight(one)).toBe(true);
  return explained.map(verdict);
}

/** A refused signal stops at its last stage, any other nowhere; every stage stands there or under notRun. */
function stoppedRight({ outcome, stages, notRun }: Explanation): boolean {
  const stops = stages.filter((stage) => stage.outcome === 'stop');
  const isRefused = outcome !== 'wouldCreate' && outcome !== 'wouldDuplicate';
  const last = stages.at(-1);
  return (
    stages.length + notRun.length === 8 &&
    (isRefused ? stops.length === 1 && last === stops[0] : stops.length === 0 && last?.stage === 'decision')
  );
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const fingerprints = [
  hash('shop:Deployment:web'),
  hash('shop:Pod:web-1'),
  hash(':Node:n1'),
  hash('shop:Deployment:api'),
];

const object = (kind: string, name: string, more: object = {}): KubeObject => ({
  apiVersion: ['Pod', 'Node', 'Namespace', 'Service'].includes(kind) ? 'v1' : 'apps/v1',
  kind,
  metadata: { name, ...(['Node', 'Namespace'].includes(kind) ? {} : { namespace: 'shop' }), ...more },
});
const controlledBy = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: '1', controller: true }],
});
const managed = (value: string | undefined) =>
  value === undefined ? {} : { labels: { 'kubernaut.ai/managed': value } };

/** The first one mostly. */
const often = (first: string, ...others: string[]) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(first) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const label = fc.constantFrom(
  'deployment',
  'pod',
  'node',
  'statefulset',
  'service',
  'job_name',
  'role',
  'foo',
);
const value = often('web', 'web-1', 'n1', 'api', 'UPPER', '');
const labels = fc.dictionary(label, value, { maxKeys: 3 }).chain((found) =>
  fc
    .record({
      alertname: often('A', 'B', ''),
      namespace: often('shop', 'other', ''),
      severity: often('critical', '', 'x'.repeat(60)),
      cluster: often('', 'east'),
    })
    .map((fixed) => ({ ...found, ...fixed })),
);
const signal = fc.record({
  labels,
  startsAt: often('2026-08-22T11:58:30Z', '2026-08-22T13:00:00Z', '0001-01-01T00:00:00Z'),
  status: often('firing', 'resolved'),
});
const state = fc.record({
  managed: fc.constantFrom('true', 'false', undefined, 'maybe'),
  namespaceManaged: fc.constantFrom('true', 'true', 'false', undefined),
  owned: fc.boolean(),
  exists: fc.boolean(),
  requests: fc.array(
    fc.record({
      of: fc.integer({ min: 0, max: 3 }),
      phase: fc.constantFrom('', 'Pending', 'Executing', 'Completed', 'Failed', 'Odd'),
      outcome: fc.constantFrom(undefined, 'ManualReviewRequired', 'Remediated'),
      next: fc.constantFrom(undefined, '2026-08-22T12:03:10Z', '2026-08-22T11:00:00Z'),
      deleted: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
});
const options = fc.record({
  as: fc.constantFrom('cluster' as const, 'embedded' as const),
  enforceFreshness: fc.boolean(),
  clusterIdScope: fc.constantFrom('local' as const, 'refuse' as const),
});

type State = typeof state extends fc.Arbitrary<infer T> ? T : never;

function objectsOf({ managed: own, namespaceManaged, owned, exists, requests }: State): KubeObject[] {
  return [
    object('Namespace', 'shop', managed(namespaceManaged)),
    object('Deployment', 'web', managed(own)),
    ...(exists
      ? [object('Pod', 'web-1', owned ? controlledBy('Deployment', 'web') : {}), object('Node', 'n1')]
      : []),
    ...requests.map(({ of, phase, outcome, next, deleted }, index) =>
      request(
        `rr-${index}`,
        fingerprints[of] ?? '',
        { overallPhase: phase, completionStatus: { outcome }, routingStatus: { nextAllowedExecution: next } },
        deleted ? { deletionTimestamp: '2026-08-22T11:59:00Z', finalizers: ['x'] } : {},
      ),
    ),
  ];
}

describe('an explanation and a dry run of the same signals on the same state', { timeout: 120_000 }, () => {
  it('come to the same outcome, fingerprint, decision and reason, whatever the signals and the state', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(signal, { minLength: 1, maxLength: 4 }),
        state,
        options,
        async (alerts, of, how) => {
          bench.hold(objectsOf(of));
          const documents = alerts.map(({ labels: own, ...more }, index) => ({
            ...alertWith(own, more),
            document: index,
          }));
          for (const { outcome } of (await bothSay(documents, how)) as { outcome: string }[])
            seen.add(outcome);
        },
      ),
      { numRuns: 150 },
    );
    expect([...seen].sort()).toEqual(['rejected', 'skipped', 'wouldCreate', 'wouldDuplicate']);
  });

  it('fail alike where requests cannot be listed, objects cannot be read, or nothing answers', async () => {
    bench.hold([object('Namespace', 'shop', managed('true')), object('Deployment', 'web')]);
    const refusing =
      (part: string, status: number): ExplainBench['intercept'] =>
      (asked, pass) => {
        const headers = { 'content-type': 'application/json' };
        const body = Buffer.from(
          JSON.stringify({ kind: 'Status', status: 'Failure', code: status, message: 'no' }),
        );
        if (!asked.path.includes(part)) return pass(asked);
        return Promise.resolve({ status, headers, body: streamOf(body) });
      };
    for (const [part, status] of [
      ['/remediationrequests', 403],
      ['/deployments/', 403],
      ['/deployments/', 500],
      ['/namespaces/shop', 403],
    ] as const) {
      bench.intercept =
        part === '/namespaces/shop' ? onlyNamespace(refusing(part, status)) : refusing(part, status);
      const [said] = (await bothSay([
        alertWith({ alertname: 'A', namespace: 'shop', deployment: 'web' }),
      ])) as {
        outcome: string;
      }[];
      bench.intercept = undefined;
      expect(said?.outcome).toBe('failed');
    }
  });

  it.runIf(hasShared)('agree on every real signal, with the cluster’s objects and without', async () => {
    const documents: SourceDocument[] = [
      ...readdirSync(sharedPath('signals/alertmanager')).map((name) =>
        sharedPath('signals/alertmanager', name),
      ),
      sharedPath('signals/events-core-v1.json'),
      sharedPath('signals/events-k8s-io-v1.json'),
    ].map((file, index) => document(JSON.parse(readFileSync(file, 'utf8')), index));
    const list = JSON.parse(readFileSync(sharedPath('signals/cluster-objects.json'), 'utf8')) as {
      items: KubeObject[];
    };
    for (const objects of [[], list.items]) {
      bench.hold(objects);
      expect((await bothSay(documents, { as: 'embedded' })).length).toBeGreaterThan(20);
      await bothSay(documents, { as: 'cluster' });
    }
  });

  it.runIf(hasShared)('agree on the inputs of the vectors', async () => {
    const { cases } = readVectors<{ cases: { body: string; now: string }[] }>('normalized');
    bench.hold([]);
    for (const { body, now } of cases) {
      let parsed: unknown;
      try {
        parsed = JSON.parse(body);
      } catch {
        continue;
      }
      await bothSay([document(parsed)], { as: 'embedded', now });
    }
  });

  it.runIf(hasShared)('give the decision of the vectors for every state of requests', async () => {
    interface Case {
      now: string;
      fingerprint: string;
      list: KubeObject[];
      duplicate: boolean;
      chosen: string | null;
      error: string | null;
      do?: { duplicate: boolean; chosen?: string | null; chosenOneOf?: string[] };
    }
    const { cases } = readVectors<{ cases: Case[] }>('phases');
    expect(cases.length).toBeGreaterThan(50);
    // A LIST that fails is never a decision.
    for (const one of cases.filter(({ error }) => error === null)) {
      bench.hold(one.list);
      const explainer = await openExplainer(bench, { now: one.now });
      const found = await explainer.explainFingerprint(one.fingerprint);
      const wanted = one.do ?? one;
      expect(found.outcome).toBe(wanted.duplicate ? 'wouldDuplicate' : 'wouldCreate');
      const oneOf = 'chosenOneOf' in wanted ? wanted.chosenOneOf : [wanted.chosen ?? null];
      expect(oneOf).toContain(found.decision?.request?.name ?? null);
    }
  });
});

function onlyNamespace(refuse: ExplainBench['intercept']): ExplainBench['intercept'] {
  return (asked, pass) =>
    asked.path.endsWith('/namespaces/shop') ? (refuse ?? pass)(asked, pass) : pass(asked);
}

async function* streamOf(body: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(body);
}
