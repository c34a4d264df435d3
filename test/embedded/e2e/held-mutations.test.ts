import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { runProgram } from '../../support/built-program.ts';
import { hasShared, sharedPath } from '../../support/shared.ts';

interface Item {
  source: { file: string; document: number; index: number };
  outcome: string;
  signal?: { fingerprint: string };
  reason?: { code: string };
}

const seed = Number(process.env['REMEDYCTL_MUTATION_SEED'] ?? 20261129);
const changesOfEach = 6;
const now = ['--now', '2026-11-28T16:00:00Z'];
const hungMs = 120_000;

const folder = sharedPath('cases', 'inputs');
const inputs = hasShared ? readdirSync(folder).map((name) => path.join(folder, name)) : [];

type Change = (bytes: Buffer, random: SeededRandom, other: Buffer) => Buffer;

const at = (bytes: Buffer, random: SeededRandom): number => Math.floor(random.next() * bytes.length);

/** What happens to a file on its way through terminals, editors, chats and full disks. */
const changes: Change[] = [
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  (bytes, random) => bytes.subarray(at(bytes, random)),
  (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, at(bytes, random)), other.subarray(at(other, random))]),
  (bytes, _random, other) => Buffer.concat([bytes, other]),
  (bytes, random) => {
    const from = at(bytes, random);
    return Buffer.concat([
      bytes.subarray(0, from),
      bytes.subarray(from + 1 + Math.floor(random.next() * 40)),
    ]);
  },
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    for (let count = 0; count < 4; count += 1) copy[at(copy, random)] = Math.floor(random.next() * 256);
    return copy;
  },
  (bytes, random) => {
    const lines = bytes.toString('latin1').split('\n');
    const line = Math.floor(random.next() * lines.length);
    lines.splice(line, 1, lines[line] ?? '', lines[line] ?? '');
    return Buffer.from(lines.join('\n'), 'latin1');
  },
];

/** What changes a file and nothing that it says. */
const encodings: Record<string, (text: string) => Buffer> = {
  'UTF-16LE': (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  'UTF-16BE': (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  'UTF-8 with a byte order mark': (text) => Buffer.from(`\ufeff${text}`),
  gzip: (text) => gzipSync(text),
  'lines of Windows': (text) => Buffer.from(text.replaceAll(/\r?\n/g, '\r\n')),
};

describe.skipIf(!hasShared)('files that went through something', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), 'remedyctl-mutations-'));
  });
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  async function itemsOf(verb: string, files: string[]): Promise<Map<string, Item[]>> {
    const args = ['signal', verb, '--target', 'embedded', '-o', 'json', ...now, ...files];
    const { exitCode, stdout, stderr } = await runProgram(args, { env: { HOME: home } });
    expect([0, 2, 3, 4, 5], stderr).toContain(exitCode);
    expect(stderr).not.toMatch(/bug:|^\s+at /m);
    const items = new Map<string, Item[]>(files.map((file) => [file, []]));
    for (const item of (JSON.parse(stdout) as { items: Item[] }).items)
      items.get(item.source.file)?.push(item);
    return items;
  }

  it.each(['normalize', 'ingest', 'explain'])(
    `are answered by signal %s, each by an item of its own (seed ${seed})`,
    async (verb) => {
      const random = new SeededRandom(seed);
      const changed = path.join(home, verb);
      mkdirSync(changed);
      const files = inputs.flatMap((input) =>
        Array.from({ length: changesOfEach }, (_, index) => {
          const file = path.join(changed, `${index}-${path.basename(input)}`);
          const other = inputs[Math.floor(random.next() * inputs.length)] ?? input;
          const change = changes[Math.floor(random.next() * changes.length)] ?? ((bytes: Buffer) => bytes);
          writeFileSync(file, change(readFileSync(input), random, readFileSync(other)));
          return file;
        }),
      );
      const items = await itemsOf(verb, files);
      for (const [file, own] of items)
        expect(own.length, `${file}: nothing is said of it`).toBeGreaterThan(0);
    },
    hungMs,
  );

  it.each(Object.keys(encodings))(
    'say what they said before: %s',
    async (name) => {
      const encoded = path.join(home, name);
      mkdirSync(encoded);
      const pairs = inputs.flatMap((input): [string, string][] => {
        const bytes = readFileSync(input);
        const file = path.join(encoded, path.basename(input));
        const isUtf16 = bytes[0] === 0xff || bytes[0] === 0xfe;
        const text = bytes.toString(isUtf16 ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
        writeFileSync(file, encodings[name]?.(text) ?? text);
        return [[input, file]];
      });
      const before = await itemsOf('normalize', inputs);
      const after = await itemsOf(
        'normalize',
        pairs.map(([, file]) => file),
      );
      const brief = (items: Item[] = []): unknown =>
        items.map(({ outcome, signal, reason }) => [outcome, signal?.fingerprint, reason?.code]);
      for (const [input, file] of pairs) {
        expect(brief(after.get(file)), file).toEqual(brief(before.get(input)));
      }
    },
    hungMs,
  );
});
