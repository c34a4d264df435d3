import { readdirSync, readlinkSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../../unit/cli/command-line.ts';

const fingerprint = 'a'.repeat(64);
const descriptors = '/proc/self/fd';

/**
 * Node's own SQLite lets go of the files at close(); that of Node 20 only when the statements are collected, so
 * that what a command forgets to close, or keeps, stays open after this.
 */
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function openFiles(directory: string): string[] {
  return readdirSync(descriptors).flatMap((descriptor) => {
    try {
      const file = readlinkSync(`${descriptors}/${descriptor}`);
      return file.startsWith(directory) ? [file] : [];
    } catch {
      // Closed meanwhile, as the one that the folder itself was read with.
      return [];
    }
  });
}

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  line.remove();
});

describe.skipIf(process.platform !== 'linux')('the files of the store are let go by', () => {
  it.each([
    ['store info', 0],
    ['store export', 0],
    ['store reset --yes', 0],
    [`lease acquire ${fingerprint}`, 0],
    [`lease acquire ${fingerprint} --raw-key --dry-run=server`, 0],
    ['lease list', 0],
    ['lease get aaaaaaaaaa', 1],
    [`lease renew ${fingerprint}`, 5],
    [`lease release ${fingerprint}`, 0],
    ['lease doctor', 0],
    [`lease run ${fingerprint} -- true`, 0],
    ['dedup list', 0],
    [`dedup show ${fingerprint}`, 0],
    ['dedup show Pod/checkout', 0],
    ['request list', 0],
    ['request get rr-aaaaaaaaaaaa-1', 1],
    ['request ack rr-aaaaaaaaaaaa-1 --reason none --yes', 1],
    [`signal explain ${fingerprint}`, 0],
    ['doctor', 0],
    ['version', 0],
  ])('%s, which exits with %i', async (command, code) => {
    const ran = await line.run(command.split(' '));
    expect(ran.code, ran.stderr).toBe(code);
    await expect
      .poll(
        () => {
          collectGarbage();
          return openFiles(line.home);
        },
        { timeout: 10_000 },
      )
      .toEqual([]);
  });
});
