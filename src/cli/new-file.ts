import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { defaultConfigPath, resolvePath } from '../config/config-path.ts';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import type { Runtime } from './runtime.ts';

/** Where the configuration file is, without reading one. */
export function defaultConfigFile({ env, cwd }: Runtime, asked: string | undefined): string {
  const home = env['HOME'] ?? homedir();
  const named = asked ?? env['REMEDYCTL_CONFIG'];
  return named === undefined || named === ''
    ? defaultConfigPath({ env, cwd, home })
    : resolvePath(named, home, cwd);
}

/** Writes a file for its owner alone, making its folder; `elsewhere`: the flag that names it. USAGE where it exists, OUTPUT_FAILED where it cannot be. */
export async function writeNewFile(
  file: string,
  text: string,
  { replace, elsewhere = '--config' }: { replace: boolean; elsewhere?: string },
): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, text, { flag: replace ? 'w' : 'wx', mode: 0o600 });
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new RemedyError(
      exists ? 'USAGE' : 'OUTPUT_FAILED',
      exists ? `${file} exists already` : `could not write ${file}: ${messageOf(cause)}`,
      { hint: exists ? 'add --force to replace it' : `choose another place with ${elsewhere}`, cause },
    );
  }
}
