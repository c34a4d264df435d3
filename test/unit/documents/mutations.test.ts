import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceDocument } from '../../../src/documents/source-document.ts';
import { collect, streamOf } from './reading.ts';

const runs = { seed: 20261129, numRuns: 150 };

/** A document that can be found again: its number stands in it once. */
const marked = (index: number): string => JSON.stringify({ kind: 'Event', n: `#${index}#`, a: [{ b: 'é' }] });

/** The documents as people have them: lines, a pretty List, an array, behind text or a logger's time. */
const layouts: ((texts: string[]) => string)[] = [
  (texts) => texts.join('\n'),
  (texts) => `[\n${texts.join(',\n')}\n]\n`,
  (texts) =>
    JSON.stringify({ apiVersion: 'v1', items: texts.map((text) => JSON.parse(text) as unknown) }, null, 4),
  (texts) => `Warning: old\n${texts.join('\nlog line\n')}`,
  (texts) => texts.map((text) => `2026-11-28T15:50:39Z ${text}`).join('\n'),
];

type Change = { kind: 'cut' | 'drop' | 'repeat'; from: number; length: number } | { kind: 'none' };

function changed(bytes: Buffer, change: Change): Buffer {
  if (change.kind === 'none') return bytes;
  const from = change.from % bytes.length;
  const to = Math.min(bytes.length, from + change.length);
  if (change.kind === 'cut') return bytes.subarray(0, from + 1);
  if (change.kind === 'drop') return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
}

async function readAll(
  bytes: Uint8Array,
  size: number,
): Promise<{ documents: SourceDocument[]; told: number }> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  let told = 0;
  const documents = await collect(['-'], {
    stdin: streamOf(...chunks),
    elements: true,
    maxDocumentBytes: 400,
    textSkipped: () => (told += 1),
  });
  return { documents, told };
}

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>({ kind: 'none' }),
  fc.record({
    kind: fc.constantFrom('cut' as const, 'drop' as const, 'repeat' as const),
    from: fc.nat(),
    length: fc.integer({ min: 1, max: 60 }),
  }),
);

describe('inputs that were cut, spliced and encoded otherwise', () => {
  it('are read to their end, and no document is lost without a word', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(...layouts),
        change,
        fc.constantFrom('utf8', 'le', 'be'),
        fc.integer({ min: 1, max: 300 }),
        async (count, layout, mutation, encoding, size) => {
          const texts = Array.from({ length: count }, (_, index) => marked(index));
          const bytes = changed(Buffer.from(layout(texts)), mutation);
          const wide = Buffer.from(`\ufeff${bytes.toString('utf8')}`, 'utf16le');
          const encoded = encoding === 'utf8' ? bytes : encoding === 'le' ? wide : wide.swap16();
          const { documents, told } = await readAll(encoded, size);
          const read = documents.flatMap((each) => (each.kind === 'document' ? [each.text] : []));
          const isSaid =
            told > 0 ||
            documents.some((each) =>
              each.kind === 'unreadable' ? true : each.warnings.some(({ code }) => code === 'TEXT_SKIPPED'),
            );
          const marks = texts.map((_, index) => `#${index}#`).filter((mark) => bytes.includes(mark));
          const lost = marks.filter((mark) => !read.some((text) => text.includes(mark)));
          if (lost.length > 0) expect(isSaid).toBe(true);
          if (mutation.kind === 'none') expect(lost).toEqual([]);
          expect(documents.length).toBeGreaterThan(0);
        },
      ),
      runs,
    );
  });
});
