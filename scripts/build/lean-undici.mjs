/**
 * undici's client loads what it never uses here, for 6 ms of every short command: HTTP/2, which is switched off, and all
 * of Node's own HTTP for one number, the limit of an answer's headers, and for a class that tells requests of a Node
 * server from other bodies. No body here is one.
 */
const http = 'module.exports = { maxHeaderSize: 16 * 1024, IncomingMessage: class {} };';
const askers = ['/undici/lib/dispatcher/client.js', '/undici/lib/core/util.js'];

export function leanUndici() {
  return {
    name: 'lean-undici',
    setup(build) {
      build.onResolve({ filter: /^node:http2?$/ }, ({ path, importer }) => {
        const file = importer.replaceAll('\\', '/');
        if (path === 'node:http2' && file.endsWith('/undici/lib/dispatcher/client-h2.js')) {
          return { path, namespace: 'absent' };
        }
        return path === 'node:http' && askers.some((asker) => file.endsWith(asker))
          ? { path, namespace: 'little-http' }
          : undefined;
      });
      build.onLoad({ filter: /.*/, namespace: 'little-http' }, () => ({ contents: http, loader: 'js' }));
    },
  };
}
