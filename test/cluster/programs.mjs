// What the cluster tier runs: which programs, of which versions, and where they lie.
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export const kubernetesVersion = '1.35.4';
export const etcdVersion = '3.6.5';
/** The staging modules are published as v0.<minor>.<patch> of the release that they belong to. */
export const stagingVersion = '0.35.4';

const componentMain = (imports, command) => `package main

import (
	"os"

	"k8s.io/component-base/cli"
${imports.map((line) => `\t${line}\n`).join('')})

func main() { os.Exit(cli.Run(${command})) }
`;

/** Program name -> source of its `main`. What the tests need first is built first. */
export const programs = {
  etcd: `package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
`,
  'kube-apiserver': componentMain(
    ['"k8s.io/kubernetes/cmd/kube-apiserver/app"'],
    'app.NewAPIServerCommand()',
  ),
  kubectl: componentMain(
    ['_ "k8s.io/client-go/plugin/pkg/client/auth"', '"k8s.io/kubectl/pkg/cmd"'],
    'cmd.NewDefaultKubectlCommand()',
  ),
  'kube-scheduler': componentMain(
    ['"k8s.io/kubernetes/cmd/kube-scheduler/app"'],
    'app.NewSchedulerCommand()',
  ),
  'kube-controller-manager': componentMain(
    ['"k8s.io/kubernetes/cmd/kube-controller-manager/app"'],
    'app.NewControllerManagerCommand()',
  ),
};

/** The folder that has the programs: KUBEBUILDER_ASSETS where it is set, else the one `cluster:build` fills. */
export function programsFolder(environment = process.env) {
  if (environment.KUBEBUILDER_ASSETS) return path.resolve(environment.KUBEBUILDER_ASSETS);
  const cache = environment.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(cache, 'remedyctl', `kubernetes-${kubernetesVersion}`);
}

/** The names of `wanted` that `folder` does not have as executables. */
export function missingPrograms(folder = programsFolder(), wanted = Object.keys(programs)) {
  return wanted.filter((name) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return false;
    } catch {
      return true;
    }
  });
}
