/** What refuses an object whoever asks: the sentences of a real API server, and what the commands make of them. */
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { KubeObject } from '../../../src/api/objects.ts';
import { isApiError } from '../../../src/kube/api-error.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { leaseResource, namespaceResource } from '../../../src/kube/well-known-resources.ts';
import type { HttpSend } from '../../support/http-send.ts';
import { CommandLine } from '../../unit/cli/command-line.ts';
import { ensureNamespace, openAsAdmin } from '../admin.ts';

const cluster = inject('cluster');
const counted = ['count/remediationrequests.kubernaut.ai', 'count/leases.coordination.k8s.io'];
const full = Object.fromEntries(counted.map((name) => [name, '0']));

let api: HttpSend;
const commandLine = new CommandLine();
beforeAll(async () => {
  api = openAsAdmin(cluster);
  commandLine.env = { KUBECONFIG: cluster.kubeconfig };
  await Promise.all([ensureNamespace(cluster, 'rules-locks'), ensureNamespace(cluster, 'rules-shop')]);
  await put('POST', '/api/v1/namespaces/rules-shop/configmaps', { metadata: { name: 'web' } });
  await Promise.all([fillQuota('rules-quota'), denyByPolicy('rules-policy'), terminate('rules-ending')]);
  await Promise.all(['rules-quota', 'rules-policy', 'rules-ending'].map(refusing));
});
afterAll(async () => {
  await api.close();
  commandLine.remove();
});

async function put(method: 'POST' | 'PUT' | 'DELETE', path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await api.send({ method, path, headers, body: JSON.stringify(body) });
  let text = '';
  for await (const chunk of answer.body) text += Buffer.from(chunk).toString();
  if (answer.status > 299 && answer.status !== 409) throw new Error(`${method} ${path}: ${text}`);
}

/** There is no controller that would reckon what is used. */
async function fillQuota(namespace: string): Promise<void> {
  await ensureNamespace(cluster, namespace);
  const quotas = `/api/v1/namespaces/${namespace}/resourcequotas`;
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'none' }, spec: { hard: full } };
  await put('POST', quotas, quota);
  await put('PUT', `${quotas}/none/status`, { ...quota, status: { hard: full, used: full } });
}

async function denyByPolicy(namespace: string): Promise<void> {
  await ensureNamespace(cluster, namespace);
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const group = `/apis/${apiVersion}`;
  const rule = {
    apiGroups: ['kubernaut.ai', 'coordination.k8s.io'],
    apiVersions: ['*'],
    operations: ['CREATE'],
    resources: ['remediationrequests', 'leases'],
  };
  const selector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  await put('POST', `${group}/validatingadmissionpolicies`, {
    apiVersion,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'rules-night' },
    spec: {
      matchConstraints: { resourceRules: [rule], namespaceSelector: selector },
      validations: [{ expression: 'false', message: 'nothing at night' }],
    },
  });
  await put('POST', `${group}/validatingadmissionpolicybindings`, {
    apiVersion,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'rules-night' },
    spec: { policyName: 'rules-night', validationActions: ['Deny'] },
  });
}

/** Its finalizer is nobody's here, so that it stays as it is. */
async function terminate(namespace: string): Promise<void> {
  await ensureNamespace(cluster, namespace);
  await put('DELETE', `/api/v1/namespaces/${namespace}`, {});
}

/** The server looks at its rules in caches of its own: until it refuses what it would not store anyway. */
async function refusing(namespace: string): Promise<void> {
  const objects = new ObjectAccess(api.send);
  const lease = { metadata: { name: 'probe', namespace } } as KubeObject;
  await vi.waitFor(
    async () => {
      const refusal = await objects
        .create(leaseResource, lease, { dryRun: true })
        .catch((thrown: unknown) => thrown);
      if (!isApiError(refusal)) throw new Error(`${namespace} still takes leases`);
    },
    { timeout: 60_000, interval: 250 },
  );
}

const alert = JSON.stringify({
  version: '4',
  status: 'firing',
  receiver: 'r',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'DiskFull', namespace: 'rules-shop', configmap: 'web', severity: 'critical' },
      annotations: {},
      startsAt: new Date().toISOString(),
    },
  ],
});

describe.each([
  [
    'rules-quota',
    'QUOTA_EXCEEDED',
    'exceeded quota: none, requested: ',
    'kubectl describe resourcequota -n rules-quota',
  ],
  [
    'rules-policy',
    'ADMISSION_DENIED',
    "ValidatingAdmissionPolicy 'rules-night' with binding 'rules-night' denied request: nothing at night",
    'webhook or policy',
  ],
  [
    'rules-ending',
    'NAMESPACE_TERMINATING',
    'unable to create new content in namespace rules-ending because it is being terminated',
    'kubectl get namespace rules-ending -o yaml',
  ],
])('in %s', (namespace, code, sentence, hint) => {
  it('a lock is refused with the rule, its sentence, and no advice about permissions', async () => {
    const argv = ['lease', 'acquire', 'f'.repeat(64), '--lease-namespace', namespace, '-o', 'json'];
    const ran = await commandLine.run(argv);
    expect(ran.code).toBe(1);
    const { error } = JSON.parse(ran.stdout) as { error: { code: string; message: string; hint: string } };
    expect(error.code).toBe(code);
    expect(error.message).toContain(sentence);
    expect(error.hint).toContain(hint);
    expect(error.hint).not.toContain('permission: kubectl');
  });

  it('a signal fails with it at its first attempt', async () => {
    const argv = ['signal', 'ingest', '-', '-n', namespace, '--lease-namespace', 'rules-locks'];
    const ran = await commandLine.run([...argv, '--skip-scope-check', '-o', 'json'], {
      stdin: alert,
    });
    expect(ran.code, ran.stdout + ran.stderr).toBe(1);
    const { items: results } = JSON.parse(ran.stdout) as {
      items: {
        outcome: string;
        attempts: number;
        error: { code: string; message: string; retryable: boolean };
      }[];
    };
    expect(results).toMatchObject([{ outcome: 'failed', attempts: 1, error: { code, retryable: false } }]);
    expect(results[0]?.error.message).toContain(sentence);
  });
});

it('the namespace that goes away is really there', async () => {
  const found = await new ObjectAccess(api.send).get(namespaceResource, { name: 'rules-ending' });
  expect(found.metadata.deletionTimestamp).toBeDefined();
});
