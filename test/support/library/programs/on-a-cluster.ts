/** A runbook on a cluster, in a namespace of its own (LIBRARY_NAMESPACE): the same calls as on the embedded store. */
import {
  configuredSettings,
  givenText,
  LeaseLock,
  RequestFinder,
  startIngest,
  thisMachine,
  withLock,
} from 'remedyctl';
import { connect, leaseResource, namespaceResource, ServerObservation } from 'remedyctl/kube';

const machine = thisMachine();
const namespace = machine.env['LIBRARY_NAMESPACE'] ?? '';
const { kubeconfig } = await configuredSettings(machine);
const server = new ServerObservation();
const client = await connect({
  target: 'cluster',
  store: { directory: 'store' },
  namespace,
  kubeconfig: { path: kubeconfig },
  ...server.observers,
  ...machine,
});
const { objects } = client;
const labels = { 'kubernaut.ai/managed': 'true' };
await objects.create(namespaceResource, {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: namespace, labels },
});

const locks = new LeaseLock({ objects, namespace, skew: () => server.clockSkew(), ...machine });
const { coordination } = await client.clientNodeApis();
const key = 'c4'.repeat(32);
await withLock(locks, key, async ({ lock }) => {
  await lock.renew();
  const { spec } = await coordination.readNamespacedLease({ namespace, name: lock.leaseName });
  console.log(
    `locked: ${spec?.holderIdentity === lock.holder ? 'by us' : 'by somebody else'}, for ${spec?.leaseDurationSeconds ?? 0} s`,
  );
});
const { items: leases } = await objects.list(leaseResource, { namespace });
console.log(`released: ${leases.length} leases`);

const resources = await client.discovery.resources();
const deployments = resources.find(({ group, kind }) => group === 'apps' && kind === 'Deployment');
if (deployments === undefined) throw new Error('Deployments are not served');
const pod = {
  metadata: { labels: { app: 'payment-api' } },
  spec: { containers: [{ name: 'c', image: 'none' }] },
};
await objects.create(deployments, {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'payment-api', namespace },
  spec: { replicas: 0, selector: { matchLabels: { app: 'payment-api' } }, template: pod },
});

const alert = {
  status: 'firing',
  labels: { alertname: 'KubePodCrashLooping', namespace, deployment: 'payment-api' },
  startsAt: '2026-08-22T12:00:00Z',
};
const webhook = JSON.stringify({ version: '4', status: 'firing', alerts: [alert, alert] });
const run = await startIngest({
  ...givenText(webhook),
  client,
  server,
  settings: { namespace },
  ...machine,
});
for await (const { outcome, deduplication, signal } of run.items()) {
  console.log(`ingested: ${outcome} ${deduplication?.occurrenceCount ?? 0}`);
  const kind = await client.discovery.remediationRequests();
  const finder = new RequestFinder({ objects, kind, namespace });
  const found = await finder.byFingerprint(signal?.fingerprint ?? '', { consistency: 'consistent' });
  console.log(`found: ${found.length}`);
}
await run.close();
await client.close();
