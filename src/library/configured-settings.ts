import { loadConfig } from '../config/load-config.ts';
import type { SettingValues } from '../config/settings.ts';
import type { Machine } from './this-machine.ts';

/**
 * What the program would be configured with here: variables, the configuration file with its profile, defaults. A part of
 * it is the `settings` of many a call.
 *
 * @throws CONFIG_INVALID with every problem; CONFIG_NOT_FOUND for a file or a profile that is named and does not exist
 */
export async function configuredSettings({
  env,
  cwd,
  host,
}: Pick<Machine, 'env' | 'cwd' | 'host'>): Promise<SettingValues> {
  const { values } = await loadConfig({
    flags: {},
    env,
    cwd,
    home: host.homeDirectory,
    readFile: (file) => host.readFile(file),
  });
  return values;
}
