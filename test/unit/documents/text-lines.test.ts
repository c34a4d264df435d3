import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SourceDocument } from '../../../src/documents/source-document.ts';
import { readDocuments } from '../../../src/documents/read-documents.ts';
import { hasShared, sharedPath } from '../../support/shared.ts';
import { brief, collect, streamOf, type Overrides } from './reading.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'remedyctl-text-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

interface ReadLog {
  documents: SourceDocument[];
  /** Each document in one line. */
  lines: string[];
  /** Of every document, by its number. */
  notices: string[];
  /** What went to the function. */
  told: string[];
}

async function readFile(
  content: string | Uint8Array,
  name = 'events.log',
  more: Overrides = {},
): Promise<ReadLog> {
  writeFileSync(path.join(cwd, name), content);
  const told: string[] = [];
  const documents = await collect([name], {
    cwd,
    textSkipped: (file, { message }) => told.push(`${file} ${message}`),
    ...more,
  });
  const notices = documents.flatMap((each) =>
    each.kind === 'document'
      ? each.warnings.map(({ code, message }) => `${each.document} ${code} ${message}`)
      : [],
  );
  return { documents, lines: brief(documents), notices, told };
}

const klog = 'I1128 15:50:39.588000       1 main.go:42] starting';

describe('lines of text around JSON', () => {
  it.each([
    ['before', `${klog}\n{"a":1}\n`, 1, 1],
    ['before and between', `${klog}\n{"a":1}\nE1128 closed\n\n`, 2, 1],
    ['behind', `{"a":1}\n${klog}\nend`, 2, 2],
    ['on the line of a document', `{"a":1} trailing`, 1, 1],
    ['that are numbers, strings and null', '1\n"x"\nnull\n{"a":1}\ntrue', 4, 1],
    ['that begin with brackets', '[INFO] started\n[2026-11-28 15:50:39] x\n[12.5] usb 1-1\n{"a":1}', 3, 1],
    ['that are punctuation', '{"a":1}},\n]', 2, 1],
    ['that are no UTF-8', Buffer.from('\xe9\xfd log\n{"a":1}', 'latin1'), 1, 1],
    ['with CRLF', `${klog}\r\n{"a":1}\r\n${klog}\r\n`, 2, 1],
  ])('are told once: %s', async (_name, content, count, line) => {
    const { lines, notices, told } = await readFile(content);
    expect(lines).toEqual(['0 {"a":1}']);
    expect(notices).toHaveLength(1);
    const are = count === 1 ? '1 line of text skipped that is' : `${count} lines of text skipped that are`;
    expect(notices[0]).toContain(`0 TEXT_SKIPPED ${are} no JSON, the first is line ${line}: `);
    expect(told).toEqual([]);
  });

  it('quotes the first one, shortened, with nothing in it that moves a cursor', async () => {
    const { notices } = await readFile(`\u001b[31m\u202e${'é'.repeat(100)}\n{"a":1}`);
    expect(notices).toEqual([
      `0 TEXT_SKIPPED 1 line of text skipped that is no JSON, the first is line 1: "\\u001b[31m\\u202e${'é'.repeat(74)}…"`,
    ]);
  });

  it('is told with the last document of a file that was read', async () => {
    const { lines, notices } = await readFile(`x\n{"a":1}\ny\n[2]\nz\n{"b":\n`);
    expect(lines).toEqual(['0 {"a":1}', '1 [2]', expect.stringContaining('2 INVALID_DOCUMENT')]);
    expect(notices).toEqual([expect.stringContaining('1 TEXT_SKIPPED 3 lines')]);
  });

  it('is told with the document before many that are refused, and the rest with the next', async () => {
    const { notices } = await readFile(`x\n{"a":1}\n${'{"b":}\n'.repeat(100)}y\nz\n{"c":1}\n`);
    expect(notices).toEqual([
      expect.stringContaining('0 TEXT_SKIPPED 1 line of'),
      '101 TEXT_SKIPPED 2 lines more of text skipped that are no JSON',
    ]);
  });

  it('is told apart where no document can have it', async () => {
    const { notices, told } = await readFile(`{"b":}\nlog\n`);
    expect(notices).toEqual([]);
    expect(told).toEqual(['events.log 1 line of text skipped that is no JSON, the first is line 2: "log"']);
  });

  it('of a stream is told with what is there, and the rest at its end', async () => {
    const stdin = new PassThrough();
    const told: string[] = [];
    const options = {
      cwd,
      stdin,
      textSkipped: (_file: string, { message }: { message: string }) => told.push(message),
    };
    const documents = readDocuments(['-'], options);
    stdin.write('log\n{"a":1}\n');
    expect(await documents.next()).toMatchObject({ value: { warnings: [{ code: 'TEXT_SKIPPED' }] } });
    stdin.end('one\ntwo\n');
    expect(await documents.next()).toMatchObject({ done: true });
    expect(told).toEqual(['2 lines more of text skipped that are no JSON']);
  });

  it('of 50 MB without a line end is passed over without being held', async () => {
    const filler = Buffer.alloc(1024 * 1024, 'x');
    let peak = 0;
    async function* stream(): AsyncGenerator<Buffer> {
      yield Buffer.from('{"a":1}\n');
      for (let count = 0; count < 50; count += 1) {
        peak = Math.max(peak, process.memoryUsage().arrayBuffers);
        yield await Promise.resolve(filler);
      }
      yield Buffer.from('\n  {"b":2}\n');
    }
    const before = process.memoryUsage().arrayBuffers;
    const documents = await collect(['-'], {
      stdin: stream(),
      maxDocumentBytes: 1_000_000,
      textSkipped: () => undefined,
    });
    expect(brief(documents)).toEqual(['0 {"a":1}', '1 {"b":2}']);
    expect(peak - before).toBeLessThan(20 * 1024 * 1024);
  });

  it('is refused where nothing else is there', async () => {
    const { documents } = await readFile('a: 1\nb: 2\n', 'events.json');
    expect(documents).toMatchObject([
      {
        line: 1,
        reason: {
          code: 'INVALID_DOCUMENT',
          message: 'events.json:1:1: no JSON object or array is in this, but "a: 1" and 1 more of the kind',
          hint: 'If this is YAML, say so with --format yaml.',
        },
      },
    ]);
    expect((await readFile('\n42', 'events.json')).documents).toMatchObject([
      { line: 2, reason: { code: 'UNKNOWN_FORMAT' } },
    ]);
  });

  it('is refused by its place where nobody takes it', async () => {
    const { lines } = await readFile(`${klog}\n{"a":1}`, 'a.json', {
      textSkipped: undefined,
    } as unknown as Overrides);
    expect(lines).toEqual(['0 INVALID_DOCUMENT a.json:1:1: unexpected "I"', '1 {"a":1}']);
  });
});

