import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { NamedInput } from '../../../src/documents/input-files.ts';
import { readDocuments } from '../../../src/documents/read-documents.ts';
import type { SourceDocument } from '../../../src/documents/source-document.ts';
import { RemedyError } from '../../../src/errors/remedy-error.ts';

const name = 'https://alerts.example.com/api/v2/alerts';

function named(open: () => Readable): NamedInput {
  return { name, open: () => Promise.resolve(open()) };
}

async function read(input: NamedInput): Promise<SourceDocument[]> {
  const documents: SourceDocument[] = [];
  for await (const document of readDocuments([input], { cwd: '/nowhere', stdin: Readable.from([]) })) {
    documents.push(document);
  }
  return documents;
}

describe('a named input', () => {
  it('is read as a file of its content, under its name', async () => {
    const documents = await read(
      named(() => Readable.from([Buffer.from('{"a":'), Buffer.from('1}\n{"b":2}')])),
    );
    expect(documents).toMatchObject([
      { kind: 'document', file: name, document: 0, line: 1, text: '{"a":1}' },
      { kind: 'document', file: name, document: 1, line: 2, text: '{"b":2}' },
    ]);
  });

  it('is unpacked where it is packed', async () => {
    const documents = await read(named(() => Readable.from([gzipSync('{"a":1}')])));
    expect(documents).toMatchObject([{ kind: 'document', text: '{"a":1}' }]);
  });

  it('that does not open is refused with the code and the hint of its error', async () => {
    const refusal = new RemedyError('CREDENTIALS_FAILED', 'the server wants a token', { hint: 'Give one.' });
    const documents = await read({ name, open: () => Promise.reject(refusal) });
    expect(documents).toMatchObject([
      {
        kind: 'unreadable',
        file: name,
        reason: {
          code: 'CREDENTIALS_FAILED',
          message: `${name}: the server wants a token`,
          hint: 'Give one.',
        },
      },
    ]);
  });

  it('that breaks off is refused behind what was read of it', async () => {
    const documents = await read(
      named(() =>
        Readable.from(
          (function* () {
            yield Buffer.from('{"a":1}\n{"b":');
            throw new Error('the connection was closed');
          })(),
        ),
      ),
    );
    expect(documents).toMatchObject([
      { kind: 'document', text: '{"a":1}' },
      { kind: 'unreadable', reason: { code: 'INPUT_UNREADABLE' } },
    ]);
  });

  it('is let go of when the consumer stops', async () => {
    const stream = Readable.from([Buffer.from('1 2 '), Buffer.from('3 ')]);
    for await (const document of readDocuments([named(() => stream)], {
      cwd: '/nowhere',
      stdin: Readable.from([]),
      format: 'json',
    })) {
      expect(document).toMatchObject({ text: '1' });
      break;
    }
    expect(stream.destroyed).toBe(true);
  });
});
