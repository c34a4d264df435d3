import type { EffectiveConfig } from '../config/load-config.ts';
import type { RemedyError } from '../errors/remedy-error.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import type { GatewayQuestions } from './gateway-checks.ts';
import type { Clock } from '../time/clock.ts';

/** What is known of this machine and this run, whatever is configured. */
export interface Machine {
  env: Readonly<Record<string, string | undefined>>;
  /** The home folder. */
  home: string;
  /** As `process.version`. */
  nodeVersion: string;
  /** As `linux-x64`. */
  platform: string;
  /** The user's id; undefined where the platform has none. */
  userId: number | undefined;
}

/** The configuration, or why there is none to work with. */
export type LoadedConfig = { config: EffectiveConfig } | { failure: RemedyError };

/** What the checks of a server ask. */
export interface ServerView {
  /** Undefined where the target is an embedded store that nothing has made yet. Rejects as `connect` does. */
  connect: () => Promise<KubeClient | undefined>;
  /** As measured by the answers so far. */
  skew: () => ClockSkew | undefined;
  clock: Clock;
  /** Opens the gateway that is examined too, where one is. */
  openGateway?: ((client: () => Promise<KubeClient>) => ReturnType<GatewayQuestions['open']>) | undefined;
}
