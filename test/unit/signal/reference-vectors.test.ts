import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/signal/fingerprint.ts';
import { parseSignals } from '../../../src/signal/parse-signals.ts';
import type { SignalItem, TargetResource } from '../../../src/signal/signal.ts';
import { SignalResolver } from '../../../src/signal/signal-resolver.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { hasShared, readVectors } from '../../support/shared.ts';
import { itemsByRule, rules, targetsOf } from './signal-rules.ts';
import type { SignalCase } from './signal-rules.ts';
import type { Registry, StubObject } from './stub-api.ts';
import { StubApi, resourcesOf } from './stub-api.ts';

interface VectorResource {
  kind: string;
  name: string;
  namespace: string;
  apiVersion: string;
}

interface FingerprintSignal {
  index: number;
  fingerprint?: string;
  resource?: VectorResource;
  signalName: string;
  severity?: string;
  validateError?: string;
  clusterID?: string;
  dropped?: string;
}

interface OwnerLookup {
  mode: 'stub' | 'cluster';
  answers?: {
    namespace: string;
    kind: string;
    name: string;
    ownerKind: string;
    ownerName: string;
    error?: string;
  }[];
  objects?: StubObject[];
}

interface Vector extends Omit<SignalCase, 'signals'> {
  registry?: string;
  ownerLookup: OwnerLookup | null;
  input?: unknown;
  inputText?: string;
  inputBase64?: string;
  deviates?: string[];
}
type FingerprintVector = Vector & { signals: FingerprintSignal[] };
type NormalizedVector = Vector & { body?: string; bodyBase64?: string; signals: Record<string, unknown>[] };

/** What an item comes down to, for a table. */
interface Outcome {
  outcome: string;
  code?: string;
  signal?: string;
}

const arraysAreRead = '§1.2: the elements of an array are read as if each stood alone';
const readerRefuses = 'the text is no JSON';

