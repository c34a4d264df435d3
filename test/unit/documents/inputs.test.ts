import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDocuments } from '../../../src/documents/read-documents.ts';
import { brief, collect, streamOf, type Overrides } from './reading.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'remedyctl-inputs-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function write(files: Record<string, string | Uint8Array>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), content);
  }
}

/** Each document as `file document text`. */
async function read(inputs: string[], overrides: Overrides = {}): Promise<string[]> {
  const documents = await collect(inputs, { cwd, ...overrides });
  return brief(documents).map((line, index) => `${documents[index]?.file ?? ''} ${line}`);
}

describe('files', () => {
  it('are read in the order of the arguments and counted each from 0', async () => {
    write({ 'b.json': '1 2', 'a.json': '3' });
    expect(await read(['b.json', 'a.json', './a.json'])).toEqual([
      'b.json 0 1',
      'b.json 1 2',
      'a.json 0 3',
      './a.json 0 3',
    ]);
  });

  it('that are missing or unreadable are told by name, and the rest goes on', async () => {
    write({ 'a.json': '1' });
    symlinkSync('loop.json', path.join(cwd, 'loop.json'));
    expect(await read(['none.json', 'a.json/x', 'loop.json', 'a.json'])).toEqual([
      'none.json 0 INPUT_NOT_FOUND none.json: no such file or directory',
      'a.json/x 0 INPUT_NOT_FOUND a.json/x: no such file or directory',
      'loop.json 0 INPUT_UNREADABLE loop.json: ELOOP',
      'a.json 0 1',
    ]);
  });

  it('with a JSON name are never YAML, others are by their content', async () => {
    write({
      'a.json': 'a: 1',
      'b.jsonl': 'b: 1',
      'c.txt': 'c: 1',
      'd.yaml': '{"d":1}',
      'e.json.gz': gzipSync('e: 1'),
    });
    const kinds = (await collect(['a.json', 'b.jsonl', 'c.txt', 'd.yaml', 'e.json.gz'], { cwd })).map(
      ({ file, kind }) => `${file} ${kind}`,
    );
    expect(kinds).toEqual([
      'a.json unreadable',
      'b.jsonl unreadable',
      'c.txt document',
      'd.yaml document',
      'e.json.gz unreadable',
    ]);
  });

  it('keep hostile names as they are', async () => {
    const name = 'a\u001b[31m\u202e\n.json';
    write({ [name]: '{' });
    expect(await collect([name], { cwd })).toMatchObject([{ file: name, line: 1, column: 2 }]);
  });

  it('larger than the window are read whole', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => JSON.stringify({ index, pad: 'é'.repeat(200) }));
    write({ 'big.ndjson': lines.join('\n') });
    expect(await read(['big.ndjson'])).toEqual(lines.map((line, index) => `big.ndjson ${index} ${line}`));
  });
});

describe('a directory', () => {
  it('gives its readable files, sorted and recursively, but no hidden ones', async () => {
    write({
      'd/z.json': '1',
      'd/b/y.ndjson': '2',
      'd/a.yaml': 'a: 3',
      'd/c.yml.gz': gzipSync('c: 4'),
      'd/note.txt': 'x',
      'd/.hidden.json': '5',
      'd/..data/z.json': '6',
      'elsewhere.json': '7',
    });
    symlinkSync('../elsewhere.json', path.join(cwd, 'd/link.json'));
    symlinkSync('.', path.join(cwd, 'd/loop.json'));
    execFileSync('mkfifo', [path.join(cwd, 'd/fifo.json')]);
    expect(await read(['d'])).toEqual([
      'd/a.yaml 0 {"a":3}',
      'd/b/y.ndjson 0 2',
      'd/c.yml.gz 0 {"c":4}',
      'd/link.json 0 7',
      'd/z.json 0 1',
    ]);
  });

  it('without files is empty', async () => {
    write({ 'd/note.txt': 'x', 'd/e/.keep': '' });
    expect(await collect(['d'], { cwd })).toMatchObject([{ file: 'd', reason: { code: 'EMPTY_INPUT' } }]);
  });
});

