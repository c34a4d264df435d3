/** What a cluster has that signals are about. */
import type { ApiResource, KubeObject } from '../../../src/api/objects.ts';
import { namespace } from '../../support/signals.ts';

export const deploymentResource: ApiResource = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  singular: 'deployment',
  kind: 'Deployment',
  namespaced: true,
};

export function deployment(
  name: string,
  labels: Record<string, string> = { 'kubernaut.ai/managed': 'true' },
): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace, labels } };
}

/** `kubectl label` of a Deployment over HTTP, in a script: no kubectl is needed where only this is wanted of it. */
export function kubectlLabel(server: string): string {
  return `#!${process.execPath}
const words = process.argv.slice(2);
const flags = ['-n', '--context', '--kubeconfig'];
const given = {};
const rest = words.filter((word, at) => {
  if (flags.includes(words[at - 1])) given[words[at - 1]] = word;
  return !flags.includes(word) && !flags.includes(words[at - 1]);
});
const [verb, type, name, label, ...more] = rest;
if (verb !== 'label' || type !== 'deployment' || more.length > 0 || !given['-n']) process.exit(64);
const [key, value] = label.split('=');
fetch('${server}/apis/apps/v1/namespaces/' + given['-n'] + '/deployments/' + name, {
  method: 'PATCH',
  headers: { 'content-type': 'application/merge-patch+json' },
  body: JSON.stringify({ metadata: { labels: { [key]: value } } }),
}).then(({ ok }) => process.exit(ok ? 0 : 1));
`;
}