function worldOf(vector: Vector, registries: Record<string, Registry[]>): StubApi {
  const resources = resourcesOf(registries[vector.registry ?? 'kube']!);
  const lookup = vector.ownerLookup;
  const existing = (vector.existing ?? []).map(({ groupVersion, resource, namespace, name }): StubObject => {
    const kind = resources.find((one) => {
      return one.plural === resource && [one.group, one.version].filter(Boolean).join('/') === groupVersion;
    })!.kind;
    return { apiVersion: groupVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
  });
  const answered = (lookup?.answers ?? []).map((answer): StubObject => {
    const { namespace, kind, name, ownerKind, ownerName, error } = answer;
    const object = { apiVersion: 'v1', kind, name, namespace };
    if (error !== undefined) return { ...object, getErrorCode: error.includes('not found') ? 404 : 500 };
    const owner = { apiVersion: '', kind: ownerKind, name: ownerName, controller: true };
    return { ...object, ownerReferences: [owner] };
  });
  const objects = [...(lookup?.objects ?? []), ...existing, ...answered];
  return new StubApi(resources, objects, lookup?.mode === 'stub');
}

async function normalize(vector: Vector, text: string, api: StubApi): Promise<SignalItem[]> {
  const clock = new MockClock(Date.parse('2026-08-22T12:00:00Z'));
  const resolver = new SignalResolver({
    cluster: api.cluster({ clock }),
    targetKind: 'cluster',
    clock,
    enforceFreshness: false,
    resolveOwners: vector.ownerLookup !== null,
  });
  const value = JSON.parse(text) as unknown;
  const document = { kind: 'document' as const, file: 'v', document: 0, line: 1, value, text, warnings: [] };
  return Promise.all([...parseSignals(document)].map((parsed) => resolver.resolve(parsed)));
}

function textOf(vector: FingerprintVector): string {
  if (vector.inputBase64 !== undefined) {
    return new TextDecoder().decode(Buffer.from(vector.inputBase64, 'base64'));
  }
  return vector.inputText ?? (vector.input === undefined ? '' : JSON.stringify(vector.input));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function outcomeOf(item: SignalItem): Outcome {
  if (item.outcome !== 'normalized') return { outcome: item.outcome, code: item.reason.code };
  const { resource, clusterID, fingerprint, namespace } = item.signal;
  expect(fingerprint).toBe(fingerprintOf({ clusterID, namespace, kind: resource.kind, name: resource.name }));
  return { outcome: 'normalized', signal: describeSignal(resource, clusterID) };
}

function describeSignal(resource: TargetResource, clusterID: string | undefined): string {
  const { kind, name, namespace = '-', apiVersion = '-' } = resource;
  return `${clusterID === undefined ? '' : `${clusterID} `}${kind}/${name} in ${namespace} of ${apiVersion}`;
}

/** Our own items where a rule wants something else than the reference has; absent where they are the same. */
function deviationOf(vector: FingerprintVector, text: string, api: StubApi): string[] | undefined {
  const own = itemsByRule({ one: vector, text, resources: api.resources });
  const theirs = vector.signals.map((signal) => flat(expectedOutcome(vector, signal, api)));
  return own === undefined || own.join('\n') === theirs.join('\n') ? undefined : own;
}

/** An AlertManager webhook that was taken, and no owners to be found: the labels alone decide. */
function hasTargetsOnly({ adapter, ownerLookup, error }: Vector, outcomes: Outcome[]): boolean {
  const isTaken = error === null && outcomes.every(({ code }) => code !== 'INVALID_DOCUMENT');
  return adapter === 'alertmanager' && ownerLookup === null && isTaken;
}

function flat({ signal, code }: Outcome): string {
  return signal ?? code ?? '';
}

/** Our outcome for one signal of the reference, with the marks of its case taken into account. */
function expectedOutcome(vector: FingerprintVector, signal: FingerprintSignal, api: StubApi): Outcome {
  const marks = new Set(vector.deviates);
  const alerts = (vector.input as { alerts?: ({ status?: string } | null)[] } | undefined)?.alerts;
  const status = Array.isArray(alerts) ? alerts[signal.index]?.status : undefined;
  if (marks.has('resolved-skipped') && status?.toLowerCase() === 'resolved') {
    return { outcome: 'skipped', code: 'RESOLVED_ALERT' };
  }
  if (signal.dropped !== undefined) return droppedOutcome(signal.dropped);
  const resource = signal.resource!;
  if (resource.kind === 'Unknown' && marks.has('unknown-target-refused')) {
    return { outcome: 'rejected', code: 'NO_TARGET' };
  }
  if (signal.validateError !== undefined) return { outcome: 'rejected', code: 'INVALID_FIELD' };
  const apiVersion = marks.has('owner-apiversion-discarded')
    ? carriedApiVersion(vector, resource, api)
    : resource.apiVersion;
  return {
    outcome: 'normalized',
    signal: describeSignal(withoutEmpty({ ...resource, apiVersion }), signal.clusterID),
  };
}

function droppedOutcome(dropped: string): Outcome {
  const isAbsent = /not found|returned empty/.test(dropped);
  return isAbsent
    ? { outcome: 'rejected', code: 'OWNER_NOT_FOUND' }
    : { outcome: 'failed', code: 'OWNER_LOOKUP_FAILED' };
}

/** The apiVersion of the reference that led to a resource, else the one that the signal itself gave it. */
function carriedApiVersion(vector: Vector, { kind, name }: VectorResource, api: StubApi): string {
  const lookup = vector.ownerLookup!;
  const owners = (lookup.objects ?? []).flatMap((object) => object.ownerReferences ?? []);
  const reference = owners.find((owner) => owner.kind === kind && owner.name === name && owner.controller);
  if (reference !== undefined) return reference.apiVersion!;
  if (lookup.answers?.some((answer) => answer.ownerName === name) === true) return '';
  const involved = (vector.input as { involvedObject?: { apiVersion: string } }).involvedObject;
  if (involved !== undefined) return involved.apiVersion;
  const served = api.resources.find((one) => one.kind === kind)!;
  return [served.group, served.version].filter(Boolean).join('/');
}

function withoutEmpty(resource: VectorResource): TargetResource {
  const { kind, name, namespace, apiVersion } = resource;
  return {
    kind,
    name,
    ...(namespace === '' ? {} : { namespace }),
    ...(apiVersion === '' ? {} : { apiVersion }),
  };
}

describe.runIf(hasShared)('the reference’s fingerprints', () => {
  if (!hasShared) return;
  const { cases, registries } = readVectors<{
    cases: FingerprintVector[];
    registries: Record<string, Registry[]>;
  }>('fingerprints');

  it('come in the number that is known', () => {
    expect(cases.length).toBe(355);
  });

  it.each(rules)('need the rule of $because', ({ concerns }) => {
    const given = cases
      .map((one) => ({ one, text: textOf(one), resources: worldOf(one, registries).resources }))
      .filter(({ text }) => isJson(text));
    expect(given.some(concerns)).toBe(true);
  });

  it.each(cases.map((vector) => [vector.id, vector.note.slice(0, 60), vector] as const))(
    '%s %s',
    async (_id, _note, vector) => {
      const text = textOf(vector);
      if (!isJson(text)) {
        expect(vector.error, readerRefuses).not.toBeNull();
        return;
      }
      const api = worldOf(vector, registries);
      const items = await normalize(vector, text, api);
      const outcomes = items.map(outcomeOf);
      const value = JSON.parse(text) as unknown;
      if (Array.isArray(value)) {
        const alone = await Promise.all(value.map((part) => normalize(vector, JSON.stringify(part), api)));
        expect(outcomes, arraysAreRead).toEqual(alone.flat().map(outcomeOf));
        return;
      }
      if (hasTargetsOnly(vector, outcomes)) {
        expect(outcomes.map(flat)).toEqual(targetsOf({ one: vector, text, resources: api.resources }));
      }
      const own = deviationOf(vector, text, api);
      if (own !== undefined) {
        expect(outcomes.map(flat)).toEqual(own);
        return;
      }
      if (vector.error !== null && vector.signals.length === 0) {
        expect(outcomes.map(({ outcome }) => outcome)).toEqual([expect.not.stringMatching('normalized')]);
        return;
      }
      expect(outcomes).toEqual(vector.signals.map((signal) => expectedOutcome(vector, signal, api)));
      for (const signal of vector.signals) {
        const item = items[signal.index]!;
        if (item.outcome !== 'normalized') continue;
        expect(item.signal.fingerprint).toBe(signal.fingerprint);
        expect(item.signal.signalName).toBe(signal.signalName);
        expect(item.signal.severity).toBe(signal.severity);
        expect(item.source.index).toBe(signal.index);
      }
    },
  );
});

/** A time of the reference that means none: remedyctl leaves the field out (absent means unknown). */
const goZeroTime = '0001-01-01T00:00:00Z';

describe.runIf(hasShared)('the reference’s normalised signals', () => {
  if (!hasShared) return;
  const { cases } = readVectors<{ cases: NormalizedVector[] }>('normalized');
  const fingerprints = readVectors<{
    cases: FingerprintVector[];
    registries: Record<string, Registry[]>;
  }>('fingerprints');

  it.each(cases.map((vector) => [vector.id, vector.note, vector] as const))(
    '%s %s',
    async (_id, note, vector) => {
      const twinId = /\[(fp-\d+)\]$/.exec(note)![1]!;
      const twin = fingerprints.cases.find(({ id }) => id === twinId)!;
      const full = { ...vector, ...(twin.existing === undefined ? {} : { existing: twin.existing }) };
      const api = worldOf(full, fingerprints.registries);
      const text = vector.body ?? new TextDecoder().decode(Buffer.from(vector.bodyBase64!, 'base64'));
      const items = await normalize(full, text, api);
      const isDeviation = deviationOf(twin, text, api) !== undefined;
      let compared = 0;
      for (const item of items) {
        if (item.outcome !== 'normalized' || isDeviation) continue;
        const index = twin.signals
          .filter(({ dropped }) => dropped === undefined)
          .findIndex((signal) => signal.index === item.source.index);
        const reference = vector.signals[index]!;
        const resource = reference['Resource'] as VectorResource;
        const discarded = vector.deviates?.includes('owner-apiversion-discarded') === true;
        const apiVersion = discarded ? carriedApiVersion(twin, resource, api) : resource.apiVersion;
        expect(item.signal).toEqual({
          fingerprint: reference['Fingerprint'],
          signalName: reference['SignalName'],
          severity: reference['Severity'],
          signalType: reference['SourceType'],
          signalSource: reference['Source'],
          ...(reference['ClusterID'] === '' ? {} : { clusterID: reference['ClusterID'] }),
          namespace: reference['Namespace'],
          resource: withoutEmpty({ ...resource, apiVersion }),
          ...(reference['Labels'] === null ? {} : { labels: reference['Labels'] }),
          ...(reference['Annotations'] === null ? {} : { annotations: reference['Annotations'] }),
          ...(reference['FiringTime'] === goZeroTime ? {} : { firingTime: reference['FiringTime'] }),
          receivedTime: reference['ReceivedTime'],
        });
        expect(item.originalPayload()).toEqual({ text });
        compared += 1;
      }
      const excused = new Set(['unknown-target-refused', 'resolved-skipped', 'date-rfc3339']);
      const isExcused = vector.deviates?.some((mark) => excused.has(mark)) === true;
      if (!isExcused && !isDeviation) {
        const valid = twin.signals.filter(
          ({ dropped, validateError }) => dropped === undefined && validateError === undefined,
        );
        expect(compared).toBe(valid.length);
      }
    },
  );
});
