// Runs bench/NAME.ts, which Node 20 cannot run as TypeScript: node bench/run.mjs NAME [flags]
import { build } from 'esbuild';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Files find their neighbours by their own folder, which a bundle does not have. */
const ownFolders = {
  name: 'own-folders',
  setup({ onLoad }) {
    onLoad({ filter: /\.m?ts$/ }, ({ path: file }) => ({
      loader: 'ts',
      contents: readFileSync(file, 'utf8').replaceAll(
        'import.meta.dirname',
        JSON.stringify(path.dirname(file)),
      ),
    }));
  },
};

const name = process.argv[2] ?? '';
const output = mkdtempSync(path.join(import.meta.dirname, '.run-'));
try {
  const outfile = path.join(output, `${name}.mjs`);
  await build({
    entryPoints: [path.join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
    plugins: [ownFolders],
  });
  const { run } = await import(pathToFileURL(outfile));
  await run(process.argv.slice(3));
} finally {
  rmSync(output, { recursive: true, force: true });
}
