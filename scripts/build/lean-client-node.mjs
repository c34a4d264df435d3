/**
 * client-node's generated classes bring an HTTP of their own for whoever gives them none: node-fetch, and with it 300 KB of
 * tables for domain names. Ours are always given one (src/kube/client-node-apis.ts).
 */
const noFetch = 'export default () => { throw new Error("client-node was given no HTTP"); };';

export function leanClientNode() {
  return {
    name: 'lean-client-node',
    setup(build) {
      build.onResolve({ filter: /^node-fetch$/ }, ({ path, importer }) =>
        importer.replaceAll('\\', '/').endsWith('/client-node/dist/gen/http/isomorphic-fetch.js')
          ? { path, namespace: 'no-fetch' }
          : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: 'no-fetch' }, () => ({ contents: noFetch, loader: 'js' }));
    },
  };
}