describe('a glob', () => {
  beforeEach(() => {
    write({
      'a1.json': '1',
      'a2.json': '2',
      'b1.json': '3',
      'd/a3.json': '4',
      'd/e/a4.json': '5',
      '.a5.json': '6',
    });
  });

  it.each([
    ['a*.json', ['a1.json', 'a2.json']],
    ['?1.json', ['a1.json', 'b1.json']],
    ['[!b]1.json', ['a1.json']],
    ['[^a]*.json', ['b1.json']],
    ['[[:alpha:]]1.json', ['a1.json', 'b1.json']],
    ['[\\]a]1.*', ['a1.json']],
    ['?\\1.json', ['a1.json', 'b1.json']],
    ['[a-b][2-9].json', ['a2.json']],
    ['{b1,a2,d/a3}.json', ['a2.json', 'b1.json', 'd/a3.json']],
    ['{a{1,2},b1}.json', ['a1.json', 'a2.json', 'b1.json']],
    ['**/a*.json', ['a1.json', 'a2.json', 'd/a3.json', 'd/e/a4.json']],
    ['d/**', ['d/a3.json', 'd/e/a4.json']],
    ['./*/a*', ['./d/a3.json']],
    ['.a*', ['.a5.json']],
  ])('%s is expanded', async (pattern, names) => {
    expect((await collect([pattern], { cwd })).map(({ file }) => file)).toEqual(names);
  });

  it('that is absolute gives absolute names', async () => {
    expect((await collect([`${cwd}/b*`], { cwd: '/' })).map(({ file }) => file)).toEqual([`${cwd}/b1.json`]);
  });

  it('that matches nothing is told by name', async () => {
    expect(await read(['x*.json', 'b1.json'])).toEqual([
      'x*.json 0 INPUT_NOT_FOUND x*.json: no file matches this pattern',
      'b1.json 0 3',
    ]);
  });

  it.each([
    ['alerts[2026-03-01].json', 'in [2026-03-01] the range 6-0 ends before it begins'],
    ['[9-0]', 'in [9-0] the range 9-0 ends before it begins'],
    ['[z-a]*', 'in [z-a] the range z-a ends before it begins'],
    ['{a,b}'.repeat(20), 'its braces stand for more than 10000 patterns'],
  ])('that can mean nothing is refused, and the rest is read: %s', async (pattern, why) => {
    write({ 'a.json': '1' });
    expect(await collect([pattern, 'a.json'], { cwd })).toMatchObject([
      {
        file: pattern,
        reason: { code: 'INPUT_NOT_FOUND', message: expect.stringContaining(why) as unknown },
      },
      { file: 'a.json' },
    ]);
  });

  it.each([
    '[',
    ']',
    '[]',
    '[!]',
    '[]a]',
    '[a-]',
    '[-a]',
    '[\\\\]',
    '{',
    '{,',
    '(?<x>*',
    '\\\\u{110000}*',
    '*[^',
    '\ud800*',
    'a'.repeat(70_000),
  ])('may hold anything: %j', async (pattern) => {
    expect(await collect([`${pattern}*none`], { cwd })).toMatchObject([
      { reason: { code: 'INPUT_NOT_FOUND' } },
    ]);
  });

  it('takes what is special to regular expressions and to other globs as it stands', async () => {
    const names = ['a(1)+.json', 'a|b.json', 'a"c".json', "a'@!$,.json", 'a😀.json'];
    write(Object.fromEntries(names.map((name) => [name, '7'])));
    const found = async (pattern: string): Promise<string[]> =>
      (await collect([pattern], { cwd })).map(({ file }) => file);
    expect(await found('a(1)+*')).toEqual(['a(1)+.json']);
    expect(await found('a|b*')).toEqual(['a|b.json']);
    expect(await found('a"c"*')).toEqual(['a"c".json']);
    expect(await found("a'@!$,*")).toEqual(["a'@!$,.json"]);
    expect(await found('a[|(]*')).toEqual(['a(1)+.json', 'a|b.json']);
    expect(await found('a?.json')).toEqual(['a1.json', 'a2.json', 'a😀.json']);
  });

  it.each(['*a', '*?', '*[ab]', '*a?', '**a'])('takes no longer for many stars: %s', async (part) => {
    write({ [`${'a'.repeat(200)}.json`]: '1' });
    expect(await collect([`${part.repeat(60)}*b`], { cwd })).toMatchObject([
      { reason: { code: 'INPUT_NOT_FOUND' } },
    ]);
  });

  it('finds what many stars stand for', async () => {
    const name = `${'a'.repeat(120)}b.json`;
    write({ [name]: '1' });
    expect((await collect([`${'*a'.repeat(60)}*b*`], { cwd })).map(({ file }) => file)).toEqual([name]);
    expect(await read([`${'**/'.repeat(30)}*.json`])).toEqual(await read(['**/*.json']));
  });

  it('is no glob where a file has that very name', async () => {
    write({ 'alerts[2026-03-01].json': '6' });
    expect(await read(['alerts[2026-03-01].json'])).toEqual(['alerts[2026-03-01].json 0 6']);
    write({ 'a[1].json': '7', '*.json': '8' });
    expect(await read(['a[1].json', '*.json'])).toEqual(['a[1].json 0 7', '*.json 0 8']);
  });
});

