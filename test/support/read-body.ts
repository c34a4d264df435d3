import type { ApiResponse } from '../../src/api/wire.ts';

/** The whole body of an answer as text. */
export async function readBody(answer: ApiResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