describe('an object that ends a line of text', () => {
  const event = '{"kind":"Event","message":"a } and a { in it"}';

  it.each([
    '2026-11-28T15:50:39.123456789Z ',
    '2026-11-28T15:50:39Z stdout F ',
    'I1128 15:50:39.588000       1 main.go:42] ',
    '[INFO] 2026-11-28 got event: ',
    'app-1  | ',
    '<13>Nov 28 15:50:39 host app[12]: ',
    'level=info {x} msg=',
    '\x1b[32mINFO\x1b[0m ',
  ])('is read: %j', async (prefix) => {
    const { lines, notices } = await readFile(`${prefix}${event}\r\n${prefix}nothing\n${prefix}${event}\n`);
    expect(lines).toEqual([`0 ${event}`, `1 ${event}`]);
    expect(notices).toEqual([expect.stringContaining('1 TEXT_SKIPPED 3 lines')]);
  });

  it.each([
    ['does not end it', 'log {"a":1} x\n{"b":2}'],
    ['is broken', 'log {"a":}\n{"b":2}'],
    ['is cut off', 'log {"a":\n{"b":2}'],
    ['stands behind many brackets', `log ${'{ "'.repeat(20_000)} {"a":1}\n{"b":2}`],
  ])('is text where it %s', async (_name, content) => {
    const { lines, notices } = await readFile(content);
    expect(lines).toEqual(['0 {"b":2}']);
    expect(notices).toHaveLength(1);
  });

  it('is no part of a pretty-printed document that broke', async () => {
    const pretty = JSON.stringify({ source: { component: 'kubelet' }, a: [{ b: { c: 1 } }] }, null, 2);
    const broken = pretty.replace('"kubelet"', 'x').replace('{\n    "component": x\n  }', '{"component": x}');
    const { lines } = await readFile(`${broken}\n${klog}\nlog {"after":1}\n`);
    expect(lines).toEqual([expect.stringContaining('0 INVALID_DOCUMENT'), '1 {"after":1}']);
  });
});

