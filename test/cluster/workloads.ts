import { setTimeout as pause } from 'node:timers/promises';
import type { KubeList, KubeObject } from '../../src/api/objects.ts';
import type { ControlPlane } from './control-plane.ts';

/** Warning events as `kubectl get events -o json` shows them. */
interface WarningEvent extends KubeObject {
  type: string;
  reason: string;
  involvedObject: { kind: string; name: string; namespace: string };
}

type Fields = Record<string, unknown>;

const podTemplate = (app: string, rest: Fields = {}): Fields => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'main', image: 'registry.invalid/main:1' }], ...rest },
});

const namespace = (name: string): Fields => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernaut.ai/managed': 'true' } },
});

/**
 * Three workloads that cannot run in a cluster without nodes: the pods of a Deployment and of a CronJob's Job find
 * no node (the scheduler says so, about the pods), and a StatefulSet makes no pod at all, for its namespace may have
 * none (the controller manager says so, about the StatefulSet).
 */
const workloads: Fields[] = [
  namespace('shop'),
  namespace('crowded'),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kubernaut-system' } },
  {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'no-pods', namespace: 'crowded' },
    spec: { hard: { pods: '0' } },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'checkout', namespace: 'shop' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'checkout' } }, template: podTemplate('checkout') },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'report', namespace: 'shop' },
    spec: {
      schedule: '* * * * *',
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: { template: podTemplate('report', { restartPolicy: 'Never' }) } },
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'ledger', namespace: 'crowded' },
    spec: {
      replicas: 1,
      serviceName: 'ledger',
      selector: { matchLabels: { app: 'ledger' } },
      template: podTemplate('ledger'),
    },
  },
];

/** A CronJob begins with the next minute, and its controller looks every few seconds. */
const patienceMs = 110_000;

async function warningsOf(controlPlane: ControlPlane): Promise<WarningEvent[]> {
  const listed = JSON.parse(
    await controlPlane.kubectl(['get', 'events', '-A', '-o', 'json']),
  ) as KubeList<WarningEvent>;
  return listed.items.filter((event) => event.type === 'Warning');
}

/** Applies the workloads and waits until the cluster has warned about each. */
export async function makeTrouble(controlPlane: ControlPlane): Promise<void> {
  await controlPlane.kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items: workloads }),
  );
  const about = (kind: string, prefix: string) => (event: WarningEvent) =>
    event.involvedObject.kind === kind && event.involvedObject.name.startsWith(prefix);
  const awaited = [about('Pod', 'checkout-'), about('Pod', 'report-'), about('StatefulSet', 'ledger')];
  const patience = AbortSignal.timeout(patienceMs);
  for (;;) {
    const warnings = await warningsOf(controlPlane);
    if (awaited.every((wanted) => warnings.some(wanted))) return;
    if (patience.aborted) {
      const seen = warnings.map(({ reason, involvedObject: { kind, name } }) => `${reason} ${kind}/${name}`);
      throw new Error(`the cluster warned only of: ${seen.join(', ')}`);
    }
    await pause(500);
  }
}
