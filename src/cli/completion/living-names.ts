/**
 * Names of what there is: in the cluster or the store, in kubeconfig files, in the configuration, in the journal.
 *
 * Guarantees: nobody is asked, nothing is said or thrown, no credential plugin is started, no store is made; at the end
 * of the budget there are the names that were found so far. They are as they were found: text of others.
 * Non-guarantee: what holds the thread is waited for, such as a store that another program holds for itself alone.
 */
import { loadConfig, type EffectiveConfig, type FlagValue } from '../../config/load-config.ts';
import { homeFolder } from '../../files/home-folder.ts';
import { readText } from '../../files/read-text.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../time/clock.ts';
import { globalFlags } from '../global-flags.ts';
import type { Runtime } from '../runtime.ts';
import { nameCache } from './name-cache.ts';
import type { LivingName, NameGround, NameSource, ServedSource } from './names.ts';
import type { ReadWords } from './typed-words.ts';

/** What looking for names goes by. */
export interface SearchGround {
  runtime: Runtime;
  /** How long names may be looked for, in milliseconds. */
  budgetMs: number;
}

/** The names of these sources, as the flags before choose where to look. */
export async function livingNames(
  sources: readonly NameSource[],
  given: ReadWords['given'],
  { runtime, budgetMs }: SearchGround,
): Promise<LivingName[]> {
  const found: LivingName[] = [];
  await withinBudget(runtime.clock, budgetMs, async (signal) => {
    const patient = withSignal(runtime, signal);
    const take = (names: readonly LivingName[]): void => {
      if (!signal.aborted) found.push(...names);
    };
    const reader = new NameReader(patient, await configOf(given, patient).catch(() => undefined));
    const profileFile = given.get('config')?.at(-1);
    await Promise.all(
      sources.map((source) => reader.read(source, { take, profileFile }).catch(() => undefined)),
    );
    await reader.close();
  });
  return found;
}

/** Ends the work, or at least waits for it no longer, when the time is up. */
async function withinBudget(
  clock: Clock,
  budgetMs: number,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const end = clock.sleep(budgetMs, stop.signal).catch(() => undefined);
  await Promise.race([work(stop.signal).catch(() => undefined), end]);
  stop.abort();
}

/** The same runtime, whose work ends by another signal. Not a copy: to read `stdin` would open it. */
function withSignal(runtime: Runtime, signal: AbortSignal): Runtime {
  return Object.create(runtime, { signal: { value: signal } }) as Runtime;
}

async function configOf(given: ReadWords['given'], runtime: Runtime): Promise<EffectiveConfig> {
  const flags: Record<string, FlagValue> = {};
  for (const [name, texts] of given) {
    const flag = Object.hasOwn(globalFlags, name) ? globalFlags[name as keyof typeof globalFlags] : undefined;
    if (flag?.type !== 'option') continue;
    flags[name] = flag.multiple === true ? texts : texts.at(-1);
  }
  return loadConfig({
    flags,
    env: runtime.env,
    cwd: runtime.cwd,
    home: homeFolder(runtime.env),
    readFile: (path) => readText(path, runtime.signal),
  });
}

interface NameOrder extends Pick<NameGround, 'take'> {
  /** The configuration file that was asked for. */
  profileFile: string | undefined;
}

/** Reads sources with one client. `config`: absent where it cannot be read. */
class NameReader {
  readonly #runtime: Runtime;
  readonly #config: EffectiveConfig | undefined;
  #client: Promise<KubeClient> | undefined;

  constructor(runtime: Runtime, config: EffectiveConfig | undefined) {
    this.#runtime = runtime;
    this.#config = config;
  }

  async read(source: NameSource, { take, profileFile }: NameOrder): Promise<void> {
    const runtime = this.#runtime;
    const config = this.#config;
    // a configuration that is wrong for want of a profile has profiles all the same
    if (source === 'profile') {
      const { profileNames } = await import('./local-names.ts');
      take(await profileNames(runtime, profileFile));
    } else if (config === undefined) {
      return;
    } else if (isLocal(source)) {
      const { kubeconfigNames } = await import('./local-names.ts');
      take(await kubeconfigNames(source, { runtime, config }));
    } else {
      await this.#readServed(source, { runtime, config, take });
    }
  }

  async close(): Promise<void> {
    await (await this.#client?.catch(() => undefined))?.close();
  }

  async #readServed(source: ServedSource, ground: NameGround): Promise<void> {
    const cache = nameCache(source, ground);
    const kept = cache?.read();
    if (kept !== undefined) {
      ground.take(kept);
      return;
    }
    const { connectForNames, servedNames } = await import('./served-names.ts');
    const all: LivingName[] = [];
    await servedNames(source, {
      ...ground,
      take: (names) => {
        all.push(...names);
        ground.take(names);
      },
      client: () => (this.#client ??= connectForNames(ground)),
    });
    if (!ground.runtime.signal.aborted) await cache?.write(all);
  }
}

function isLocal(source: NameSource): source is 'context' | 'kubeconfig cluster' | 'kubeconfig user' {
  return source === 'context' || source === 'kubeconfig cluster' || source === 'kubeconfig user';
}
