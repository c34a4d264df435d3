/** What is given to kubectl in files. */
import { lease, request, requestSpec } from '../../contract/specimens.ts';

export const asText = (object: unknown): string => JSON.stringify(object, null, 2);

const leaseOf = (
  name: string,
  spec: Record<string, unknown>,
  metadata: Record<string, unknown> = {},
): unknown => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name, ...metadata },
  spec,
});

const owner = (uid: string): unknown => ({ apiVersion: 'v1', kind: 'Pod', name: `p${uid}`, uid });

const deployment = (images: Record<string, string>, replicas: number): unknown => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'd' } },
    template: {
      metadata: { labels: { app: 'd' } },
      spec: {
        containers: Object.entries(images).map(([name, image]) => ({ name, image })),
      },
    },
  },
});

export const manifests: Record<string, unknown> = {
  'request.yaml': request('a', {}, { labels: { x: '1' } }),
  'request-relabelled.yaml': request('a', {}, { labels: { z: '2' } }),
  'request-immutable.yaml': request('a', { spec: requestSpec({ severity: 'low' }) }, { labels: { z: '2' } }),
  'invalid-request.yaml': request('i', { spec: requestSpec({ signalFingerprint: 'short' }) }),
  'unknown-field.yaml': request('u', { spec: requestSpec({ bogus: 1 }) }),
  'lease.yaml': lease('l'),
  'lease-longer.yaml': leaseOf(
    'l',
    { holderIdentity: 'host/1/abc', leaseDurationSeconds: 60 },
    { labels: { long: 'yes' } },
  ),
  'lease-owned.yaml': leaseOf(
    'o',
    { holderIdentity: 'one' },
    { ownerReferences: [owner('1'), owner('2')], labels: { a: '1', b: '2' } },
  ),
  'lease-owned-less.yaml': leaseOf(
    'o',
    { holderIdentity: 'one' },
    { ownerReferences: [owner('2')], labels: { b: '2' } },
  ),
  'lease-finalized.yaml': leaseOf(
    'o',
    { leaseDurationSeconds: 5 },
    { finalizers: ['a.b/c'], labels: { b: '2' } },
  ),
  'lease-third.yaml': leaseOf(
    't',
    { holderIdentity: 'third', leaseDurationSeconds: 5 },
    { labels: { a: '1' } },
  ),
  'lease-third-longer.yaml': leaseOf('t', { leaseDurationSeconds: 50 }),
  'deployment.yaml': deployment({ one: 'one:1', two: 'two:1' }, 1),
  'deployment-changed.yaml': deployment({ two: 'two:2', three: 'three:1' }, 2),
};
