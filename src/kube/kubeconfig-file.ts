import { dirname, isAbsolute, join, sep } from 'node:path';
import { GoYamlError, jsonOrYaml } from './go-yaml.ts';
import { KubeconfigFields, invalidKubeconfig } from './kubeconfig-fields.ts';

export interface KubeconfigCluster {
  fields: KubeconfigFields;
  server?: string | undefined;
  tlsServerName?: string | undefined;
  insecureSkipTlsVerify: boolean;
  caFile?: string | undefined;
  caPem?: string | undefined;
  proxyUrl?: string | undefined;
  disableCompression: boolean;
  /** What the cluster has to say to exec plugins. */
  execConfig?: unknown;
}

export interface KubeconfigContext {
  fields: KubeconfigFields;
  cluster?: string | undefined;
  user?: string | undefined;
  namespace?: string | undefined;
}

export interface KubeconfigUser {
  fields: KubeconfigFields;
  certFile?: string | undefined;
  certPem?: string | undefined;
  keyFile?: string | undefined;
  keyPem?: string | undefined;
  token?: string | undefined;
  tokenFile?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
  as?: string | undefined;
  asUid?: string | undefined;
  asGroups: string[];
  asExtra: Record<string, string[]>;
  authProvider?: string | undefined;
  exec?: KubeconfigExec | undefined;
}

export interface KubeconfigExec {
  fields: KubeconfigFields;
  command?: string | undefined;
  args: string[];
  env: [name: string, value: string][];
  apiVersion?: string | undefined;
  installHint?: string | undefined;
  provideClusterInfo: boolean;
  interactiveMode?: string | undefined;
}

/** One or several merged kubeconfig files; paths in it are resolved against their own file's folder. */
export interface Kubeconfig {
  currentContext?: string | undefined;
  clusters: Map<string, KubeconfigCluster>;
  contexts: Map<string, KubeconfigContext>;
  users: Map<string, KubeconfigUser>;
}

/** The entry in a cluster's extensions that exec plugins are given. */
const execExtension = 'client.authentication.k8s.io/exec';

function emptyKubeconfig(): Kubeconfig {
  return { clusters: new Map(), contexts: new Map(), users: new Map() };
}

/** Reads one file's text. Errors: KUBECONFIG_INVALID. */
export async function readKubeconfig(text: string, file: string): Promise<Kubeconfig> {
  const value = await parse(text, file);
  if (value === null || value === undefined) return emptyKubeconfig();
  const root = new KubeconfigFields(value, file);
  checkKind(root);
  const resolve = (path: string | undefined): string | undefined =>
    path === undefined || isAbsolute(path) ? path : join(dirname(file), path);
  return {
    currentContext: root.text('current-context'),
    clusters: named(root, 'clusters', 'cluster', (fields) => readCluster(fields, resolve)),
    contexts: named(root, 'contexts', 'context', readContext),
    users: named(root, 'users', 'user', (fields) => readUser(fields, resolve)),
  };
}

/** As kubectl: what says nothing of itself is a Config of v1, and what says to be something else is refused. */
function checkKind(root: KubeconfigFields): void {
  const apiVersion = root.text('apiVersion') ?? 'v1';
  const kind = root.text('kind') ?? 'Config';
  if (kind !== 'Config')
    throw root.invalid('kind', `is ${JSON.stringify(kind)}, not Config: it is no kubeconfig`);
  if (apiVersion !== 'v1') throw root.invalid('apiVersion', `is ${JSON.stringify(apiVersion)}, not v1`);
}

/** Earlier files win: an entry of a known name is passed over whole, and so is another current-context. */
export function mergeKubeconfigs(files: readonly Kubeconfig[]): Kubeconfig {
  const merged = emptyKubeconfig();
  for (const file of files) {
    merged.currentContext ??= file.currentContext;
    addMissing(merged.clusters, file.clusters);
    addMissing(merged.contexts, file.contexts);
    addMissing(merged.users, file.users);
  }
  return merged;
}

function addMissing<T>(into: Map<string, T>, from: Map<string, T>): void {
  for (const [name, entry] of from) if (!into.has(name)) into.set(name, entry);
}

async function parse(text: string, file: string): Promise<unknown> {
  try {
    return await jsonOrYaml(text);
  } catch (thrown) {
    if (thrown instanceof GoYamlError) throw invalidKubeconfig(file, thrown.message);
    throw thrown;
  }
}

function named<T>(
  root: KubeconfigFields,
  list: string,
  inner: string,
  read: (fields: KubeconfigFields) => T,
): Map<string, T> {
  const entries = new Map<string, T>();
  for (const entry of root.records(list)) {
    const name = entry.text('name') ?? '';
    if (entries.has(name)) throw entry.invalid('name', `is the second "${name}" in this file`);
    entries.set(name, read(entry.record(inner) ?? new KubeconfigFields({}, root.file, entry.path)));
  }
  return entries;
}

type ResolvePath = (path: string | undefined) => string | undefined;

function readCluster(fields: KubeconfigFields, resolve: ResolvePath): KubeconfigCluster {
  const extension = fields.records('extensions').find((entry) => entry.text('name') === execExtension);
  return {
    fields,
    server: fields.text('server'),
    tlsServerName: fields.text('tls-server-name'),
    insecureSkipTlsVerify: fields.flag('insecure-skip-tls-verify'),
    caFile: resolve(fields.text('certificate-authority')),
    caPem: fields.base64('certificate-authority-data'),
    proxyUrl: fields.text('proxy-url'),
    disableCompression: fields.flag('disable-compression'),
    execConfig: extension?.raw('extension'),
  };
}

function readContext(fields: KubeconfigFields): KubeconfigContext {
  return {
    fields,
    cluster: fields.text('cluster'),
    user: fields.text('user'),
    namespace: fields.text('namespace'),
  };
}

function readUser(fields: KubeconfigFields, resolve: ResolvePath): KubeconfigUser {
  const exec = fields.record('exec');
  const extra = fields.record('as-user-extra');
  const authProvider = fields.record('auth-provider');
  return {
    fields,
    certFile: resolve(fields.text('client-certificate')),
    certPem: fields.base64('client-certificate-data'),
    keyFile: resolve(fields.text('client-key')),
    keyPem: fields.base64('client-key-data'),
    token: fields.text('token'),
    tokenFile: resolve(fields.text('tokenFile')),
    username: fields.text('username'),
    password: fields.text('password'),
    as: fields.text('as'),
    asUid: fields.text('as-uid'),
    asGroups: fields.texts('as-groups'),
    asExtra: Object.fromEntries((extra?.entries() ?? []).map(([key]) => [key, extra?.texts(key) ?? []])),
    authProvider: authProvider === undefined ? undefined : (authProvider.text('name') ?? ''),
    exec: exec === undefined ? undefined : readExec(exec, resolve),
  };
}

function readExec(fields: KubeconfigFields, resolve: ResolvePath): KubeconfigExec {
  const command = fields.text('command');
  return {
    fields,
    // A bare name is looked for in PATH.
    command: command?.includes(sep) === true ? resolve(command) : command,
    args: fields.texts('args'),
    env: fields.records('env').map((entry) => [entry.text('name') ?? '', entry.text('value') ?? '']),
    apiVersion: fields.text('apiVersion'),
    installHint: fields.text('installHint'),
    provideClusterInfo: fields.flag('provideClusterInfo'),
    interactiveMode: fields.text('interactiveMode'),
  };
}
