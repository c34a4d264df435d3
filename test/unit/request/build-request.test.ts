import { describe, expect, it } from 'vitest';
import type { RemedyError } from '../../../src/errors/remedy-error.ts';
import { buildRemediationRequest, requestName } from '../../../src/request/build-request.ts';
import type { BuildOptions } from '../../../src/request/build-request.ts';
import type { NormalizedItem, NormalizedSignal } from '../../../src/signal/signal.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { hasShared, readVectors } from '../../support/shared.ts';
import { servedKind } from './served-kind.ts';

interface VectorSignal {
  Annotations: Record<string, unknown> | null;
  Labels: Record<string, unknown> | null;
  ClusterID: string;
  Fingerprint: string;
  FiringTime: string;
  ReceivedTime: string;
  Namespace: string;
  RawPayload: string;
  Resource: { apiVersion: string; kind: string; name: string; namespace: string };
  Severity: string;
  SignalName: string;
  Source: string;
  SourceType: string;
}

interface RequestCase {
  id: string;
  note: string;
  clock: string;
  controllerNamespace: string;
  signal: VectorSignal;
  error: string | null;
  namePattern?: string;
  request?: {
    metadata: { annotations: object; labels: object; name: string };
    spec: Record<string, unknown>;
  };
  deviates?: string[];
  /** Fields for which the API server answers 422; the gateway sends them. */
  serverWouldRefuse?: string[];
}

const vectors = hasShared ? readVectors<{ cases: RequestCase[] }>('requests').cases : [];

describe.runIf(hasShared)('against what the gateway built', () => {
  it('reads every case', () => {
    expect(vectors).toHaveLength(70);
  });

  it.each(vectors)('$id $note', (one) => {
    // docs/gateway-semantics.md 3.4: what the server would refuse is refused first, by the name of its field
    if (one.serverWouldRefuse !== undefined) {
      const error = errorOf(one);
      expect(error.code).toBe('INVALID_FIELD');
      expect(one.serverWouldRefuse).toContain(`spec.${String(error.details?.['field'])}`);
      return;
    }
    if (one.error !== null) {
      expect(errorOf(one)).toMatchObject({ code: 'INVALID_FIELD', message: one.error });
      return;
    }
    const built = build(one);
    const expected = expand(one.request!) as NonNullable<RequestCase['request']>;
    expect(built.metadata.name).toMatch(new RegExp(one.namePattern!));
    expect(built.metadata.labels).toEqual(expected.metadata.labels);
    expect(built.metadata.annotations).toEqual(expected.metadata.annotations);
    const spec = built.spec!;
    if (one.deviates?.includes('cut-at-character-boundary') === true) {
      expectCutBetweenCharacters(spec, expected.spec);
    } else {
      expect(spec).toEqual(expected.spec);
    }
  });
});

/** The gateway cut the last character in two; ours is the same text without its torn end. */
function expectCutBetweenCharacters(ours: Record<string, unknown>, theirs: Record<string, unknown>): void {
  for (const field of ['signalLabels', 'signalAnnotations']) {
    const expected = Object.entries((theirs[field] ?? {}) as Record<string, string>);
    const whole = expected.map(([key, value]) => [key, value.replace(/\ufffd+$/, '')]);
    expect(Object.entries((ours[field] ?? {}) as Record<string, string>).sort()).toEqual(whole.sort());
  }
  const rest = { ...ours, signalLabels: 0, signalAnnotations: 0 };
  expect(rest).toEqual({ ...theirs, signalLabels: 0, signalAnnotations: 0 });
}

function errorOf(one: RequestCase): RemedyError {
  try {
    build(one);
  } catch (thrown) {
    return thrown as RemedyError;
  }
  throw new Error(`${one.id} was built`);
}

function build(one: RequestCase): ReturnType<typeof buildRemediationRequest> {
  const signal = expand(one.signal) as VectorSignal;
  const zero = (time: string): boolean =>
    Date.parse(time) <= Date.parse('0001-01-01T00:00:00Z') && time !== '0001-01-01T00:00:00+01:00';
  const item = itemOf(
    {
      fingerprint: signal.Fingerprint,
      signalName: signal.SignalName,
      severity: signal.Severity,
      signalType: signal.SourceType as 'alert',
      signalSource: signal.Source as 'prometheus',
      clusterID: signal.ClusterID,
      namespace: signal.Namespace,
      resource: signal.Resource,
      receivedTime: zero(signal.ReceivedTime) ? 'none' : signal.ReceivedTime,
      ...(signal.Labels === null ? {} : { labels: signal.Labels as Record<string, string> }),
      ...(signal.Annotations === null ? {} : { annotations: signal.Annotations as Record<string, string> }),
      ...(zero(signal.FiringTime) ? {} : { firingTime: signal.FiringTime }),
    },
    signal.RawPayload,
  );
  return buildRemediationRequest(item, {
    name: requestName(signal.Fingerprint, new SeededRandom(1)),
    namespace: one.controllerNamespace,
    kind: servedKind(),
    createdAtMs: Date.parse(one.clock),
    managedBy: 'gateway-service',
  });
}

