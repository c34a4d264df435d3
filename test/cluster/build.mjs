// Builds the programs of the cluster tier from Go modules, once. Each program appears under its name only when
// it is complete (built beside it, then renamed), so an interrupted build is simply taken up again, and two
// builds at once do each other no harm.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import path from 'node:path';
import {
  etcdVersion,
  kubernetesVersion,
  missingPrograms,
  programs,
  programsFolder,
  stagingVersion,
} from './programs.mjs';

const environment = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };

function go(args, cwd, output = 'inherit') {
  const run = spawnSync('go', args, {
    cwd,
    env: environment,
    stdio: ['ignore', output === 'inherit' ? 2 : 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.error?.code === 'ENOENT') {
    throw new Error(
      'go was not found: install Go 1.25 or later, or let KUBEBUILDER_ASSETS name a folder with the programs',
    );
  }
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`go ${args[0]} ${args.at(-1)} failed with exit code ${run.status}`);
  return run.stdout;
}

/** The staging modules that this release of Kubernetes replaces by folders of its own repository. */
function stagingModules(cwd) {
  const download = JSON.parse(
    go(['mod', 'download', '-json', `k8s.io/kubernetes@v${kubernetesVersion}`], cwd, 'pipe'),
  );
  const modules = [...readFileSync(download.GoMod, 'utf8').matchAll(/^\s*(k8s\.io\/\S+) => \.\/staging\//gm)];
  if (modules.length === 0) throw new Error(`${download.GoMod} names no staging modules`);
  return modules.map((match) => match[1]);
}

function goMod(staging) {
  return [
    'module remedyctl.test/control-plane',
    'go 1.25.0',
    'require (',
    `\tk8s.io/kubernetes v${kubernetesVersion}`,
    `\tk8s.io/client-go v${stagingVersion}`,
    `\tk8s.io/component-base v${stagingVersion}`,
    `\tk8s.io/kubectl v${stagingVersion}`,
    `\tgo.etcd.io/etcd/server/v3 v${etcdVersion}`,
    ')',
    'replace (',
    ...staging.map((name) => `\t${name} => ${name} v${stagingVersion}`),
    ')',
    '',
  ].join('\n');
}

function linkerFlags() {
  const [major, minor] = kubernetesVersion.split('.');
  const set = { gitVersion: `v${kubernetesVersion}`, gitMajor: major, gitMinor: minor };
  const stamps = Object.entries(set).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  );
  return ['-s', '-w', ...stamps].join(' ');
}

function build(folder, names) {
  const source = mkdtempSync(path.join(tmpdir(), 'remedyctl-control-plane-'));
  try {
    writeFileSync(path.join(source, 'go.mod'), 'module remedyctl.test/control-plane\n');
    writeFileSync(path.join(source, 'go.mod'), goMod(stagingModules(source)));
    for (const name of Object.keys(programs)) {
      mkdirSync(path.join(source, name));
      writeFileSync(path.join(source, name, 'main.go'), programs[name]);
    }
    go(['mod', 'tidy'], source);
    for (const name of names) {
      console.error(`building ${name}`);
      const unfinished = path.join(folder, `.${name}.${process.pid}`);
      try {
        go(['build', '-trimpath', '-ldflags', linkerFlags(), '-o', unfinished, `./${name}`], source);
        renameSync(unfinished, path.join(folder, name));
      } finally {
        rmSync(unfinished, { force: true });
      }
    }
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
}

const folder = programsFolder();
const missing = missingPrograms(folder);
if (missing.length === 0) {
  console.error(`nothing to build: ${folder} has ${Object.keys(programs).join(', ')}`);
} else if (process.env.KUBEBUILDER_ASSETS) {
  console.error(
    `KUBEBUILDER_ASSETS names ${folder}, which lacks ${missing.join(', ')}; nothing is built there`,
  );
  process.exitCode = 1;
} else {
  // Ten minutes of compiler: leave the machine to whoever works on it.
  setPriority(10);
  mkdirSync(folder, { recursive: true });
  build(folder, missing);
  console.error(`the programs of Kubernetes ${kubernetesVersion} are in ${folder}`);
}
