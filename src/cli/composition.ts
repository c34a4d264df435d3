/** The composition root: where rooms are strung together. Nothing else constructs a client. */
import type { EffectiveConfig } from '../config/load-config.ts';
import { describeOrigin } from '../config/origin.ts';
import { connect, describeTarget, type ConnectOptions, type KubeClient } from '../kube/client.ts';
import type { KubeHost } from '../kube/kube-host.ts';
import type { KubeconfigChoice } from '../kube/kubeconfig-choice.ts';
import { machineHost } from '../kube/machine-host.ts';
import { homeFolder } from '../files/home-folder.ts';
import { attemptLog, waitLog } from './request-log.ts';
import type { Session } from './session.ts';

export interface ClientOptions extends Pick<ConnectOptions, 'onServerDate'> {
  /** The command reads stdin itself, so no credential plugin may. */
  readsStdin?: boolean;
  /** No credential plugin is started: nobody has asked for anything yet. Default: one is where it is needed. */
  withoutPlugins?: boolean;
  /** What is done there: `records`, where the effects go elsewhere. Default: the command's own work. */
  use?: 'work' | 'records';
}

/** The client of the configured target; what `auto` chose is said on stderr. Errors: those of `connect`. */
export async function connectTo(
  session: Pick<Session, 'runtime' | 'config' | 'notices'>,
  options: ClientOptions = {},
): Promise<KubeClient> {
  const { runtime, config, notices } = session;
  const { values } = config;
  const { onServerDate, use = 'work' } = options;
  const client = await connect({
    target: values.target,
    namespace: values.namespace,
    kubeconfig: kubeconfigChoice(config),
    requestTimeoutMs: values.requestTimeout,
    store: { directory: values.store },
    version: runtime.version,
    host: kubeHost(session, options),
    random: runtime.random,
    onServerDate,
    onWait: waitLog(notices),
    onAttempt: notices.isVerbose ? attemptLog(notices) : undefined,
  });
  const { target } = client;
  if (values.target === 'auto') notices.say(`${roleOf(target.kind, use)}: ${describeTarget(target)}`);
  return client;
}

function roleOf(kind: KubeClient['target']['kind'], use: ClientOptions['use']): string {
  if (use !== 'records') return 'target';
  return kind === 'embedded' ? 'journal' : 'lock';
}

/** KUBECONFIG is read by the kubeconfig loader itself: it may be a list. */
export function kubeconfigChoice({ values, origins }: EffectiveConfig): KubeconfigChoice {
  const { kind } = origins.kubeconfig;
  const isList = kind === 'environment' && origins.kubeconfig.variable === 'KUBECONFIG';
  return {
    path: isList ? undefined : values.kubeconfig,
    context: values.context,
    cluster: values.cluster,
    user: values.user,
    as: values.as,
    asGroups: values.asGroup,
    origins: {
      path: describeOrigin(origins.kubeconfig),
      context: describeOrigin(origins.context),
      cluster: describeOrigin(origins.cluster),
      user: describeOrigin(origins.user),
    },
  };
}

/** What reaching the cluster may use of this machine. */
export function kubeHost(
  { runtime, config }: Pick<Session, 'runtime' | 'config'>,
  { readsStdin = false, withoutPlugins = false }: Pick<ClientOptions, 'readsStdin' | 'withoutPlugins'>,
): KubeHost {
  const host = machineHost({
    env: runtime.env,
    homeDirectory: homeFolder(runtime.env),
    clock: runtime.clock,
    pluginTimeoutMs: config.values.requestTimeout,
    signal: runtime.signal,
    stdinIsTerminal: () => !readsStdin && !withoutPlugins && runtime.stdin.isTTY === true,
  });
  if (!withoutPlugins) return host;
  return { ...host, runPlugin: () => Promise.reject(new Error('no credential plugin is started here')) };
}
