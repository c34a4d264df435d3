#!/usr/bin/env node
// Bundles src/ into dist/: one small main chunk, and a chunk of its own for whatever is imported dynamically.
// Only what a package manager must place by itself (native code) stays outside.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, transform } from 'esbuild';
import { lazyRequires } from './build/lazy-requires.mjs';
import { withNamedExports } from './build/named-exports.mjs';
import { leanUndici } from './build/lean-undici.mjs';
import { optionalNatives } from './build/optional-natives.mjs';

const root = path.resolve(import.meta.dirname, '..');
const outdir = path.join(root, 'dist');
const pjson = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const mainLimitBytes = 400 * 1024;

const result = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  outdir,
  outExtension: { '.js': '.cjs' },
  chunkNames: '[name]-[hash]',
  external: Object.keys(pjson.dependencies),
  define: { __REMEDYCTL_VERSION__: JSON.stringify(pjson.version) },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  write: false,
  plugins: [lazyRequires(), leanUndici(), optionalNatives()],
});

/** esbuild splits ESM only; each chunk then becomes CommonJS, which V8's code cache can hold as a script. */
async function asCachedScript(file) {
  const transformed = await transform(file.text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    supported: { 'dynamic-import': false },
    minifySyntax: true,
    minifyWhitespace: true,
    charset: 'ascii',
  });
  const code = withNamedExports(file.text, transformed.code);
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
  return { name: path.basename(file.path), code: `/*${hash}*/${code}` };
}

const chunks = await Promise.all(result.outputFiles.map(asCachedScript));
const main = chunks.find((chunk) => chunk.name === 'main.cjs');
if (main === undefined || main.code.length > mainLimitBytes) {
  throw new Error(`main chunk is ${main?.code.length ?? 0} bytes; the limit is ${mainLimitBytes}`);
}

/** Two builds at once may both swap: the later one wins, and neither leaves a folder behind. */
function swapIn(folder) {
  const old = `${outdir}.old.${process.pid}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (existsSync(outdir)) renameSync(outdir, old);
      renameSync(folder, outdir);
      break;
    } catch (error) {
      if (attempt === 5) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

// A new folder is swapped in whole, so that a program running meanwhile never sees half a build.
const fresh = `${outdir}.${process.pid}`;
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
for (const chunk of chunks) writeFileSync(path.join(fresh, chunk.name), chunk.code);
if (process.argv.includes('--metafile')) {
  writeFileSync(path.join(fresh, 'meta.json'), JSON.stringify(result.metafile));
}
swapIn(fresh);
process.stdout.write(`dist: ${chunks.length} chunks, main ${Math.round(main.code.length / 1024)} KB\n`);
