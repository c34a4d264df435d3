/** A lease whose holder is an empty text names nobody, and no sentence has a hole where the holder would stand. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CommandLine, type Ran } from '../../unit/cli/command-line.ts';
import { fingerprintLike, lockOf, namespace, request } from './planted-locks.ts';

const live = fingerprintLike('aaaa1111bbbb');
const expired = fingerprintLike('bbbb2222cccc');
const lockName = (fingerprint: string): string => `gw-lock-${fingerprint.slice(0, 16)}`;

let line: CommandLine;
beforeEach(async () => {
  line = new CommandLine();
  const file = path.join(line.home, 'objects.json');
  const items = [
    lockOf(live, Date.now(), { acquired: 300, renewed: 0, holder: '' }),
    lockOf(expired, Date.now(), { acquired: 900, renewed: 900, holder: '' }),
    request(live, 'Executing'),
    request(expired, 'Pending'),
  ];
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await line.run(['store', 'import', file]);
});
afterEach(() => {
  line.remove();
});

const run = (...argv: string[]): Promise<Ran> =>
  line.run([...argv, '--target', 'embedded', '-n', namespace, '--lease-namespace', namespace]);

it.each([
  [['lease', 'list']],
  [['lease', 'get', lockName(live)]],
  [['lease', 'get', lockName(expired)]],
  [['lease', 'doctor']],
  [['lease', 'acquire', live]],
  [['lease', 'renew', lockName(live), '--holder', 'me']],
  [['lease', 'release', lockName(live), '--if-holder', 'me']],
  [['lease', 'release', lockName(live), '--force', '--reason', 'a drill']],
  [['lease', 'run', live, '--', 'true']],
  [['dedup', 'show', live]],
  [['dedup', 'show', expired]],
])('%j says so', async (argv) => {
  const { stdout, stderr } = await run(...argv);
  const said = `${stdout}\n${stderr}`;
  expect(said).toMatch(/\S/);
  expect(said).not.toMatch(/\b(held by|lock of|by|of|from) *($|[,:;]|until\b|and\b|has\b|names\b| {2,}\S)/m);
  expect(said).not.toMatch(/\b(held by|of|from) {2}/);
});

it('is absent from results, as what a lease does not say', async () => {
  const { stdout } = await run('lease', 'list', '-o', 'json');
  const { items } = JSON.parse(stdout) as { items: object[] };
  expect(items).toHaveLength(2);
  for (const item of items) expect(item).not.toHaveProperty('holder');
});