describe('after a document that is refused', () => {
  it.each([
    ['text that begins with a brace', '{foo} bar\nlog\n{"a":1}\n', ['{"a":1}']],
    ['text that begins with a bracket and a brace', '[{foo}] bar\n{"a":1}\n', ['{"a":1}']],
    ['a line that was cut, and text', '{"x":[\nlog\nlog {"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ['the items of an array', '[\n{"x":1},\n{"y":x},\n{"a":1}\n]\n{"b":2}', ['{"a":1}', '{"b":2}']],
    ['an array on one line', '[{"x":1},{"y":x}]\n{"a":1}\n', ['{"a":1}']],
  ])('reading goes on: %s', async (_name, content, expected) => {
    const { documents } = await readFile(content);
    const read = documents.flatMap((each) => (each.kind === 'document' ? [each.text] : []));
    expect(read).toEqual(expected);
    expect(documents.length - read.length).toBe(1);
  });
});

it.each([
  ['data: {"a":1}\n\ndata: {"b":2}\n', ['{"a":1}', '{"b":2}']],
  ['event: x\ndata: {"a":1}\nid: 7\n\nevent: x\ndata: {"b":2}\n', ['{"a":1}', '{"b":2}']],
  ['data: {"a":1}\n', ['{"data":{"a":1}}']],
])('server-sent events %j are what stands behind data', async (content, expected) => {
  const { documents } = await readFile(content, 'stream.txt');
  expect(documents.map((each) => each.kind === 'document' && each.text)).toEqual(expected);
});

describe('what is JSON behind text, and what is YAML', () => {
  const json = '{\n    "apiVersion": "v1",\n    "items": [\n        {"a": {"b": 1}}\n    ]\n}\n';

  it.each([
    ['a warning', `Warning: v1 ComponentStatus is deprecated in v1.19+\n${json}`],
    ['a warning twice', `Warning: one\nWarning: two\n\n${json}`],
    ['an error with a colon', `Error from server: something\n${json}`],
    ['a comment', `# made by hand\n${json}`],
    ['a heading', `Events:\n${json}`],
    ['a shell prompt', `$ kubectl get events -o json\n${json}`],
    ['a byte order mark', `\ufeffnote\n${json}`],
    ['a line on one line', `note\n${JSON.stringify(JSON.parse(json))}\n`],
    ['an array', `note\n[\n  ${json.trimEnd()}\n]`],
    ['an array on one line', `note\n${JSON.stringify([JSON.parse(json)])}\n`],
    ['a time', `2026-11-28T15:50:39Z ${JSON.stringify(JSON.parse(json))}\n`],
    ['much text', `${`${klog}\n`.repeat(3000)}${json}`],
    ['more text than is searched', `${`2026 started\n`.repeat(30_000)}${json}`],
    ['one long line of text', `2026 ${'x'.repeat(300 * 1024)}\n${json}`],
  ])('JSON: %s', async (_name, content) => {
    const { documents, notices } = await readFile(content, 'events.txt');
    expect(documents).toHaveLength(1);
    expect(documents[0]).toMatchObject({ kind: 'document' });
    expect(JSON.stringify(documents[0])).toContain('apiVersion');
    expect(notices.join()).toContain('TEXT_SKIPPED');
  });

  it.each([
    ['a mapping with flow values', 'a: {"b": 1}\nc: ["x"]\nd:\n  e: {"f": 1}\n'],
    ['items with flow values', '- {"a": 1}\n- {"b": 2}\n'],
    ['a document in flow style', '---\n{"a": 1}\n---\n{"b": 2}\n'],
    ['a directive', '%YAML 1.2\n---\n{"a": 1}\n'],
    ['JSON in a block scalar', 'a: x\nb: |\n  {"c": 1}\nd: 2\n'],
    ['a plain scalar that ends as JSON', 'message: probe failed with {"c":1}\nd: 2\n'],
    ['a comment with JSON', '# {"a": 1}\nb: 2\n'],
    ['one word', 'hello\n'],
    ['much that has no keys below keys', `a: |\n${'  text\n'.repeat(40_000)}b: 2\n`],
    ['a block mapping', 'metadata:\n  name: x\nitems:\n- a: 1\n'],
  ])('YAML: %s', async (_name, content) => {
    const { documents, notices } = await readFile(content, 'events.txt');
    expect(documents.map(({ kind }) => kind)).not.toContain('unreadable');
    expect(notices).toEqual([]);
  });

  it('YAML by its name is YAML', async () => {
    expect((await readFile(`note\n{"a":1}\n`, 'a.yaml')).notices).toEqual([]);
  });

  it('YAML in a stream is handed on as soon as its beginning is known', async () => {
    const stdin = new PassThrough();
    const documents = readDocuments(['-'], { cwd, stdin, textSkipped: () => undefined });
    stdin.write('apiVersion: v1\nmetadata:\n  name: a\n---\nb: 1\n---\n');
    expect(await documents.next()).toMatchObject({ value: { value: { apiVersion: 'v1' } } });
    stdin.end();
    await documents.return();
  });

  it.skipIf(!hasShared)('signals stay what they are, as JSON and as YAML', async () => {
    const { stringify } = await import('yaml');
    const folders = [sharedPath('signals'), sharedPath('signals', 'alertmanager')];
    for (const folder of folders) {
      for (const name of readdirSync(folder).filter((each) => each.endsWith('.json'))) {
        const [read] = await collect([name], { cwd: folder, textSkipped: () => undefined });
        if (read?.kind !== 'document') throw new Error(`${name} is refused`);
        const yaml = await collect(['-'], {
          stdin: streamOf(stringify(read.value)),
          textSkipped: () => undefined,
        });
        expect(yaml).toMatchObject([{ value: read.value, warnings: [] }]);
      }
    }
  });
});
