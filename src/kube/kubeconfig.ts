/**
 * From kubeconfig files to one cluster connection, as kubectl does it: `--kubeconfig`, else the list in
 * KUBECONFIG (missing files are passed over, the first of a name wins), else ~/.kube/config, else the
 * credentials of the pod we run in.
 */
import { delimiter, join } from 'node:path';
import { optionName } from '../errors/option-name.ts';
import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import { isStopped } from '../files/read-text.ts';
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
 * The chosen connection, or undefined when nothing configures a cluster at all (`--target auto` then means the
 * embedded store). A kubeconfig that is named, or that is there, and yields no context is an error: whoever has one
 * means a cluster. Errors: KUBECONFIG_INVALID, CONFIG_NOT_FOUND.
 */
export async function loadConnection(
  choice: KubeconfigChoice,
  host: KubeHost,
): Promise<ClusterConnection | undefined> {
  const source = await loadKubeconfig(choice, host);
  const contextName = choice.context ?? source.kubeconfig.currentContext;
  if (contextName !== undefined || choice.cluster !== undefined) {
    return connectionOf(source, contextName, choice, host);
  }
  // In a pod too: a slip in KUBECONFIG must not lead to another cluster than the one that was meant.
  if (source.namedBy !== undefined) throw noContext(source);
  const inCluster = choice.user === undefined ? await inClusterConnection(choice, host) : undefined;
  if (inCluster !== undefined) return inCluster;
  if (source.files.some(({ isThere }) => isThere)) throw noContext(source);
  if (choice.user !== undefined) throw noCluster(host);
  return undefined;
}

/** Everything that the chosen kubeconfig files name, merged. Errors: KUBECONFIG_INVALID. */
export async function kubeconfigEntries(choice: KubeconfigChoice, host: KubeHost): Promise<Kubeconfig> {
  return (await loadKubeconfig(choice, host)).kubeconfig;
}

/** Why there is no cluster to talk to, for who asked for one where nothing configures any. */
export function noCluster(host: Pick<KubeHost, 'homeDirectory'>): RemedyError {
  return new RemedyError(
    'CONFIG_NOT_FOUND',
    `no cluster is configured: KUBECONFIG is not set, and there is no ${usualFile(host)}`,
    {
      hint: `Name a kubeconfig with KUBECONFIG or ${optionName('kubeconfig')}, or use ${optionName('target')} embedded.`,
    },
  );
}

/** The files that were looked at, merged. */
interface KubeconfigSource {
  kubeconfig: Kubeconfig;
  files: readonly LookedAt[];
  /** What named them: `environment KUBECONFIG`, `flag --kubeconfig`; undefined for the usual file. */
  namedBy: string | undefined;
}

interface LookedAt {
  path: string;
  isThere: boolean;
  /** What keeps it from naming a context, to follow its path. */
  lack: string;
}

async function loadKubeconfig(choice: KubeconfigChoice, host: KubeHost): Promise<KubeconfigSource> {
  if (choice.path !== undefined) {
    const namedBy = choice.origins?.path ?? optionName('kubeconfig');
    return readSource([choice.path], namedBy, (path) => readNamed(path, host));
  }
  const list = host.env['KUBECONFIG'] ?? '';
  if (list === '') return readSource([usualFile(host)], undefined, (path) => readIfThere(path, host));
  const paths = [...new Set(list.split(delimiter).filter((path) => path !== ''))];
  return readSource(paths, 'environment KUBECONFIG', (path) => readIfThere(path, host));
}

async function readSource(
  paths: readonly string[],
  namedBy: string | undefined,
  read: (path: string) => Promise<string | undefined>,
): Promise<KubeconfigSource> {
  const parts: Kubeconfig[] = [];
  const files: LookedAt[] = [];
  for (const path of paths) {
    const text = await read(path);
    const kubeconfig = text === undefined ? undefined : await readKubeconfig(text, path);
    if (kubeconfig !== undefined) parts.push(kubeconfig);
    files.push({ path, isThere: kubeconfig !== undefined, lack: lackOf(kubeconfig) });
  }
  return { kubeconfig: mergeKubeconfigs(parts), files, namedBy };
}

