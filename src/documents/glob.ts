import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** What a pattern cannot mean; its message follows the pattern. */
export class GlobError extends Error {}

const mostAlternatives = 10_000;

/** Whether a name asks for expansion; callers look for a file of that very name first. */
export function isGlob(pattern: string): boolean {
  return /[*?[{]/.test(pattern);
}

/**
 * The files that a pattern names, sorted, as paths written the way the pattern is. `*` and `?` stay within one
 * name and skip names with a leading dot, `**` goes through directories (never through links to them),
 * `[a-z]`, `[!a-z]`, `[^a-z]`, `[[:alpha:]]`, `{a,b}` and `\\` are what they are in a shell. @throws GlobError
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
    // twice is no more than once, and takes far longer
    if (rest[0] === '**') {
      await descend(base, rest, cwd, found);
      return;
    }
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
  const fits = await nameMatcher(part);
  const names = await readdir(path.resolve(cwd, base)).catch(() => []);
  return names.filter((name) => (!name.startsWith('.') || part.startsWith('.')) && fits(name));
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

/** @throws GlobError for more alternatives than anybody means */
function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const match = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(next);
    if (match === null) {
      done.push(next);
      continue;
    }
    const [, before = '', choices = '', after = ''] = match;
    open.push(...choices.split(',').map((choice) => before + choice + after));
    if (open.length + done.length > mostAlternatives) {
      throw new GlobError(`its braces stand for more than ${mostAlternatives} patterns`);
    }
  }
  return done;
}

/** What picomatch takes for more than a shell does within one name, and what takes a meaning away. */
const special = /\\([\s\S])|\*+|[()|+"]/gu;
/** A run of any letters, as picomatch writes it. */
const anyLetters = '[^/]*?';

/** Whether a name fits one name's pattern; a `[` that nothing closes stands for itself. @throws GlobError */
async function nameMatcher(part: string): Promise<(name: string) => boolean> {
  checkRanges(part);
  const { default: picomatch } = await import('picomatch');
  const plain = part.replaceAll(special, (found, escaped?: string) =>
    found.startsWith('*') ? '*' : asLetter(escaped ?? found),
  );
  try {
    const expression = new RegExp(withoutReturn(picomatch.makeRe(plain, shellOptions).source), 'su');
    return (name) => expression.test(name);
  } catch {
    // a set that holds nothing, or more than any name can be
    return () => false;
  }
}

/**
 * Each piece between the stars is taken where it first fits and stays there, as a look-ahead is not gone back into:
 * tried again at every place, as the expression of picomatch does it, some dozens of stars would never come to an end.
 */
function withoutReturn(expression: string): string {
  const [head = '', ...pieces] = expression.split(anyLetters);
  const last = pieces.pop();
  const between = pieces.map((piece, index) => `(?=(?<p${index}>${anyLetters}${piece}))\\k<p${index}>`);
  return head + between.join('') + (last === undefined ? '' : anyLetters + last);
}

const shellOptions = {
  posix: true,
  // names with a leading dot are left out before
  dot: true,
  // those that go with `/` were taken apart, and braces expanded
  nobrace: true,
  noextglob: true,
  nonegate: true,
  fastpaths: false,
  strictSlashes: true,
  literalBrackets: false,
} as const;

function asLetter(character: string): string {
  const code = character.charCodeAt(0);
  return character.length > 1 || /[A-Za-z0-9]/.test(character)
    ? character
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** @throws GlobError for a range that a set cannot have */
function checkRanges(part: string): void {
  for (const [, set = ''] of part.matchAll(/\[[!^]?([^\]]+)\]/gu)) {
    for (const [range, from, to] of set.matchAll(/([\s\S])-([\s\S])|[\s\S]/gu)) {
      if (from === undefined || to === undefined || numberOf(from) <= numberOf(to)) continue;
      throw new GlobError(`in [${set}] the range ${range} ends before it begins`);
    }
  }
}

function numberOf(letter: string): number {
  return letter.codePointAt(0) ?? 0;
}
