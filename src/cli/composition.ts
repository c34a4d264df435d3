/** The composition root: where rooms are strung together. Nothing else constructs a client. */
import { homedir } from 'node:os';
import type { EffectiveConfig } from '../config/load-config.ts';
import { connect, type ConnectOptions, type KubeClient, type TargetDescription } from '../kube/client.ts';
import type { KubeHost } from '../kube/kube-host.ts';
import type { KubeconfigChoice } from '../kube/kubeconfig-choice.ts';
import { machineHost } from '../kube/machine-host.ts';
import type { Runtime } from './runtime.ts';
import type { Session } from './session.ts';

export interface ClientOptions extends Pick<ConnectOptions, 'onAttempt' | 'onServerDate'> {
  /** The command reads stdin itself, so no credential plugin may. */
  readsStdin?: boolean;
}

/** The client of the configured target; what `auto` chose is said on stderr. Errors: those of `connect`. */
export async function connectTo(session: Session, options: ClientOptions = {}): Promise<KubeClient> {
  const { runtime, config, notices } = session;
  const { values } = config;
  const { readsStdin = false, ...observers } = options;
  const client = await connect({
    target: values.target,
    namespace: values.namespace,
    kubeconfig: kubeconfigChoice(config),
    requestTimeoutMs: values.requestTimeout,
    store: { directory: values.store },
    version: runtime.version,
    host: kubeHost(runtime, readsStdin),
    random: runtime.random,
    ...observers,
  });
  if (values.target === 'auto') notices.say(`target: ${describeTarget(client.target)}`);
  return client;
}

/** One phrase that names a target. */
export function describeTarget(target: TargetDescription): string {
  if (target.kind === 'embedded') return `embedded store ${target.store}`;
  return target.context === undefined
    ? `cluster ${target.server}`
    : `cluster ${target.context} (${target.server})`;
}

/** KUBECONFIG is read by the kubeconfig loader itself: it may be a list. */
function kubeconfigChoice({ values, origins }: EffectiveConfig): KubeconfigChoice {
  const { kind } = origins.kubeconfig;
  const isList = kind === 'environment' && origins.kubeconfig.variable === 'KUBECONFIG';
  return {
    path: isList ? undefined : values.kubeconfig,
    context: values.context,
    cluster: values.cluster,
    user: values.user,
    as: values.as,
    asGroups: values.asGroup,
  };
}

function kubeHost(runtime: Runtime, readsStdin: boolean): KubeHost {
  return machineHost({
    env: runtime.env,
    homeDirectory: runtime.env['HOME'] ?? homedir(),
    clock: runtime.clock,
    stdinIsTerminal: () => !readsStdin && runtime.stdin.isTTY === true,
  });
}
