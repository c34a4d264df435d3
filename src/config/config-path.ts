import path from 'node:path';

/** What places depend on. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
}

/** `$XDG_CONFIG_HOME/remedyctl/config.yaml` */
export function defaultConfigPath(surroundings: Surroundings): string {
  return path.join(xdgFolder(surroundings, 'XDG_CONFIG_HOME', '.config'), 'remedyctl', 'config.yaml');
}

/** Where the configuration is: what was asked for, else what `REMEDYCTL_CONFIG` names, else the default place. */
export function configPath(surroundings: Surroundings, asked: string | undefined): string {
  const { env, home, cwd } = surroundings;
  const named = asked ?? env['REMEDYCTL_CONFIG'] ?? '';
  return named === '' ? defaultConfigPath(surroundings) : resolvePath(named, home, cwd);
}

/** `$XDG_DATA_HOME/remedyctl/store` */
export function defaultStorePath(surroundings: Surroundings): string {
  return path.join(xdgFolder(surroundings, 'XDG_DATA_HOME', '.local/share'), 'remedyctl', 'store');
}

/** `$XDG_CACHE_HOME/remedyctl` */
export function cacheFolder(surroundings: Surroundings): string {
  return path.join(xdgFolder(surroundings, 'XDG_CACHE_HOME', '.cache'), 'remedyctl');
}

/** An absolute path: `~` is the home folder, everything relative is so to `folder`. */
export function resolvePath(text: string, home: string, folder: string): string {
  if (text === '~' || text.startsWith('~/')) return path.join(home, text.slice(1));
  return path.resolve(folder, text);
}

/** The XDG base directory specification says to ignore a relative one. */
function xdgFolder({ env, home }: Surroundings, variable: string, fallback: string): string {
  const configured = env[variable];
  return configured !== undefined && path.isAbsolute(configured) ? configured : path.join(home, fallback);
}
