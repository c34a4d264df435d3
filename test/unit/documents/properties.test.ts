import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect, streamOf, valuesOf } from './reading.ts';

const json = fc.jsonValue({ maxDepth: 5 });
const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

/** The bytes cut at the given places, so that any cut falls inside escapes, characters and marks. */
function cut(bytes: Buffer, sizes: number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });

describe('whatever the chunks', () => {
  it('JSON values read back equal, however they are laid out and joined', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(json, fc.nat(2), space)), sizes, async (parts, chunkSizes) => {
        const text = parts
          .map(([value, indent, gap]) => `${JSON.stringify(value, null, indent)}${gap}\n`)
          .join('');
        const stdin = streamOf(...cut(Buffer.from(text), chunkSizes));
        const documents = await collect(['-'], { stdin, format: 'json' });
        const expected = parts.map(([value]) => JSON.parse(JSON.stringify(value)) as unknown);
        expect(text.trim() === '' ? [] : valuesOf(documents)).toEqual(expected);
      }),
    );
  });

  it('objects and arrays need nothing between them', async () => {
    const structure = fc.oneof(fc.array(json), fc.dictionary(fc.string(), json));
    await fc.assert(
      fc.asyncProperty(fc.array(structure, { minLength: 1 }), sizes, async (values, chunkSizes) => {
        const text = values.map((value) => JSON.stringify(value)).join('');
        const documents = await collect(['-'], { stdin: streamOf(...cut(Buffer.from(text), chunkSizes)) });
        expect(valuesOf(documents)).toEqual(
          values.map((value) => JSON.parse(JSON.stringify(value)) as unknown),
        );
      }),
    );
  });

  it('a cut line of an object costs no other line', async () => {
    const object = fc.dictionary(fc.string(), json, { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(
        object,
        fc.double({ min: 0, max: 1, noNaN: true }),
        sizes,
        async (value, share, chunkSizes) => {
          const line = JSON.stringify(value);
          const characters = Array.from(line);
          const kept = characters.slice(0, 1 + Math.floor(share * (characters.length - 2))).join('');
          const text = `{"n":1}\n${kept}\n{"n":2}\n{"n":3}\n`;
          const documents = await collect(['-'], { stdin: streamOf(...cut(Buffer.from(text), chunkSizes)) });
          const read = documents.flatMap((each) => (each.kind === 'document' ? [each.text] : []));
          expect(read).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
          expect(documents).toHaveLength(4);
        },
      ),
    );
  });

  it.each(['json', 'yaml', 'auto'] as const)('damaged bytes never crash the %s reader', async (format) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(json, { minLength: 1 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(255))),
        fc.nat(),
        async (values, damage, length) => {
          const bytes = Buffer.from(values.map((value) => JSON.stringify(value, null, 1)).join('\n---\n'));
          for (const [at, byte] of damage) bytes[at % bytes.length] = byte;
          const content = bytes.subarray(0, 1 + (length % bytes.length));
          const documents = await collect(['-'], { stdin: streamOf(content), format, maxDocumentBytes: 200 });
          expect(documents).not.toHaveLength(0);
          expect(documents.map(({ document }) => document)).toEqual(documents.map((_, index) => index));
        },
      ),
    );
  });
});

interface Sample {
  text: string;
  duplicates: boolean;
}

function sampleObject(members: [string, Sample][]): Sample {
  const keys = new Set(members.map(([key]) => key));
  return {
    text: `{${members.map(([key, { text }]) => `${JSON.stringify(key)}:${text}`).join(',')}}`,
    duplicates: keys.size < members.length || members.some(([, { duplicates }]) => duplicates),
  };
}

describe('duplicate keys', () => {
  it('are warned about exactly when there are some', async () => {
    const key = fc.constantFrom('a', 'b', '__proto__', 'é":', '0', 'constructor');
    const leaf = fc
      .constantFrom('1', '":"', '[]', 'null', '"\\u0022:"')
      .map((text) => ({ text, duplicates: false }));
    const { object } = fc.letrec<{ object: Sample; array: Sample; value: Sample }>((tie) => ({
      object: fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map(sampleObject),
      array: tie('value').map(({ text, duplicates }) => ({ text: `[0, ${text}]`, duplicates })),
      value: fc.oneof({ maxDepth: 4 }, leaf, tie('object'), tie('array')),
    }));
    await fc.assert(
      fc.asyncProperty(object, async ({ text, duplicates }) => {
        const [document] = await collect(['-'], { stdin: streamOf(text) });
        const warned = document?.kind === 'document' && document.warnings.length > 0;
        expect(warned).toBe(duplicates);
      }),
    );
  });
});
