import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Whether a name asks for expansion; callers look for a file of that very name first. */
export function isGlob(pattern: string): boolean {
  return /[*?[{]/.test(pattern);
}

/**
 * The files that a pattern names, sorted, as paths written the way the pattern is. `*` and `?` stay within one
 * name and skip names with a leading dot, `**` goes through directories (never through links to them),
 * `[a-z]`, `[!a-z]` and `{a,b}` are what they are in a shell.
 */
export async function expandGlob(pattern: string, cwd: string): Promise<string[]> {
  const found = new Set<string>();
  for (const plain of expandBraces(pattern)) {
    const root = plain.startsWith('/') ? '/' : '';
    await descend(
      root,
      plain.split('/').filter((part) => part !== ''),
      cwd,
      found,
    );
  }
  return [...found].sort();
}

async function descend(base: string, parts: string[], cwd: string, found: Set<string>): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined) return;
  if (part === '**') {
    await descend(base, rest.length === 0 ? ['*'] : rest, cwd, found);
    for (const name of await directoriesIn(base, cwd)) await descend(`${base}${name}/`, parts, cwd, found);
    return;
  }
  for (const name of isGlob(part) ? await namesLike(part, base, cwd) : [part]) {
    if (rest.length > 0) await descend(`${base}${name}/`, rest, cwd, found);
    else if (await isNoDirectory(path.resolve(cwd, base + name))) found.add(base + name);
  }
}

async function namesLike(part: string, base: string, cwd: string): Promise<string[]> {
  const pattern = toRegExp(part);
  const names = await readdir(path.resolve(cwd, base)).catch(() => []);
  return names.filter((name) => pattern.test(name) && (!name.startsWith('.') || part.startsWith('.')));
}

async function directoriesIn(base: string, cwd: string): Promise<string[]> {
  const entries = await readdir(path.resolve(cwd, base), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}

async function isNoDirectory(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  return stats !== undefined && !stats.isDirectory();
}

function expandBraces(pattern: string): string[] {
  const match = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(pattern);
  if (match === null) return [pattern];
  const [, before = '', choices = '', after = ''] = match;
  return choices.split(',').flatMap((choice) => expandBraces(before + choice + after));
}

/** One name's pattern; a `[` that nothing closes stands for itself. */
function toRegExp(part: string): RegExp {
  const source = part.replace(/\[(!?)([^\]]+)\]|[\s\S]/gu, (token, not?: string, set?: string) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[\\\]^]/g, '\\$&')}]`;
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    return token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'su');
}
