import { optionName } from '../errors/option-name.ts';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { isStopped } from '../files/read-text.ts';
import type { ConfigFile, Layer } from './config-file.ts';
import { configPath, defaultConfigPath, defaultStorePath, resolvePath } from './config-path.ts';
import type { Surroundings } from './config-path.ts';
import { configError } from '../documents/config-problem.ts';
import type { ConfigProblem } from '../documents/config-problem.ts';
import { formatDuration } from '../time/duration.ts';
import type { Origin } from './origin.ts';
import { describeOrigin, flagName } from './origin.ts';
import { checkValue, parseText } from './setting.ts';
import type { Parsed } from './setting.ts';
import { environmentNames, settingKeys, settingOf } from './settings.ts';
import type { SettingKey, SettingValues } from './settings.ts';

/** A flag as it was parsed; undefined: not given. */
export type FlagValue = string | number | boolean | readonly string[] | undefined;

/** Where a configuration comes from. */
export interface ConfigSources extends Surroundings {
  /** As parsed, by the flag's long name; names that are no setting's are ignored. `config` and `profile` too. */
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** Rejects with `code: 'ENOENT'` when there is none, as `fs.promises.readFile` does. */
  readonly readFile: (path: string) => Promise<string>;
}

/** Every setting with its value, and what it comes from. */
export interface EffectiveConfig {
  readonly values: SettingValues;
  readonly origins: Readonly<Record<SettingKey, Origin>>;
  /** The configuration file: the one that was read, or the default one that does not exist. */
  readonly file: { readonly path: string; readonly exists: boolean };
  /** The profile in use and what chose it. */
  readonly profile: { readonly name: string; readonly origin: Origin } | undefined;
}

/**
 * The one loader: flag > environment > profile > the file's common part > default.
 * Without a configuration file neither yaml nor zod is loaded.
 * Throws CONFIG_INVALID (or INVALID_OPTION for flags alone) naming every problem, CONFIG_NOT_FOUND for a file or a
 * profile that was asked for and does not exist.
 */
export async function loadConfig(sources: ConfigSources): Promise<EffectiveConfig> {
  const file = await findFile(sources);
  const profile = chooseProfile(sources, file.config);
  const layering = new Layering(sources, file.config, profile?.name);
  const { values, origins } = layering.resolve();
  return { values, origins, file: { path: file.path, exists: file.config !== undefined }, profile };
}

interface FoundFile {
  path: string;
  config: ConfigFile | undefined;
}

async function findFile(sources: ConfigSources): Promise<FoundFile> {
  const asked = textFlag(sources, 'config') ?? nonEmpty(sources.env['REMEDYCTL_CONFIG']);
  const path = configPath(sources, asked);
  const text = await readText(path, asked !== undefined, sources);
  if (text === undefined) return { path, config: undefined };
  const { readConfigFile } = await import('./config-file.ts');
  const read = readConfigFile(text, path);
  if ('problems' in read)
    throw configError(read.problems, {
      hint: `remedyctl config init ${optionName('stdout')} shows every key.`,
    });
  return { path, config: read.config };
}

async function readText(
  path: string,
  asked: boolean,
  { readFile }: ConfigSources,
): Promise<string | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isStopped(error)) throw error;
    const code = (error as { code?: unknown }).code;
    const absent = code === 'ENOENT' || (code === 'ENOTDIR' && !asked);
    if (absent && !asked) return undefined;
    throw new RemedyError(
      absent ? 'CONFIG_NOT_FOUND' : 'CONFIG_INVALID',
      absent
        ? `the configuration file ${path} does not exist`
        : `the configuration file ${path} cannot be read: ${messageOf(error)}`,
      {
        hint: absent ? 'remedyctl config init writes one.' : undefined,
        details: { file: path },
        cause: error,
      },
    );
  }
}

function chooseProfile(sources: ConfigSources, file: ConfigFile | undefined): EffectiveConfig['profile'] {
  const chosen = askedProfile(sources) ?? profileOfFile(file);
  if (chosen === undefined || file?.profiles.has(chosen.name) === true) return chosen;
  const known = [...(file?.profiles.keys() ?? [])];
  throw new RemedyError(
    'CONFIG_NOT_FOUND',
    `there is no profile ${JSON.stringify(chosen.name)} (asked for by ${describeOrigin(chosen.origin)})`,
    {
      hint:
        file === undefined
          ? `There is no configuration file; ${defaultConfigPath(sources)} would be read.`
          : `${file.file} has ${known.length === 0 ? 'none' : known.join(', ')}.`,
      details: { profile: chosen.name, known },
    },
  );
}

function askedProfile(sources: ConfigSources): EffectiveConfig['profile'] {
  const flag = textFlag(sources, 'profile');
  if (flag !== undefined) return { name: flag, origin: { kind: 'flag', flag: 'profile' } };
  const variable = 'REMEDYCTL_PROFILE';
  const name = nonEmpty(sources.env[variable]);
  return name === undefined ? undefined : { name, origin: { kind: 'environment', variable } };
}