function itemOf(signal: NormalizedSignal, payload?: string): NormalizedItem {
  return {
    source: { file: 'a.json', document: 0, index: 0 },
    outcome: 'normalized',
    resolution: 'resource',
    ownerChain: [],
    signal,
    warnings: [],
    originalPayload: () => (payload === undefined ? {} : { text: payload }),
  };
}

/** The vectors write long repetitions as `{$repeat, count, suffix}`. */
function expand(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expand);
  if (typeof value !== 'object' || value === null) return value;
  const { $repeat, count, suffix } = value as { $repeat?: string; count?: number; suffix?: string };
  if ($repeat !== undefined) return $repeat.repeat(count ?? 0) + (suffix ?? '');
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expand(inner)]));
}

const plain: NormalizedSignal = {
  fingerprint: '6d1a895f68c481a1ea6a977b880cc1233fdb70b0b96b9d447a06e1b4cb90594f',
  signalName: 'PodRestartsHigh',
  severity: 'critical',
  signalType: 'alert',
  signalSource: 'prometheus',
  namespace: 'shop',
  resource: { kind: 'Deployment', name: 'checkout', namespace: 'shop', apiVersion: 'apps/v1' },
  receivedTime: '2026-08-22T12:00:00Z',
};

function buildPlain(signal: Partial<NormalizedSignal>, options: Partial<BuildOptions> = {}) {
  return buildRemediationRequest(itemOf({ ...plain, ...signal }, '{}'), {
    name: 'rr-6d1a895f68c4-00000000',
    namespace: 'kubernaut-system',
    kind: servedKind(),
    createdAtMs: Date.parse('2026-08-22T12:00:00.999Z'),
    managedBy: 'remedyctl',
    ...options,
  });
}

describe('a request of our own', () => {
  it('says who made it, unless it is to look like the gateway', () => {
    expect(buildPlain({}, { injectedBy: 'ada@bastion' }).metadata).toMatchObject({
      labels: { 'app.kubernetes.io/managed-by': 'remedyctl', 'app.kubernetes.io/component': 'remediation' },
      annotations: {
        'kubernaut.ai/created-at': '2026-08-22T12:00:00Z',
        'remedyctl.dev/injected-by': 'ada@bastion',
      },
    });
    const gateway = buildPlain({}, { managedBy: 'gateway-service' }).metadata;
    expect(Object.keys(gateway.annotations ?? {})).toEqual(['kubernaut.ai/created-at']);
  });

  it('has no field that the served schema lacks', () => {
    const kind = servedKind(['spec.clusterID', 'spec.targetResource.apiVersion', 'spec.deduplication']);
    const { spec } = buildPlain({ clusterID: 'prod-east' }, { kind });
    expect(spec).not.toHaveProperty('clusterID');
    expect(spec!['targetResource']).toEqual({ kind: 'Deployment', name: 'checkout', namespace: 'shop' });
  });

  it('carries the first count in the spec where the 2025 schema keeps it there', () => {
    const { spec } = buildPlain({}, { kind: servedKind([]) });
    expect(spec!['deduplication']).toEqual({
      occurrenceCount: 1,
      firstSeen: '2026-08-22T12:00:00Z',
      lastSeen: '2026-08-22T12:00:00Z',
    });
  });

  it('keeps hostile label names as plain keys', () => {
    const labels = Object.fromEntries([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    const { spec } = buildPlain({ labels });
    expect(JSON.stringify(spec!['signalLabels'])).toBe('{"__proto__":"x","constructor":"y"}');
    expect(spec!['providerData']).toBe('{"labels":{"__proto__":"x","constructor":"y"},"namespace":"shop"}');
  });

  it('replaces lone surrogates, and leaves escaped text that looks like one', () => {
    const { spec } = buildPlain({ labels: { a: '\ud83d!', b: '\\ud83d' } });
    expect(spec!['signalLabels']).toEqual({ a: '\ufffd!', b: '\\ud83d' });
    expect(spec!['providerData']).toBe('{"labels":{"a":"\\ufffd!","b":"\\\\ud83d"},"namespace":"shop"}');
  });

  it.each<[string, Partial<NormalizedSignal>]>([
    ['signalName', { signalName: 'n'.repeat(254) }],
    ['severity', { severity: 's'.repeat(51) }],
    ['severity', { severity: '' }],
    ['clusterID', { clusterID: 'c'.repeat(254) }],
    ['signalSource', { signalSource: 'p'.repeat(64) as 'prometheus' }],
    ['firingTime', { firingTime: 'yesterday' }],
  ])('is refused for its %s before it is sent', (field, signal) => {
    expect(() => buildPlain(signal)).toThrow(
      expect.objectContaining({ code: 'INVALID_FIELD', details: { field } }),
    );
  });

  it('counts characters, not UTF-16 units, as the server does', () => {
    expect(() => buildPlain({ severity: '🚀'.repeat(50) })).not.toThrow();
    expect(() => buildPlain({ severity: '🚀'.repeat(51) })).toThrow(/51 characters/);
  });
});
