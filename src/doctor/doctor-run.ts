import type { SettingValues } from '../config/settings.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { ConnectOptions, KubeClient } from '../kube/client.ts';
import { ServerObservation } from '../kube/server-observation.ts';
import { embeddedStoreExists } from '../store/embedded-store.ts';
import type { Clock } from '../time/clock.ts';
import { allChecks, byGroup } from './all-checks.ts';
import type { LoadedConfig, Machine } from './doctor-context.ts';
import { doctorReport, type DoctorReport } from './doctor-report.ts';
import type { GatewayQuestions } from './gateway-checks.ts';
import { once } from '../time/once.ts';
import { runChecks } from './run-checks.ts';

type Observers = Pick<ConnectOptions, 'onServerDate'>;

/** What an examination works with. */
export interface ExamineOptions {
  /** The configuration, or why there is none; then only what needs none is checked. */
  loaded: LoadedConfig;
  machine: Machine;
  clock: Clock;
  /** Ends the examination: INTERRUPTED. */
  signal: AbortSignal;
  /** To this kind of target, with everything else as it is configured. Rejects as the client factory does. */
  connect: (target: 'cluster' | 'embedded', observers: Observers) => Promise<KubeClient>;
  /** Opens the gateway that is to be examined too, with the client of the target. Default: none is. */
  openGateway?: ((client: () => Promise<KubeClient>) => ReturnType<GatewayQuestions['open']>) | undefined;
}

/** Runs every check. Changes nothing. Rejects with INTERRUPTED only. */
export async function examine(options: ExamineOptions): Promise<DoctorReport> {
  const { loaded, machine, clock, signal } = options;
  const observation = new ServerObservation();
  const connect = once(async () =>
    'failure' in loaded ? undefined : connectUnlessNew(loaded.config.values, options, observation.observers),
  );
  const { openGateway } = options;
  const view = { connect, clock, skew: () => observation.clockSkew(), openGateway };
  try {
    const results = await runChecks(allChecks(loaded, machine, view), { clock, signal });
    const client = await connect().catch(() => undefined);
    return doctorReport(byGroup(results), client?.target);
  } finally {
    await closeQuietly(connect);
  }
}

async function closeQuietly(connect: () => Promise<KubeClient | undefined>): Promise<void> {
  const client = await connect().catch(() => undefined);
  await client?.close();
}

/** As the client factory, but an embedded store that is not there is not made: to look must leave nothing behind. */
async function connectUnlessNew(
  { target, store, user }: Pick<SettingValues, 'target' | 'store' | 'user'>,
  { connect }: Pick<ExamineOptions, 'connect'>,
  observers: Observers,
): Promise<KubeClient | undefined> {
  if (target !== 'embedded') {
    try {
      return await connect('cluster', observers);
    } catch (thrown) {
      // a kubeconfig that yields no cluster is another code, and no embedded store
      const isNone = thrown instanceof RemedyError && thrown.code === 'CONFIG_NOT_FOUND';
      if (!isNone || target === 'cluster' || user !== undefined) throw thrown;
    }
  }
  if (!(await embeddedStoreExists(store))) return undefined;
  return connect('embedded', observers);
}
