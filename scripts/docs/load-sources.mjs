import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = path.resolve(import.meta.dirname, '../..');
export const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** What a file of TypeScript exports, with the sources that it imports; packages stay where they are. */
export async function loadSources(file) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [file],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'warning',
    define: {
      __REMEDYCTL_VERSION__: JSON.stringify(version),
    },
  });
  const folder = path.join(root, 'node_modules/.cache/remedyctl-docs');
  mkdirSync(folder, { recursive: true });
  const bundled = path.join(folder, `${path.basename(file, '.ts')}.${process.pid}.mjs`);
  writeFileSync(bundled, outputFiles[0].text);
  try {
    return await import(pathToFileURL(bundled).href);
  } finally {
    rmSync(bundled);
  }
}
