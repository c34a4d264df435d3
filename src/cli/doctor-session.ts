import { loadConfig, type EffectiveConfig } from '../config/load-config.ts';
import type { LoadedConfig } from '../doctor/doctor-context.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { homeFolder } from '../files/home-folder.ts';
import { headersFlag } from './global-flags.ts';
import type { Runtime } from './runtime.ts';
import { openSession, sessionOf, type GlobalFlagValues, type Session } from './session.ts';

/** A session, and the configuration or why there is none to work with. */
interface DoctorSession {
  session: Session;
  loaded: LoadedConfig;
}

const configurationCodes: ReadonlySet<string> = new Set(['CONFIG_INVALID', 'CONFIG_NOT_FOUND']);
/** How to print holds, whatever is wrong with the rest. */
const outputFlags = ['output', 'no-headers', 'color', 'verbose', headersFlag, 'quiet'];

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

function defaultConfig({ env, cwd }: Runtime, flags: GlobalFlagValues): Promise<EffectiveConfig> {
  return loadConfig({
    flags,
    env: {},
    cwd,
    home: homeFolder(env),
    readFile: () => Promise.reject(Object.assign(new Error('not read'), { code: 'ENOENT' })),
  });
}
