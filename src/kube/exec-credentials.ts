/**
 * Credentials from an exec plugin (client.authentication.k8s.io/v1 and v1beta1).
 *
 * The plugin runs with the first request, not before; what it gives is kept until its expirationTimestamp,
 * without one for the life of the process, and asked for anew when the server answers 401. Concurrent
 * requests share one run. Source: client-go, plugin/pkg/client/auth/exec.
 */
import type { RemedyError } from '../errors/remedy-error.ts';
import { isStopped } from '../files/read-text.ts';
import type { ClusterConnection } from './connection.ts';
import type { ClientCertificate, Credentials, Identity } from './credentials.ts';
import { pluginCannotStart, pluginFailed, pluginLate, readExecCredential } from './exec-answer.ts';
import type { KubeHost, PluginResult } from './kube-host.ts';
import type { KubeconfigCluster, KubeconfigExec } from './kubeconfig-file.ts';

interface ExecOptions {
  exec: KubeconfigExec;
  /** Headers beside authorization; one that is among them goes before the plugin's token. */
  headers: Readonly<Record<string, string | string[]>>;
  /** The kubeconfig's own; goes before the plugin's. */
  certificate?: ClientCertificate | undefined;
  cluster: KubeconfigCluster;
  target: Omit<ClusterConnection, 'credentials'>;
}

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const modes = ['Never', 'IfAvailable', 'Always'];

/** Errors: KUBECONFIG_INVALID at once for a wrong entry, CREDENTIALS_FAILED when the plugin fails later. */
export function execCredentials(options: ExecOptions, host: KubeHost): Credentials {
  const command = checkExec(options.exec);
  let current: Identity | undefined;
  let expiresAtMs = Infinity;
  let running: Promise<Identity> | undefined;

  const run = async (): Promise<Identity> => {
    const result = await runPlugin(command, options, host);
    const credential = await readExecCredential(result.stdout, options.exec);
    expiresAtMs = credential.expiresAtMs ?? Infinity;
    const { token } = credential;
    current = {
      headers:
        token === undefined ? options.headers : { authorization: `Bearer ${token}`, ...options.headers },
      certificate: options.certificate ?? credential.certificate,
    };
    return current;
  };

  const renew = (): Promise<Identity> => {
    running ??= run().finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    identity: () => {
      const valid = current !== undefined && host.clock.now() < expiresAtMs;
      return valid && current !== undefined ? Promise.resolve(current) : renew();
    },
    refresh: async (refused) => {
      if (current !== refused) return true;
      return !sameIdentity(await renew(), refused);
    },
  };
}

function sameIdentity(a: Identity, b: Identity): boolean {
  return (
    a.headers['authorization'] === b.headers['authorization'] && a.certificate?.cert === b.certificate?.cert
  );
}

function checkExec(exec: KubeconfigExec): string {
  const { fields, command, apiVersion, interactiveMode } = exec;
  if (command === undefined) throw fields.invalid('command', 'is missing');
  if (apiVersion === undefined) throw fields.invalid('apiVersion', 'is missing');
  if (!versions.includes(apiVersion)) throw fields.invalid('apiVersion', `must be ${versions.join(' or ')}`);
  // Only v1beta1 has a default for it.
  if (interactiveMode === undefined && apiVersion === versions[0]) {
    throw fields.invalid('interactiveMode', `must be one of ${modes.join(', ')}`);
  }
  if (interactiveMode !== undefined && !modes.includes(interactiveMode)) {
    throw fields.invalid('interactiveMode', `must be one of ${modes.join(', ')}`);
  }
  if (exec.env.some(([name]) => name === '')) throw fields.invalid('env', 'has an entry without a name');
  return command;
}

async function runPlugin(command: string, options: ExecOptions, host: KubeHost): Promise<PluginResult> {
  const { exec } = options;
  const interactive = isInteractive(exec, host);
  const env = {
    ...host.env,
    ...Object.fromEntries(exec.env),
    KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(options, interactive)),
  };
  let result: PluginResult;
  try {
    result = await host.runPlugin({
      command,
      args: exec.args,
      env,
      interactive,
      timeoutMs: host.pluginTimeoutMs,
      signal: host.signal,
    });
  } catch (thrown) {
    if (isStopped(thrown)) throw thrown;
    throw pluginCannotStart(exec, thrown);
  }
  if (result.killed === 'output')
    throw pluginFailed(exec, 'printed more than any credential has, and was killed');
  if (result.killed === 'timeout') throw pluginLate(exec, host.pluginTimeoutMs ?? 0);
  if (result.exitCode !== 0) throw pluginFailed(exec, exitText(result.exitCode));
  return result;
}

function exitText(exitCode: number | null): string {
  return exitCode === null ? 'was ended by a signal' : `failed with exit code ${exitCode}`;
}

function isInteractive(exec: KubeconfigExec, host: KubeHost): boolean {
  const mode = exec.interactiveMode ?? 'IfAvailable';
  if (mode === 'Always' && !host.stdinIsTerminal()) throw needsTerminal(exec);
  return mode !== 'Never' && host.stdinIsTerminal();
}

function needsTerminal(exec: KubeconfigExec): RemedyError {
  return pluginFailed(exec, 'needs a terminal on stdin (interactiveMode: Always), and there is none');
}

function execInfo(options: ExecOptions, interactive: boolean): object {
  const { exec, cluster, target } = options;
  const info = {
    server: target.server,
    'tls-server-name': target.tls.serverName,
    'insecure-skip-tls-verify': target.tls.insecure === true ? true : undefined,
    'certificate-authority-data':
      target.tls.ca === undefined ? undefined : Buffer.from(target.tls.ca).toString('base64'),
    'proxy-url': cluster.proxyUrl,
    'disable-compression': cluster.disableCompression ? true : undefined,
    config: cluster.execConfig ?? null,
  };
  return {
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: { ...(exec.provideClusterInfo ? { cluster: info } : {}), interactive },
  };
}
