#!/usr/bin/env node
// Bundles src/ into dist/: one small main chunk, and a chunk of its own for whatever is imported dynamically.
// Only what a package manager must place by itself (native code) stays outside.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, transform } from 'esbuild';
import { allEntries, buildChunks, common, outdir, thread } from './build/chunks.mjs';
import { withNamedExports } from './build/named-exports.mjs';

const mainLimitBytes = 400 * 1024;

const result = await buildChunks(allEntries);

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
  return { name: path.relative(outdir, file.path), code: `/*${hash}*/${code}` };
}

/** The library's entries for `import` are over those for `require`: whoever loads both gets the same classes. */
function modulesOver({ outputs }) {
  return Object.entries(outputs).flatMap(([file, { entryPoint, exports }]) => {
    const name = path.basename(file, '.cjs');
    if (entryPoint === undefined || entryPoint !== allEntries[`lib/${name}`]) return [];
    return [
      {
        name: `lib/${name}.mjs`,
        code: `import all from './${name}.cjs';export const {${exports.join(',')}}=all;`,
      },
    ];
  });
}

const chunks = await Promise.all(result.outputFiles.map(asCachedScript));
const split = chunks.length;
chunks.push(...modulesOver(result.metafile));
// A program of its own, so that what it shares with the main chunk does not become a chunk that every start loads.
const threads = await build({ ...common, entryPoints: { [thread]: `src/${thread}.ts` }, format: 'cjs' });
for (const { path: file, text } of threads.outputFiles)
  chunks.push({ name: path.basename(file), code: text });
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
mkdirSync(path.join(fresh, 'lib'), { recursive: true });
for (const chunk of chunks) writeFileSync(path.join(fresh, chunk.name), chunk.code);
if (process.argv.includes('--metafile')) {
  writeFileSync(path.join(fresh, 'meta.json'), JSON.stringify(result.metafile));
}
swapIn(fresh);
process.stdout.write(`dist: ${split} chunks, main ${Math.round(main.code.length / 1024)} KB\n`);
