import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ok, type Check, type Finding } from './check.ts';
import type { Machine } from './doctor-context.ts';
import { lookAtFolder } from './folder.ts';
import { shellWord } from '../text/shell-words.ts';

/** package.json's `engines`. */
const leastNode = [20, 19, 0] as const;
const writableByOthers = 0o022;

/** What the program itself stands on. */
export function programChecks(machine: Machine): Check[] {
  return [
    { name: 'node', group: 'program', run: () => judgeNode(machine.nodeVersion, machine.platform) },
    { name: 'code cache', group: 'program', run: () => judgeCodeCache(machine) },
  ];
}

export function judgeNode(version: string, platform: string): Finding {
  const details = { version, platform };
  if (!isOlder(version)) return ok(`${version} on ${platform}`, details);
  return {
    status: 'fail',
    message: `${version} is older than ${leastNode.join('.')}, the oldest that is supported`,
    details,
    fix: `Install Node.js ${leastNode.join('.')} or newer.`,
  };
}

function isOlder(version: string): boolean {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [];
  for (const [index, least] of leastNode.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}

/** By the same rules as the start of the program: without a cache everything works, only half as fast. */
async function judgeCodeCache({ env, home, userId }: Machine): Promise<Finding> {
  if (env['REMEDYCTL_NO_CODE_CACHE']) return ok('turned off by REMEDYCTL_NO_CODE_CACHE');
  const base = env['XDG_CACHE_HOME'] || path.join(env['HOME'] || home, '.cache');
  if (!path.isAbsolute(base)) {
    return noCache(`XDG_CACHE_HOME is a relative path (${base})`, 'unset XDG_CACHE_HOME');
  }
  const folder = path.join(base, 'remedyctl', 'code');
  const { exists, existing, writable, problem } = await lookAtFolder(folder);
  if (!writable) return noCache(problem ?? '', `ls -ld ${shellWord(existing)} shows whose it is`);
  return exists ? judgeOwner(folder, userId) : ok(`${folder} is made at the next start`, { folder });
}

/** Code is only ever taken from a folder that nobody else can write. */
async function judgeOwner(folder: string, userId: number | undefined): Promise<Finding> {
  const { uid, mode } = await stat(folder);
  if (userId !== undefined && uid !== userId) {
    return noCache(`${folder} belongs to somebody else`, `sudo rm -r ${shellWord(folder)}`);
  }
  if ((mode & writableByOthers) !== 0) {
    return noCache(`${folder} can be written by others`, `chmod go-w ${shellWord(folder)}`);
  }
  return ok(folder, { folder });
}

function noCache(why: string, fix: string): Finding {
  return { status: 'warn', message: `no code cache, so every start takes twice as long: ${why}`, fix };
}
