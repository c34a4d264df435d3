/** A Deployment without pods, which stands for itself as an owner. */
export function bareDeployment(namespace: string, name: string): unknown {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'registry.invalid/main:1' }] },
      },
    },
  };
}
