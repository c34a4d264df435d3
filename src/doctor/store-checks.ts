import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { StoreInspection } from '../store/embedded-store.ts';
import { inspectEmbeddedStore } from '../store/embedded-store.ts';
import { ok, skip, type Check, type Finding } from './check.ts';
import { freeBytesOf, lookAtFolder } from './folder.ts';
import { once } from '../time/once.ts';
import { shellWord } from '../text/shell-words.ts';
import { shownSize } from './shown-size.ts';

const mebibyte = 2 ** 20;
/** The log is folded into the database every 4 MiB unless a reader stands in the way. */
const largeWalBytes = 64 * mebibyte;
const scarceBytes = 256 * mebibyte;
const tooFewBytes = 16 * mebibyte;

export interface StoreQuestions {
  directory: string;
  /** Whether the target is the store: what is wrong with one that is not used is a warning only. */
  isTarget: () => Promise<boolean>;
}

/**
 * The embedded store's files. They are looked at last: reading them blocks the thread, and would spoil what is
 * measured meanwhile.
 */
export function storeChecks({ directory, isTarget }: StoreQuestions, after: readonly string[]): Check[] {
  const inspection = once(() => inspectEmbeddedStore(directory));
  const about =
    (judge: (inspected: StoreInspection) => Finding): Check['run'] =>
    async () => {
      const inspected = await inspection();
      return inspected === undefined ? skip(`there is no store in ${directory} yet`) : judge(inspected);
    };
  const checks: Check[] = [
    { name: 'sqlite', group: 'store', run: judgeSqlite },
    { name: 'integrity', group: 'store', needs: ['sqlite'], after, run: about(judgeIntegrity) },
    { name: 'store schema', group: 'store', needs: ['integrity'], run: about(judgeSchemaVersion) },
    { name: 'write-ahead log', group: 'store', needs: ['integrity'], run: about(judgeWal) },
    { name: 'store folder', group: 'store', run: () => judgeFolder(directory) },
    {
      name: 'free space',
      group: 'store',

      run: async () => {
        const { existing } = await lookAtFolder(directory);
        return judgeFreeSpace(await freeBytesOf(existing), directory);
      },
    },
  ];
  return checks.map((check) => ({ ...check, run: (signal) => lenient(() => check.run(signal), isTarget) }));
}

/** Somebody who works on a cluster is not stopped by a store that is not used. */
async function lenient(
  run: () => Finding | Promise<Finding>,
  isTarget: () => Promise<boolean>,
): Promise<Finding> {
  try {
    const finding = await run();
    if (finding.status !== 'fail' || (await isTarget())) return finding;
    return { ...finding, status: 'warn' };
  } catch (thrown) {
    if (!(thrown instanceof RemedyError) || (await isTarget())) throw thrown;
    const { code, message, hint } = thrown;
    return { status: 'warn', message, details: { code }, ...(hint === undefined ? {} : { fix: hint }) };
  }
}

/** The journal of plans is on SQLite too, whatever the target. */
async function judgeSqlite(): Promise<Finding> {
  const { sqliteInUse } = await import('../store/sqlite-in-use.ts');
  const { version, from } = await sqliteInUse();
  return ok(`SQLite ${version} of ${from}`, { version, from });
}

export function judgeIntegrity({ directory, file, damages, databaseBytes }: StoreInspection): Finding {
  if (damages.length === 0) {
    return ok(`${shownSize(databaseBytes)} read, no damage found`, { file, databaseBytes });
  }
  const saved = shellWord(`${directory}.damaged`);
  return {
    status: 'fail',
    message: `the database is damaged: ${damages[0] ?? ''}`,
    details: { file, databaseBytes, damages },
    fix: `mv ${shellWord(directory)} ${saved}\nsqlite3 ${saved}/store.db .recover may save what it holds`,
  };
}

export function judgeSchemaVersion(inspected: StoreInspection): Finding {
  const { directory, schemaVersion, knownSchemaVersion } = inspected;
  const details = { schemaVersion, knownSchemaVersion };
  if (schemaVersion > knownSchemaVersion) {
    return {
      status: 'fail',
      message: `a newer remedyctl wrote it: its schema is version ${schemaVersion}, known are those up to ${knownSchemaVersion}`,
      details,
      fix: `Update remedyctl, or work with another folder than ${directory}: ${optionName('store')} DIR`,
    };
  }
  const message = `version ${schemaVersion}`;
  return ok(
    schemaVersion === knownSchemaVersion
      ? message
      : `${message}; the next use brings it to ${knownSchemaVersion}`,
    details,
  );
}

export function judgeWal({ file, walBytes }: StoreInspection): Finding {
  const details = { walBytes };
  if (walBytes <= largeWalBytes) return ok(shownSize(walBytes), details);
  return {
    status: 'warn',
    message: `${shownSize(walBytes)}: something has been reading for so long that it cannot be folded in`,
    details,
    fix: `End what reads the store: fuser -v ${shellWord(file)}\nsqlite3 ${shellWord(file)} 'PRAGMA wal_checkpoint(TRUNCATE)'`,
  };
}

export function judgeFreeSpace(freeBytes: number, directory: string): Finding {
  const message = `${shownSize(freeBytes)} free on the disk of ${directory}`;
  const details = { freeBytes };
  if (freeBytes >= scarceBytes) return ok(message, details);
  return {
    status: freeBytes < tooFewBytes ? 'fail' : 'warn',
    message,
    details,
    fix: `Free space on that disk, or work with a folder on another one: ${optionName('store')} DIR`,
  };
}

async function judgeFolder(directory: string): Promise<Finding> {
  const { exists, existing, writable, problem } = await lookAtFolder(directory);
  const details = { directory, exists };
  if (writable) return ok(exists ? `${directory} can be written` : `${directory} can be made`, details);
  return {
    status: 'fail',
    message: `${directory} cannot be used: ${problem ?? ''}`,
    details,
    fix: `ls -ld ${shellWord(existing)} shows whose it is; or work with another folder: ${optionName('store')} DIR`,
  };
}
