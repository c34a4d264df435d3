import { optionName } from '../errors/option-name.ts';
import path from 'node:path';
import type { EffectiveConfig } from '../config/load-config.ts';
import { describeOrigin } from '../config/origin.ts';
import { environmentNames, settingKeys, settingOf, type SettingKey } from '../config/settings.ts';
import { ok, type Check, type Finding } from './check.ts';
import type { LoadedConfig, Machine } from './doctor-context.ts';
import { lookAtFolder } from './folder.ts';
import { nearest } from '../text/nearest.ts';
import { failureOf } from './run-checks.ts';
import { shellWord } from '../text/shell-words.ts';

/** Read without being settings. */
const otherVariables = ['REMEDYCTL_CONFIG', 'REMEDYCTL_PROFILE', 'REMEDYCTL_NO_CODE_CACHE'];

/** The configuration, what of the environment works against it, and where it lives. */
export function configurationChecks(loaded: LoadedConfig, machine: Machine): Check[] {
  const group = 'configuration';
  const first: Check = { name: 'configuration', group, run: () => describeConfiguration(loaded) };
  if ('failure' in loaded) return [first];
  const { config } = loaded;
  return [
    first,
    { name: 'environment', group, run: () => judgeEnvironment(config, machine.env) },
    { name: 'configuration folder', group, run: () => judgeFolder(path.dirname(config.file.path)) },
  ];
}

function describeConfiguration(loaded: LoadedConfig): Finding {
  if ('failure' in loaded) return failureOf(loaded.failure);
  const { file, profile } = loaded.config;
  const details = { file: file.path, exists: file.exists, ...(profile === undefined ? {} : { profile }) };
  if (!file.exists) return ok(`no file at ${file.path}: defaults, environment and flags hold`, details);
  const chosen =
    profile === undefined
      ? 'no profile'
      : `profile ${profile.name}, chosen by ${describeOrigin(profile.origin)}`;
  return ok(`${file.path}, ${chosen}`, details);
}

/** What is set and has no effect, or another one than it seems to have. */
export function judgeEnvironment(
  config: EffectiveConfig,
  env: Readonly<Record<string, string | undefined>>,
): Finding {
  const problems = [
    ...unknownVariables(env),
    ...overruledVariables(config, env),
    ...relativeFolders(env),
    ...contradictions(config, env),
  ];
  if (problems.length === 0) return ok('nothing in it works against the configuration');
  return {
    status: 'warn',
    message: problems.map(({ message }) => message).join('; '),
    details: { problems },
    fix: problems.map(({ fix }) => fix).join('\n'),
  };
}

interface Problem {
  message: string;
  fix: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

function isSet(env: Environment, name: string): boolean {
  return env[name] !== undefined && env[name] !== '';
}

function unknownVariables(env: Environment): Problem[] {
  const known = new Set([...settingKeys.flatMap(environmentNames), ...otherVariables]);
  const fileOnly = new Map(
    settingKeys
      .filter((key) => settingOf(key).fileOnly === true)
      .map((key) => [ownVariable(key), key] as const),
  );
  return Object.keys(env)
    .filter((name) => name.startsWith('REMEDYCTL_') && isSet(env, name) && !known.has(name))
    .sort()
    .map((name) => {
      const key = fileOnly.get(name);
      if (key !== undefined) {
        return {
          message: `${name} has no effect: ${key} is read from the configuration file only`,
          fix: `unset ${name}; set ${key} in the configuration file`,
        };
      }
      const near = nearest(name, [...known]);
      const meant = near === undefined ? '' : `; ${near} is`;
      return { message: `${name} is not read by anything${meant}`, fix: `unset ${shellWord(name)}` };
    });
}

/** The variable that a setting would have if it could be set by one. */
function ownVariable(key: SettingKey): string {
  const words = key.replace(/([a-z])([A-Z])/g, '$1_$2').replaceAll('.', '_');
  return `REMEDYCTL_${words.toUpperCase()}`;
}

/** Two variables for one setting, with two values. */
function overruledVariables(config: EffectiveConfig, env: Environment): Problem[] {
  return settingKeys.flatMap((key) => {
    const [first, ...others] = environmentNames(key).filter((name) => isSet(env, name));
    const origin = config.origins[key];
    if (first === undefined || origin.kind !== 'environment') return [];
    return others
      .filter((other) => env[other] !== env[first])
      .map((other) => ({ message: `${first} overrules ${other}, and they differ`, fix: `unset ${first}` }));
  });
}

/** The XDG specification says to ignore them. */
function relativeFolders(env: Environment): Problem[] {
  return ['XDG_CONFIG_HOME', 'XDG_DATA_HOME']
    .filter((name) => isSet(env, name) && !path.isAbsolute(env[name] ?? ''))
    .map((name) => ({ message: `${name} is a relative path and is ignored`, fix: `unset ${name}` }));
}

const clusterSettings = ['kubeconfig', 'context', 'cluster', 'user', 'as'] as const;

function contradictions({ values, origins }: EffectiveConfig, env: Environment): Problem[] {
  const problems: Problem[] = [];
  const unused =
    values.target === 'embedded'
      ? clusterSettings.filter((key) => values[key] !== undefined && isOwn(origins[key]))
      : [];
  if (unused.length > 0) {
    problems.push({
      message: `target embedded (${describeOrigin(origins.target)}) leaves ${unused.join(', ')} without effect`,
      fix: `remedyctl config show tells where each value comes from; ${optionName('target')} cluster overrules it once`,
    });
  }
  if (isSet(env, 'NO_COLOR') && env['FORCE_COLOR'] !== undefined) {
    problems.push({
      message: 'NO_COLOR and FORCE_COLOR are both set: NO_COLOR wins',
      fix: 'unset FORCE_COLOR',
    });
  }
  return problems;
}

/** Said to remedyctl itself: KUBECONFIG is set for other programs too. */
function isOwn(origin: EffectiveConfig['origins'][SettingKey]): boolean {
  if (origin.kind === 'environment') return origin.variable !== 'KUBECONFIG';
  return origin.kind !== 'default';
}

/** Only `config init` writes there. */
async function judgeFolder(folder: string): Promise<Finding> {
  const { exists, existing, writable, problem } = await lookAtFolder(folder);
  if (writable) return ok(exists ? `${folder} can be written` : `${folder} can be made`);
  return {
    status: 'warn',
    message: `config init cannot write in ${folder}: ${problem ?? ''}`,
    fix: `ls -ld ${shellWord(existing)} shows whose it is; or name another file: ${optionName('config')} FILE`,
  };
}
