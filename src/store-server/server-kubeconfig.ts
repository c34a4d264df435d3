/** A kubeconfig for one server. JSON is YAML, and needs no library. */
export function serverKubeconfig(server: {
  url: string;
  certificate: string;
  token: string;
  namespace: string;
}): string {
  const name = 'remedyctl-store';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server: server.url,
          'certificate-authority-data': Buffer.from(server.certificate).toString('base64'),
        },
      },
    ],
    users: [{ name, user: { token: server.token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: server.namespace } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
