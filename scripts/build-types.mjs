#!/usr/bin/env node
// The declarations of the package, one file for each entry of src/library and what they share in another. They are kept in
// types/: a change of the surface is a change that a reader sees, and `npm ci` builds nothing of it. The classes of
// client-node, which are somebody else's, are not kept: build-client-node-types.mjs makes them for a package.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as prettier from 'prettier';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { withGlobals } from './types/global-types.mjs';

const root = path.resolve(import.meta.dirname, '..');
const outdir = path.resolve(process.argv[2] ?? path.join(root, 'types'));
const entries = ['index', 'plan', 'store', 'kube'];
const clientNode = { module: '@kubernetes/client-node/dist/gen/index.js', file: './client-node.js' };
const sources = Object.fromEntries(entries.map((name) => [name, path.join(root, `src/library/${name}.ts`)]));

const bundle = await rollup({
  input: sources,
  plugins: [
    {
      name: 'client-node',
      resolveId: (id) => (id === clientNode.module ? { id: clientNode.file, external: true } : null),
    },
    dts({
      tsconfig: path.join(root, 'tsconfig.json'),
      compilerOptions: { noEmit: false, declaration: true, emitDeclarationOnly: true },
    }),
  ],
  onwarn: ({ message }) => {
    throw new Error(message);
  },
});

/** What one entry alone needs stands in its own file, the rest in one beside them. */
function chunkOf(id, { getModuleInfo }) {
  const reached = new Set();
  const seen = new Set();
  const climb = (module) => {
    if (seen.has(module)) return;
    seen.add(module);
    const { importers, isEntry } = getModuleInfo(module);
    if (isEntry) reached.add(module);
    importers.forEach(climb);
  };
  climb(id);
  return reached.size > 1 ? 'shared' : undefined;
}

const { output } = await bundle.generate({
  format: 'es',
  entryFileNames: '[name].d.ts',
  chunkFileNames: '[name].d.ts',
  manualChunks: chunkOf,
  minifyInternalExports: false,
});

// a file that loads others for their effect alone loads nothing: declarations have none
const files = output.map(({ fileName, code }) => ({
  fileName,
  code: code.replaceAll(/^import '[^']+';\n/gm, ''),
}));

const style = await prettier.resolveConfig(path.join(root, 'package.json'));
mkdirSync(outdir, { recursive: true });
for (const name of readdirSync(outdir)) rmSync(path.join(outdir, name));
for (const { fileName, code } of files) {
  const text = await prettier.format(withGlobals(code), { ...style, parser: 'typescript' });
  writeFileSync(path.join(outdir, fileName), text);
}