function profileOfFile(file: ConfigFile | undefined): EffectiveConfig['profile'] {
  if (file?.profile === undefined) return undefined;
  const { value, line, column } = file.profile;
  return { name: String(value), origin: { kind: 'file', file: file.file, line, column } };
}

interface Found {
  value: unknown;
  origin: Origin;
}

class Layering {
  readonly #sources: ConfigSources;
  readonly #file: ConfigFile | undefined;
  readonly #profile: string | undefined;
  readonly #problems: ConfigProblem[] = [];
  /** That of all problems together. */
  #code: 'INVALID_OPTION' | 'CONFIG_INVALID' = 'INVALID_OPTION';

  constructor(sources: ConfigSources, file: ConfigFile | undefined, profile: string | undefined) {
    this.#sources = sources;
    this.#file = file;
    this.#profile = profile;
  }

  resolve(): Pick<EffectiveConfig, 'values' | 'origins'> {
    const found = new Map(settingKeys.map((key) => [key, this.#find(key)]));
    this.#checkTogether(found);
    if (this.#problems.length > 0) throw configError(this.#problems, { code: this.#code });
    const values = Object.fromEntries([...found].map(([key, { value }]) => [key, value]));
    values['leaseNamespace'] ??= values['namespace'];
    values['store'] ??= defaultStorePath(this.#sources);
    return {
      values: values as unknown as SettingValues,
      origins: Object.fromEntries([...found].map(([key, { origin }]) => [key, origin])) as Record<
        SettingKey,
        Origin
      >,
    };
  }

  #find(key: SettingKey): Found {
    const found =
      this.#fromFlag(key) ?? this.#fromEnvironment(key) ?? this.#fromProfile(key) ?? this.#fromCommon(key);
    return found === undefined
      ? { value: settingOf(key).default, origin: { kind: 'default' } }
      : this.#withPath(key, found);
  }

  #fromFlag(key: SettingKey): Found | undefined {
    const { flag, type } = settingOf(key);
    const given = flag === undefined ? undefined : this.#sources.flags[flag];
    if (flag === undefined || given === undefined) return undefined;
    const parsed = typeof given === 'string' ? parseText(type, given) : checkValue(type, given);
    return this.#checked(parsed, { where: flagName(flag) }, { kind: 'flag', flag });
  }

  #fromEnvironment(key: SettingKey): Found | undefined {
    for (const variable of environmentNames(key)) {
      const text = nonEmpty(this.#sources.env[variable]);
      if (text === undefined) continue;
      const parsed = parseText(settingOf(key).type, text);
      return this.#checked(parsed, { where: variable }, { kind: 'environment', variable });
    }
    return undefined;
  }

  #fromProfile(key: SettingKey): Found | undefined {
    const profile = this.#profile;
    return profile === undefined
      ? undefined
      : this.#fromLayer(key, this.#file?.profiles.get(profile), { profile });
  }

  #fromCommon(key: SettingKey): Found | undefined {
    return this.#fromLayer(key, this.#file?.common, {});
  }

  #fromLayer(key: SettingKey, layer: Layer | undefined, chosen: { profile?: string }): Found | undefined {
    const entry = layer?.get(key);
    if (entry === undefined) return undefined;
    const { value, line, column } = entry;
    return { value, origin: { kind: 'file', file: this.#file?.file ?? '', line, column, ...chosen } };
  }

  #checked(parsed: Parsed, place: { where: string }, origin: Origin): Found {
    if ('value' in parsed) return { value: parsed.value, origin };
    if (origin.kind !== 'flag') this.#code = 'CONFIG_INVALID';
    this.#problems.push({ ...place, message: parsed.problem });
    return { value: undefined, origin };
  }

  /** Relative to the folder of what names it; KUBECONFIG is a list and stays as kubectl would read it. */
  #withPath(key: SettingKey, found: Found): Found {
    const { value, origin } = found;
    if (settingOf(key).type.kind !== 'path' || typeof value !== 'string') return found;
    if (origin.kind === 'environment' && origin.variable === 'KUBECONFIG') return found;
    const { home, cwd } = this.#sources;
    const folder = origin.kind === 'file' ? resolvePath('..', home, origin.file) : cwd;
    return { value: resolvePath(value, home, folder), origin };
  }

  /** Related limits: each may be right by itself, and they contradict each other. */
  #checkTogether(found: ReadonlyMap<SettingKey, Found>): void {
    const initial = found.get('retry.creation.initial');
    const max = found.get('retry.creation.max');
    if (typeof initial?.value !== 'number' || typeof max?.value !== 'number') return;
    if (initial.value <= max.value) return;
    const decisive = initial.origin.kind === 'default' ? max : initial;
    const other = decisive === initial ? max : initial;
    this.#code = 'CONFIG_INVALID';
    this.#problems.push({
      where: describeOrigin(decisive.origin),
      field: 'retry.creation',
      message:
        `initial (${formatDuration(initial.value)}) must not exceed max (${formatDuration(max.value)}); ` +
        `the other one comes from: ${describeOrigin(other.origin)}`,
    });
  }
}

function textFlag({ flags }: ConfigSources, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A variable that is set to nothing is not set. */
function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
