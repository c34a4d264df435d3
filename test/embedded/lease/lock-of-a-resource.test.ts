import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/objects.ts';
import { CommandLine } from '../../unit/cli/command-line.ts';

/** checkout-7d9c5-x2x7k of the Deployment checkout, by its ReplicaSet. */
const podOfADeployment = (): KubeObject[] => {
  const owned = (
    apiVersion: string,
    kind: string,
    name: string,
    [owner, of]: [string, string],
  ): KubeObject => ({
    apiVersion,
    kind,
    metadata: {
      name,
      namespace: 'shop',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: owner, name: of, uid: of, controller: true }],
    },
  });
  return [
    owned('v1', 'Pod', 'checkout-7d9c5-x2x7k', ['ReplicaSet', 'checkout-7d9c5']),
    owned('apps/v1', 'ReplicaSet', 'checkout-7d9c5', ['Deployment', 'checkout']),
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'checkout', namespace: 'shop' } },
  ];
};

let line: CommandLine;
beforeEach(async () => {
  line = new CommandLine();
  const file = path.join(line.home, 'objects.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: podOfADeployment() }));
  expect((await line.run(['store', 'import', file])).code).toBe(0);
});
afterEach(() => {
  line.remove();
});

describe('lease --resource', () => {
  it.each([
    ['Pod/checkout-7d9c5-x2x7k', 'shop', undefined],
    ['pods/checkout-7d9c5-x2x7k', 'shop', 'prod-east'],
    ['Deployment/checkout', undefined, undefined],
    ['Node/worker-1', undefined, undefined],
    ['Rocket/gone', 'shop', undefined],
  ])('of %s in namespace %s, cluster %s: the lock that dedup show and signals know', async (...named) => {
    const [resource, namespaceOfIt, clusterID] = named;
    const place = [
      ...(namespaceOfIt === undefined ? [] : ['--resource-namespace', namespaceOfIt]),
      ...(clusterID === undefined ? [] : ['--resource-cluster-id', clusterID]),
    ];
    const { stdout } = await line.run(['lease', 'acquire', '--resource', resource, ...place, '-o', 'json']);
    const { fingerprint } = JSON.parse(stdout) as { fingerprint: string };
    const shown = await line.run(['dedup', 'show', resource, ...place, '-o', 'json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({ fingerprint, lock: { fingerprint } });
    const [kind = '', name = ''] = resource.replace(/^pods/, 'Pod').split('/');
    if (kind === 'Rocket') return;
    const labels = {
      alertname: 'A',
      namespace: namespaceOfIt,
      [kind.toLowerCase()]: name,
      cluster: clusterID,
    };
    const stdin = JSON.stringify({
      version: '4',
      alerts: [{ status: 'firing', labels, startsAt: new Date() }],
    });
    const signal = await line.run(['signal', 'normalize', '-', '-o', 'json'], { stdin });
    expect(signal.stdout).toContain(fingerprint);
  });
});
