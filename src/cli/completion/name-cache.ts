/**
 * Names for five seconds, so that a second Tab costs no request: a file for each question, in the user's cache folder.
 *
 * Guarantees: a file is read only where it and its folder are this user's alone to write; it appears whole or not at all;
 * whatever is wrong with it, there are no kept names. What it says is text of others, as what a server says.
 */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, rmSync, statSync, type Stats } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../../config/config-path.ts';
import { homeFolder } from '../../files/home-folder.ts';
import { makeDirectory } from '../../files/make-directory.ts';
import { writeOutputFile } from '../../files/output-file.ts';
import { recordsOf, textOf } from '../../kube/answer-shape.ts';
import type { LivingName, NameGround, ServedSource } from './names.ts';

const keptMs = 5_000;
const largestBytes = 4 * 1024 * 1024;

/** The names of one question. */
export interface NameCache {
  /** Undefined where there are none, or none that still count. */
  read(): LivingName[] | undefined;
  /** Where they cannot be kept, they are not. */
  write(names: readonly LivingName[]): Promise<void>;
}

/** The cache of what a source has for these settings; undefined where none can be. */
export function nameCache(source: ServedSource, ground: Omit<NameGround, 'take'>): NameCache | undefined {
  const { env, cwd, clock, random } = ground.runtime;
  const outer = cacheFolder({ env, cwd, home: homeFolder(env) });
  const folder = path.join(outer, 'names');
  if (!mayBeOurs(outer)) return undefined;
  const file = path.join(folder, `${keyOf(source, ground)}.json`);
  return {
    read: () => {
      try {
        if (!isOursAlone(lstatSync(folder))) return undefined;
        const stats = lstatSync(file);
        const ageMs = clock.now() - stats.mtimeMs;
        const counts = stats.isFile() && isOursAlone(stats) && stats.size <= largestBytes;
        return counts && ageMs >= 0 && ageMs <= keptMs ? namesIn(readFileSync(file, 'utf8')) : undefined;
      } catch {
        return undefined;
      }
    },
    write: async (names) => {
      try {
        makeDirectory(folder);
        if (!isOursAlone(lstatSync(folder))) return;
        removeOld(folder, clock.now());
        await writeOutputFile(file, JSON.stringify(names), { random, mode: 0o600, exactMode: true });
      } catch {
        // the next Tab asks again
      }
    },
  };
}

/** Everything that decides what is found; a kubeconfig that was changed asks anew. */
function keyOf(source: ServedSource, { config, runtime }: Omit<NameGround, 'take'>): string {
  const { target, namespace, leaseNamespace, store, kubeconfig, context, cluster, user, as, asGroup } =
    config.values;
  const { HOME: home = '', KUBECONFIG: list = '' } = runtime.env;
  const files = [kubeconfig ?? '', ...list.split(path.delimiter), path.join(home, '.kube', 'config')];
  const states = files.map((name) => {
    const stats = name === '' ? undefined : statSync(name, { throwIfNoEntry: false });
    return stats === undefined ? [] : [name, stats.mtimeMs, stats.size, stats.ino];
  });
  const place = { target, namespace, leaseNamespace, store, context, cluster, user, as, asGroup, states };
  const text = JSON.stringify([runtime.version, source, place]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** root leaves nothing in the home of a user, who could not write it. */
function mayBeOurs(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  if (stats !== undefined) return stats.isDirectory() && isOurs(stats);
  const parent = path.dirname(folder);
  return parent !== folder && mayBeOurs(parent);
}

function isOurs({ uid }: Stats): boolean {
  return process.getuid === undefined || uid === process.getuid();
}

function isOursAlone(stats: Stats): boolean {
  return isOurs(stats) && (process.getuid === undefined || (stats.mode & 0o022) === 0);
}

function removeOld(folder: string, nowMs: number): void {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (nowMs - lstatSync(file).mtimeMs > 12 * keptMs) rmSync(file, { force: true });
  }
}

function namesIn(text: string): LivingName[] {
  return recordsOf(JSON.parse(text)).flatMap((record) => {
    const value = textOf(record['value']);
    if (value === undefined) return [];
    return [
      {
        value,
        about: textOf(record['about']),
        holder: textOf(record['holder']),
        fingerprint: textOf(record['fingerprint']),
        resource: textOf(record['resource']),
        isInReview: record['isInReview'] === true,
        isOpen: record['isOpen'] === true,
      },
    ];
  });
}