describe('gzip', () => {
  it('is found by content, whatever the name, with many members', async () => {
    write({ 'a.json': Buffer.concat([gzipSync('{"a":1}\n{"b'), gzipSync('":2}\n'), gzipSync('')]) });
    expect(await read(['a.json'])).toEqual(['a.json 0 {"a":1}', 'a.json 1 {"b":2}']);
    expect(await read(['-'], { stdin: streamOf(gzipSync('a: 1')) })).toEqual(['- 0 {"a":1}']);
  });

  it('that ends early keeps what was read before', async () => {
    const lines = Array.from({ length: 4000 }, (_, index) =>
      JSON.stringify({ index, hash: (index * 7919) % 10007 }),
    );
    const packed = gzipSync(lines.join('\n'));
    write({ 'a.gz': packed.subarray(0, packed.length - 4), 'b.json': '1' });
    const result = await read(['a.gz', 'b.json']);
    expect(result.slice(0, 4000)).toEqual(lines.map((line, index) => `a.gz ${index} ${line}`));
    expect(result.slice(4000)).toEqual([
      expect.stringMatching(/^a\.gz 4000 INPUT_UNREADABLE a\.gz:\d+:\d+: the gzip data ends early$/),
      'b.json 0 1',
    ]);
  });

  it('that is damaged is refused by name', async () => {
    const packed = gzipSync(JSON.stringify({ a: 'x'.repeat(1000) }));
    packed[packed.length - 6] = 0xff ^ (packed[packed.length - 6] ?? 0);
    write({ 'a.gz': packed, 'head.gz': Buffer.from([0x1f, 0x8b]) });
    const documents = await collect(['a.gz', 'head.gz'], { cwd });
    expect(documents.filter(({ kind }) => kind === 'unreadable')).toMatchObject([
      { file: 'a.gz', reason: { code: 'INPUT_UNREADABLE' } },
      { file: 'head.gz', reason: { code: 'INPUT_UNREADABLE' } },
    ]);
  });

  it('that unpacks to far more is bounded by the limit of a document', async () => {
    write({
      'bomb.gz': gzipSync(
        Buffer.concat([Buffer.from('["'), Buffer.alloc(64 * 1024 * 1024, 'x'), Buffer.from('"]\n[1]')]),
      ),
    });
    expect(await read(['bomb.gz'], { maxDocumentBytes: 1_000_000 })).toEqual([
      'bomb.gz 0 DOCUMENT_TOO_LARGE bomb.gz:1:1: the document is larger than 1000000 bytes',
      'bomb.gz 1 [1]',
    ]);
  });
});

