import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDocuments } from '../../../src/documents/read-documents.ts';
import { workOnYaml, type YamlThreads, type YamlWork } from '../../../src/documents/yaml-thread.ts';
import { readText, streamOf } from './reading.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-thread-'));
const program = path.join(folder, 'yaml-thread.cjs');
const always: YamlThreads = { program, fromBytes: 0 };

beforeAll(async () => {
  const root = path.resolve(import.meta.dirname, '../../..');
  await build({
    absWorkingDir: root,
    entryPoints: ['src/yaml-thread.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
for (let level = 0; level < 9; level += 1) {
  const [name, inner] = [level + 1, level === 0 ? 'a' : `b${level}`];
  bomb.push(`b${name}: &b${name} [${Array(9).fill(`*${inner}`).join(', ')}]`);
}

describe('YAML in a thread of its own', () => {
  it.each([
    ['one document', 'a: 1\nb: [x, 2]\n'],
    ['several', '# note\n---\na: 1\n---\nb: 2\n...\nc: 3\n--- null\n'],
    ['nothing', '---\n---\n# note\n'],
    ['a byte order mark and characters of several bytes', '\uFEFFé: "😀"\n---\nü: [x\n---\nok: ü\n'],
    ['duplicate keys', 'a: 1\na: 2\nb: [{c: 1, c: 2}]\n'],
    ['anchors and merge keys', 'base: &b {x: 1, y: 1}\nd:\n  <<: *b\n  y: 2\n'],
    ['an alias bomb', bomb.join('\n')],
    ['an alias of itself', 'a: &a\n  b: *a\n---\nok: 1\n'],
    ['an alias of nothing', 'a: *x\n---\nok: 1\n'],
    ['a tag of code', 'a: !!js/function "x"\n'],
    ['a key that is a map', '? {a: b}\n: c\n'],
    ['NUL', 'a: "\0"\n'],
    ['100,000 levels', `a: ${'['.repeat(100_000)}`],
    ['a document over the limit', `a: ${'x'.repeat(2000)}\n---\nb: 1\n`],
    ['aliases that unfold over the limit', `a: &a ${'x'.repeat(500)}\nb: [*a, *a, *a]\n`],
    ['no number of JSON, and a key of Object', 'a: .inf\nb: .nan\n__proto__: {c: 1}\n'],
  ])('is what the main thread makes of it: %s', async (_name, text) => {
    const options = { format: 'yaml', maxDocumentBytes: 1000 } as const;
    expect(await readText(text, { ...options, yamlThreads: always })).toEqual(
      await readText(text, { ...options, yamlThreads: { program: undefined, fromBytes: 0 } }),
    );
  });

  it('begins where a text is long enough', async () => {
    const missing = { program: path.join(folder, 'none.cjs'), fromBytes: 6 };
    expect(existsSync(missing.program)).toBe(false);
    expect(await readText('a: 1\n', { format: 'yaml', yamlThreads: missing })).toHaveLength(1);
    await expect(readText('a: 12\n', { format: 'yaml', yamlThreads: missing })).rejects.toThrow('none.cjs');
  });

  it('ends in the middle of a document when it is stopped, also where files are read on', async () => {
    const stop = new AbortController();
    const text = `items:\n${'- {name: a, labels: {b: c}, list: [1, 2, 3]}\n'.repeat(50_000)}`;
    const options = { cwd: '/', stdin: streamOf(text), format: 'yaml', readsFilesOn: true } as const;
    const documents = readDocuments(['-'], { ...options, signal: stop.signal, yamlThreads: always });
    const first = documents.next();
    setImmediate(() => {
      stop.abort(new Error('stopped'));
    });
    await expect(first).rejects.toThrow('stopped');
  });

  it('begins nothing after a stop', async () => {
    const options = { bytes: 1, signal: AbortSignal.abort(new Error('stopped')), threads: always };
    const work: YamlWork<object, string> = { name: 'documents', run: () => [] };
    await expect(workOnYaml(work, {}, options).next()).rejects.toThrow('stopped');
  });
});
