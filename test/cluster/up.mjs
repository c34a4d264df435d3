// Leaves a control plane running for hand work until Ctrl-C. `--controllers` adds the controller manager and
// the scheduler.
import { build } from 'esbuild';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { missingPrograms, programsFolder } from './programs.mjs';

const { values: flags } = parseArgs({ options: { controllers: { type: 'boolean', default: false } } });

/** The tests' own module, which Node 20 cannot import as TypeScript. */
async function importControlPlane() {
  const support = path.resolve(import.meta.dirname, '../support');
  const output = mkdtempSync(path.join(import.meta.dirname, '.up-'));
  try {
    const outfile = path.join(output, 'control-plane.mjs');
    await build({
      entryPoints: [path.join(import.meta.dirname, 'control-plane.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'warning',
      // Where the resource definition is looked for is relative to a source file.
      define: { 'import.meta.dirname': JSON.stringify(support) },
    });
    return await import(pathToFileURL(outfile));
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

async function run() {
  const needed = ['etcd', 'kube-apiserver', 'kubectl'];
  if (flags.controllers) needed.push('kube-controller-manager', 'kube-scheduler');
  const missing = missingPrograms(programsFolder(), needed);
  if (missing.length > 0) {
    console.error(`${missing.join(', ')} not in ${programsFolder()}; get them with: npm run cluster:build`);
    return 1;
  }
  const interrupted = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  const { startControlPlane } = await importControlPlane();
  const controlPlane = await startControlPlane({ controllers: flags.controllers });
  const definition = path.resolve(import.meta.dirname, '../../../shared/crds');
  if (existsSync(definition)) await controlPlane.applyCrd();
  console.log(`${controlPlane.server} is ready; Ctrl-C ends it\n`);
  console.log(`export KUBECONFIG=${controlPlane.kubeconfig}`);
  console.log(`export PATH=${programsFolder()}:$PATH`);
  const idle = setInterval(() => undefined, 60_000);
  await interrupted;
  clearInterval(idle);
  await controlPlane.stop();
  return 0;
}

process.exitCode = await run();
