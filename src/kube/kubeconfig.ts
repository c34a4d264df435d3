/**
 * From kubeconfig files to one cluster connection, as kubectl does it: `--kubeconfig`, else the list in
 * KUBECONFIG (missing files are passed over, the first of a name wins), else ~/.kube/config, else the
 * credentials of the pod we run in.
 */
import { delimiter, join } from 'node:path';
import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import { clusterTarget } from './cluster-target.ts';
import type { ClusterConnection } from './connection.ts';
import { inClusterConnection } from './in-cluster.ts';
import type { KubeHost } from './kube-host.ts';
import { invalidKubeconfig } from './kubeconfig-fields.ts';
import type { KubeconfigChoice } from './kubeconfig-choice.ts';
import type { Kubeconfig } from './kubeconfig-file.ts';
import { mergeKubeconfigs, readKubeconfig } from './kubeconfig-file.ts';
import { userCredentials } from './user-credentials.ts';

/**
 * The chosen connection, or undefined when nothing names a cluster at all (`--target auto` then means the
 * embedded store). Errors: KUBECONFIG_INVALID, CONFIG_NOT_FOUND.
 */
export async function loadConnection(
  choice: KubeconfigChoice,
  host: KubeHost,
): Promise<ClusterConnection | undefined> {
  const kubeconfig = await loadKubeconfig(choice.path, host);
  const contextName = choice.context ?? kubeconfig.currentContext;
  if (contextName === undefined && choice.cluster === undefined) {
    if (choice.user !== undefined) throw noCluster();
    return inClusterConnection(choice, host);
  }
  return connectionOf(kubeconfig, contextName, choice, host);
}

/** Why there is no cluster to talk to, for who asked for one. */
export function noCluster(): RemedyError {
  return new RemedyError(
    'CONFIG_NOT_FOUND',
    'no cluster is configured: no kubeconfig names a current context',
    {
      hint: 'Set KUBECONFIG or --context (kubectl config get-contexts lists them), or use --target embedded.',
    },
  );
}

async function loadKubeconfig(explicit: string | undefined, host: KubeHost): Promise<Kubeconfig> {
  if (explicit !== undefined) {
    try {
      return await readKubeconfig(await host.readFile(explicit), explicit);
    } catch (thrown) {
      throw thrown instanceof RemedyError ? thrown : unreadable(explicit, thrown);
    }
  }
  const list = host.env['KUBECONFIG'] ?? '';
  const paths =
    list === ''
      ? [join(host.homeDirectory, '.kube', 'config')]
      : [...new Set(list.split(delimiter).filter((path) => path !== ''))];
  const files: Kubeconfig[] = [];
  for (const path of paths) {
    const text = await readIfThere(path, host);
    if (text !== undefined) files.push(await readKubeconfig(text, path));
  }
  return mergeKubeconfigs(files);
}

async function readIfThere(path: string, host: KubeHost): Promise<string | undefined> {
  try {
    return await host.readFile(path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, thrown);
  }
}

function unreadable(path: string, thrown: unknown): RemedyError {
  const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
  return invalidKubeconfig(path, missing ? 'does not exist' : `cannot be read: ${messageOf(thrown)}`, thrown);
}

async function connectionOf(
  kubeconfig: Kubeconfig,
  contextName: string | undefined,
  choice: KubeconfigChoice,
  host: KubeHost,
): Promise<ClusterConnection> {
  const context =
    contextName === undefined ? undefined : entryOf('context', contextName, kubeconfig.contexts);
  const cluster = entryOf('cluster', choice.cluster ?? context?.cluster ?? '', kubeconfig.clusters);
  // A context without a user is anonymous.
  const userName = choice.user ?? context?.user;
  const user = userName === undefined ? undefined : entryOf('user', userName, kubeconfig.users);
  const target = await clusterTarget(cluster, host);
  return {
    ...target,
    context: contextName,
    namespace: context?.namespace,
    credentials: await userCredentials({ user, choice, cluster, target }, host),
  };
}

function entryOf<T>(what: string, name: string, known: ReadonlyMap<string, T>): T {
  const entry = known.get(name);
  if (entry === undefined) throw missingEntry(what, name, known);
  return entry;
}

function missingEntry(what: string, name: string, known: ReadonlyMap<string, unknown>): RemedyError {
  const names = [...known.keys()];
  return new RemedyError('KUBECONFIG_INVALID', `the kubeconfig has no ${what} "${name}"`, {
    hint: names.length === 0 ? `It has no ${what} at all; check KUBECONFIG.` : `It has: ${names.join(', ')}.`,
    details: { [what]: name },
  });
}