function lackOf(kubeconfig: Kubeconfig | undefined): string {
  if (kubeconfig === undefined) return 'does not exist';
  const { clusters, contexts, users } = kubeconfig;
  const isEmpty = clusters.size + contexts.size + users.size === 0;
  return isEmpty ? 'holds nothing' : 'has no current-context';
}

function usualFile(host: Pick<KubeHost, 'homeDirectory'>): string {
  return join(host.homeDirectory, '.kube', 'config');
}

async function readNamed(path: string, host: KubeHost): Promise<string> {
  try {
    return await host.readFile(path);
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
}

async function readIfThere(path: string, host: KubeHost): Promise<string | undefined> {
  try {
    return await host.readFile(path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, thrown);
  }
}

/** What to throw where a file could not be read; a stop stays what it is. */
function unreadable(path: string, thrown: unknown): unknown {
  if (isStopped(thrown)) return thrown;
  const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
  return invalidKubeconfig(path, missing ? 'does not exist' : `cannot be read: ${messageOf(thrown)}`, thrown);
}

function noContext({ kubeconfig, files, namedBy }: KubeconfigSource): RemedyError {
  const looked = files.map(({ path, lack }) => `${path} ${lack}`).join(', ');
  const names = [...kubeconfig.contexts.keys()];
  const choose =
    names.length === 0 ? '' : `, choose a context with ${optionName('context')} (${names.join(', ')})`;
  const subject = namedBy === undefined ? 'the kubeconfig' : `the kubeconfig asked for by ${namedBy}`;
  return new RemedyError(
    'KUBECONFIG_INVALID',
    `${subject} yields no context: ${looked === '' ? 'it names no file' : looked}`,
    {
      hint: `Correct it${choose}, or say ${optionName('target')} embedded to work on the local store.`,
      details: { files: files.map(({ path }) => path) },
    },
  );
}

async function connectionOf(
  source: KubeconfigSource,
  contextName: string | undefined,
  choice: KubeconfigChoice,
  host: KubeHost,
): Promise<ClusterConnection> {
  const { clusters, contexts, users } = source.kubeconfig;
  const entryOf = <T>(what: EntryKind, name: string, known: ReadonlyMap<string, T>): T => {
    const entry = known.get(name);
    if (entry === undefined) throw missingEntry({ what, name, known: [...known.keys()], choice }, source);
    return entry;
  };
  const context = contextName === undefined ? undefined : entryOf('context', contextName, contexts);
  const cluster = entryOf('cluster', choice.cluster ?? context?.cluster ?? '', clusters);
  // A context without a user is anonymous.
  const userName = choice.user ?? context?.user;
  const user = userName === undefined ? undefined : entryOf('user', userName, users);
  const target = await clusterTarget(cluster, host);
  return {
    ...target,
    context: contextName,
    namespace: context?.namespace,
    credentials: await userCredentials({ user, choice, cluster, target }, host),
  };
}

type EntryKind = 'context' | 'cluster' | 'user';

interface MissingEntry {
  what: EntryKind;
  name: string;
  /** What there is. */
  known: readonly string[];
  choice: KubeconfigChoice;
}

function missingEntry({ what, name, known, choice }: MissingEntry, source: KubeconfigSource): RemedyError {
  const origin = choice[what] === undefined ? undefined : choice.origins?.[what];
  return new RemedyError('KUBECONFIG_INVALID', `the kubeconfig has no ${what} "${name}"`, {
    hint: known.length === 0 ? hintOfNothing(what, source) : `It has: ${known.join(', ')}.`,
    details: {
      [what]: name,
      ...(origin === undefined ? {} : { askedForBy: origin }),
      files: source.files.map(({ path }) => path),
    },
  });
}

function hintOfNothing(what: EntryKind, { files, namedBy }: KubeconfigSource): string {
  const looked = files.map(({ path, isThere }) => (isThere ? path : `${path}, which does not exist`));
  const where = looked.length === 0 ? '' : ` Looked in: ${looked.join('; ')}.`;
  const check = namedBy === undefined ? 'name another with KUBECONFIG' : `check ${namedBy}`;
  return `It has no ${what} at all; ${check}.${where}`;
}
