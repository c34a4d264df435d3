import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { lazyRequires } from './lazy-requires.mjs';
import { leanClientNode } from './lean-client-node.mjs';
import { leanUndici } from './lean-undici.mjs';
import { optionalNatives } from './optional-natives.mjs';

export const root = path.resolve(import.meta.dirname, '../..');
export const outdir = path.join(root, 'dist');
const pjson = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

export const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  outdir,
  outExtension: { '.js': '.cjs' },
  external: Object.keys(pjson.peerDependencies),
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  write: false,
};
export const thread = 'yaml-thread';

/** The sources of the package's entries, as package.json exports them. */
export const libraryEntries = Object.fromEntries(
  Object.keys(pjson.exports)
    .filter((entry) => entry !== './package.json')
    .map((entry) => (entry === '.' ? 'index' : entry.slice(2)))
    .map((name) => [name, `src/library/${name}.ts`]),
);

/**
 * The program and the library in one build, so that what both need is there once. A module that not all of them need is in a
 * chunk apart: no start loads more code for it, a command loads five more files.
 */
export const allEntries = {
  main: 'src/main.ts',
  ...Object.fromEntries(Object.entries(libraryEntries).map(([name, source]) => [`lib/${name}`, source])),
};

/** The entries, what they share, and what they import dynamically, in chunks. */
export function buildChunks(entryPoints) {
  return build({
    ...common,
    entryPoints,
    splitting: true,
    format: 'esm',
    chunkNames: '[name]-[hash]',
    define: {
      __REMEDYCTL_VERSION__: JSON.stringify(pjson.version),
      __REMEDYCTL_YAML_THREAD__: JSON.stringify(`${thread}.cjs`),
    },
    metafile: true,
    plugins: [lazyRequires(), leanClientNode(), leanUndici(), optionalNatives()],
  });
}
