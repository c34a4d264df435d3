import { homedir } from 'node:os';
import { loadConfig, type EffectiveConfig } from '../config/load-config.ts';
import { allChecks, byGroup } from '../doctor/all-checks.ts';
import type { LoadedConfig, Machine } from '../doctor/doctor-context.ts';
import { doctorReport, type DoctorReport } from '../doctor/doctor-report.ts';
import { once } from '../doctor/once.ts';
import { runChecks } from '../doctor/run-checks.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { KubeClient } from '../kube/client.ts';
import { embeddedStoreExists } from '../store/embedded-store.ts';
import { connectTo, type ClientOptions } from './composition.ts';
import type { Runtime } from './runtime.ts';
import { ServerObservation } from './server-observation.ts';
import { openSession, sessionOf, type GlobalFlagValues, type Session } from './session.ts';

/** A session, and the configuration or why there is none to work with. */
interface DoctorSession {
  session: Session;
  loaded: LoadedConfig;
}

const configurationCodes: ReadonlySet<string> = new Set(['CONFIG_INVALID', 'CONFIG_NOT_FOUND']);
/** How to print holds, whatever is wrong with the rest. */
const outputFlags = ['output', 'no-headers', 'color', 'verbose', 'quiet'];

/** A configuration that cannot be used is a finding here, no failure. Throws USAGE. */
export async function openDoctorSession(runtime: Runtime, flags: GlobalFlagValues): Promise<DoctorSession> {
  try {
    const session = await openSession(runtime, flags);
    return { session, loaded: { config: session.config } };
  } catch (thrown) {
    if (!(thrown instanceof RemedyError) || !configurationCodes.has(thrown.code)) throw thrown;
    const kept = Object.fromEntries(outputFlags.map((name) => [name, flags[name]]));
    return {
      session: await sessionOf(runtime, kept, { config: await defaultConfig(runtime, kept) }),
      loaded: { failure: thrown },
    };
  }
}

function defaultConfig(runtime: Runtime, flags: GlobalFlagValues): Promise<EffectiveConfig> {
  return loadConfig({
    flags,
    env: {},
    cwd: runtime.cwd,
    home: homeOf(runtime),
    readFile: () => Promise.reject(Object.assign(new Error('not read'), { code: 'ENOENT' })),
  });
}

function homeOf({ env }: Runtime): string {
  return env['HOME'] ?? homedir();
}

/** Runs every check. Rejects with INTERRUPTED only. */
export async function examine({ session, loaded }: DoctorSession): Promise<DoctorReport> {
  const { runtime } = session;
  const { clock, signal } = runtime;
  const observation = new ServerObservation();
  const connect = once(() => connectUnlessNew(session, observation.observers));
  const view = { connect, clock, skew: () => observation.clockSkew() };
  try {
    const checks = allChecks(loaded, machineOf(runtime), view);
    const results = await runChecks(checks, { clock, signal });
    const client = 'failure' in loaded ? undefined : await connect().catch(() => undefined);
    return doctorReport(byGroup(results), client?.target);
  } finally {
    // Nothing is connected to where the configuration did not load.
    if (!('failure' in loaded)) await closeQuietly(connect);
  }
}

async function closeQuietly(connect: () => Promise<KubeClient | undefined>): Promise<void> {
  const client = await connect().catch(() => undefined);
  await client?.close();
}

function machineOf(runtime: Runtime): Machine {
  return {
    env: runtime.env,
    home: homeOf(runtime),
    nodeVersion: process.version,
    platform: `${process.platform}-${process.arch}`,
    userId: process.getuid?.(),
  };
}

/** As `connectTo`, but an embedded store that is not there is not made: to look must leave nothing behind. */
async function connectUnlessNew(session: Session, options: ClientOptions): Promise<KubeClient | undefined> {
  const { target, store, user } = session.config.values;
  if (target !== 'embedded') {
    try {
      return await connectTo(aimedAt(session, 'cluster'), options);
    } catch (thrown) {
      const isNone = thrown instanceof RemedyError && thrown.code === 'CONFIG_NOT_FOUND';
      if (!isNone || target === 'cluster' || user !== undefined) throw thrown;
    }
  }
  if (!(await embeddedStoreExists(store))) return undefined;
  return connectTo(aimedAt(session, 'embedded'), options);
}

function aimedAt(session: Session, target: 'cluster' | 'embedded'): Session {
  const { config } = session;
  return { ...session, config: { ...config, values: { ...config.values, target } } };
}
