import type { ReadOptions } from './read-documents.ts';

/** How the text of a webhook or an event that is at hand is read: `inputs` and `read` of whatever reads documents. */
export function givenText(text: string): { inputs: readonly string[]; read: ReadOptions } {
  return { inputs: ['-'], read: { cwd: '/', stdin: oneChunk(text) } };
}

// eslint-disable-next-line @typescript-eslint/require-await -- what reads it takes an asynchronous iteration
async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
