import { describe, expect, it } from 'vitest';
import type { ScopeCheckOptions } from '../../../src/signal/scope.ts';
import { ScopeCheck } from '../../../src/signal/scope.ts';
import type { NormalizedSignal, TargetResource } from '../../../src/signal/signal.ts';
import type { StubObject } from './stub-api.ts';
import { StubApi, resourcesOf, smallRegistry } from './stub-api.ts';

const small = resourcesOf(smallRegistry);
const deployment: TargetResource = {
  kind: 'Deployment',
  name: 'pay',
  namespace: 'prod',
  apiVersion: 'apps/v1',
};

function signalOf(resource: TargetResource, clusterID?: string): NormalizedSignal {
  return {
    fingerprint: '0'.repeat(64),
    signalName: 'x',
    severity: 'x',
    signalType: 'alert',
    signalSource: 'prometheus',
    namespace: resource.namespace ?? '',
    resource,
    receivedTime: '2026-08-22T12:00:00Z',
    ...(clusterID === undefined ? {} : { clusterID }),
  };
}

function labelled(resource: TargetResource, managed: string | undefined, more = {}): StubObject {
  return {
    apiVersion: resource.apiVersion ?? 'v1',
    kind: resource.kind,
    name: resource.name,
    ...(resource.namespace === undefined ? {} : { namespace: resource.namespace }),
    ...(managed === undefined ? {} : { labels: { 'kubernaut.ai/managed': managed } }),
    ...more,
  };
}

const namespace = (managed: string | undefined): StubObject =>
  labelled({ kind: 'Namespace', name: 'prod' }, managed);

function check(
  objects: StubObject[],
  options: Partial<ScopeCheckOptions> = {},
): (signal: NormalizedSignal) => ReturnType<ScopeCheck['check']> {
  const cluster = new StubApi(small, objects).cluster();
  const scope = new ScopeCheck({ cluster, mode: 'check', clusterIdScope: 'local', ...options });
  return (signal) => scope.check(signal);
}

const enable = 'kubectl label -n prod deployment pay kubernaut.ai/managed=true';

describe('the scope of a signal', () => {
  it.each<[string, string | undefined, string | undefined, boolean, string | undefined]>([
    ['its own label', 'true', 'false', true, 'Deployment/pay'],
    ['its own opt-out', 'false', 'true', false, 'Deployment/pay'],
    ['the namespace', undefined, 'true', true, 'Namespace/prod'],
    ['the namespace’s opt-out', undefined, 'false', false, 'Namespace/prod'],
    ['the namespace, where its own label is neither', 'yes', 'true', true, 'Namespace/prod'],
    ['nothing', undefined, undefined, false, undefined],
    ['nothing that counts', 'True', '1', false, undefined],
  ])('is decided by %s', async (_name, own, byNamespace, managed, decidedBy) => {
    const decide = check([labelled(deployment, own), namespace(byNamespace)]);
    const decision = await decide(signalOf(deployment));
    expect([decision.managed, decision.decidedBy, decision.skipped]).toEqual([managed, decidedBy, false]);
    expect(decision.reason?.code).toBe(managed ? undefined : 'UNMANAGED');
  });

  it('names an unmanaged resource and the command that would enable it', async () => {
    const { reason } = await check([labelled(deployment, undefined)])(signalOf(deployment));
    expect(reason).toMatchObject({ hint: enable });
    expect(reason!.message).toMatch(/^prod:Deployment:pay is not managed/);
    const opted = await check([labelled(deployment, 'false')])(signalOf(deployment));
    expect(opted.reason!.hint).toBe(`${enable} --overwrite`);
  });

  it('of a cluster-scoped resource is decided by its own label alone, whatever namespace the signal has', async () => {
    const node = { kind: 'Node', name: 'n', namespace: 'prod', apiVersion: 'v1' };
    const decide = check([labelled(node, undefined, { namespace: undefined }), namespace('true')]);
    const decision = await decide(signalOf(node));
    expect(decision).toMatchObject({
      managed: false,
      reason: { hint: 'kubectl label node n kubernaut.ai/managed=true' },
    });
  });

  it('reads the label of a custom resource, and names its group in the command', async () => {
    const rollout = { kind: 'Rollout', name: 'r', namespace: 'prod', apiVersion: 'argoproj.io/v1alpha1' };
    expect(await check([labelled(rollout, 'true')])(signalOf(rollout))).toMatchObject({
      managed: true,
      decidedBy: 'Rollout/r',
    });
    const { reason } = await check([])(signalOf(rollout));
    expect(reason!.hint).toBe('kubectl label -n prod rollout.argoproj.io r kubernaut.ai/managed=true');
  });

  it('of a custom resource that may not be read is decided by the namespace, and says so', async () => {
    const rollout = { kind: 'Rollout', name: 'r', namespace: 'prod', apiVersion: 'argoproj.io/v1alpha1' };
    const hidden = labelled(rollout, 'false', { getErrorCode: 403 });
    expect(await check([hidden, namespace('true')])(signalOf(rollout))).toMatchObject({
      managed: true,
      decidedBy: 'Namespace/prod',
      warnings: [{ code: 'SCOPE_NOT_READABLE' }],
    });
  });

  it.each<[string, StubObject[]]>([
    ['own label is forbidden', [labelled(deployment, 'true', { getErrorCode: 403 }), namespace('true')]],
    ['own label cannot be read', [labelled(deployment, 'true', { getErrorCode: 503 }), namespace('true')]],
    [
      'namespace cannot be read',
      [labelled(deployment, undefined), { ...namespace('true'), getErrorCode: 403 }],
    ],
  ])('is unknown where its %s', async (_name, objects) => {
    const decision = await check(objects)(signalOf(deployment));
    expect(decision.managed).toBeUndefined();
    expect(decision.reason!.code).toBe('SCOPE_LOOKUP_FAILED');
  });

  it('offers no command that a name could have written', async () => {
    const hostile = { ...deployment, name: 'x; rm -rf ~' };
    const dashed = { ...deployment, name: '--all' };
    for (const resource of [hostile, dashed, { ...deployment, namespace: '$(id)' }]) {
      const { reason } = await check([])(signalOf(resource));
      expect(reason!.code).toBe('UNMANAGED');
      expect(reason!.hint).toBeUndefined();
    }
  });

  it('asks nothing where it is skipped or does not apply', async () => {
    for (const mode of ['skip', 'notApplicable'] as const) {
      const api = new StubApi(small, []);
      const scope = new ScopeCheck({ cluster: api.cluster(), mode, clusterIdScope: 'local' });
      const decision = await scope.check(signalOf(deployment));
      expect(decision).toEqual({ skipped: mode === 'skip', warnings: [] });
      expect(api.requests).toEqual([]);
    }
  });

  it('of another cluster is checked here, and said so, or refused', async () => {
    const objects = [labelled(deployment, 'true')];
    expect(await check(objects)(signalOf(deployment, 'prod-east'))).toMatchObject({
      managed: true,
      warnings: [{ code: 'CLUSTER_ID_LOCAL' }],
    });
    const refusing = check(objects, { clusterIdScope: 'refuse' });
    expect(await refusing(signalOf(deployment, 'prod-east'))).toMatchObject({
      reason: { code: 'REMOTE_CLUSTER' },
    });
    expect(await refusing(signalOf(deployment))).toMatchObject({ managed: true });
  });
});