describe('stdin', () => {
  it.each(['-', '/dev/stdin', '/dev/fd/0'])('is read as %s', async (name) => {
    expect(await read([name], { stdin: streamOf('{"a"', ':1}') })).toEqual([`${name} 0 {"a":1}`]);
  });

  it('that fails is told by name with what was read before', async () => {
    const stdin = new PassThrough();
    stdin.write('{"a":1}\n{"b":');
    setImmediate(() => stdin.destroy(new Error('read EIO')));
    expect(await read(['-'], { stdin })).toEqual(['- 0 {"a":1}', '- 1 INPUT_UNREADABLE -:2:1: read EIO']);
  });

  it('hands on each document as soon as it is complete', async () => {
    const stdin = new PassThrough();
    const documents = readDocuments(['-'], { cwd, stdin });
    stdin.write('{"a":1}\n{"b"');
    expect(await documents.next()).toMatchObject({ value: { text: '{"a":1}' } });
    stdin.end(':2}');
    expect(await documents.next()).toMatchObject({ value: { text: '{"b":2}' } });
    expect(await documents.next()).toEqual({ done: true, value: undefined });
  });

  it('is let go of when the consumer stops', async () => {
    const stdin = new PassThrough();
    stdin.write('1 2 3 ');
    for await (const document of readDocuments(['-'], { cwd, stdin, format: 'json' })) {
      expect(document).toMatchObject({ text: '1' });
      break;
    }
    expect(stdin.destroyed).toBe(true);
  });
});

describe('aborting', () => {
  it('ends a wait for stdin with the reason', async () => {
    const stdin = new PassThrough();
    const abort = new AbortController();
    const documents = readDocuments(['-'], { cwd, stdin, signal: abort.signal });
    stdin.write('{"a":1}\n');
    await documents.next();
    const waiting = documents.next();
    setImmediate(() => {
      abort.abort(new Error('stopped'));
    });
    await expect(waiting).rejects.toThrow('stopped');
    expect(stdin.destroyed).toBe(true);
  });

  it('ends a wait for the writer of a FIFO', async () => {
    execFileSync('mkfifo', [path.join(cwd, 'fifo')]);
    const abort = new AbortController();
    const waiting = collect(['fifo'], { cwd, signal: abort.signal });
    setImmediate(() => {
      abort.abort(new Error('stopped'));
    });
    await expect(waiting).rejects.toThrow('stopped');
  });

  it('before the start reads nothing', async () => {
    write({ 'a.json': '1' });
    await expect(
      collect(['a.json'], { cwd, signal: AbortSignal.abort(new Error('stopped')) }),
    ).rejects.toThrow('stopped');
  });
});

describe('a FIFO', () => {
  it.each([
    ['is read to its end', '{"a":1}\n{"b":2}', ['fifo 0 {"a":1}', 'fifo 1 {"b":2}']],
    [
      'that closes early is told with what was read',
      '{"a":1}\n{"b":',
      ['fifo 0 {"a":1}', 'fifo 1 INVALID_DOCUMENT fifo:2:6: the input ends in the middle of a value'],
    ],
    ['that closes at once is empty', '', ['fifo 0 EMPTY_INPUT fifo: nothing to read: the input is empty']],
  ])('%s', async (_name, content, expected) => {
    execFileSync('mkfifo', [path.join(cwd, 'fifo')]);
    const writer = spawn('sh', ['-c', 'sleep 0.2; printf %s "$1" > fifo', 'sh', content], { cwd });
    expect(await read(['fifo'])).toEqual(expected);
    expect(writer.exitCode ?? 0).toBe(0);
  });
});
