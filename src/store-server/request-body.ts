import type { IncomingMessage } from 'node:http';

/** As an API server has it. */
const limitBytes = 3 * 1024 * 1024;

export class BodyTooLarge extends Error {
  readonly limitBytes = limitBytes;
}

/** The whole body, empty where there is none. @throws BodyTooLarge, and whatever breaks the connection */
export async function readRequestBody(asked: IncomingMessage): Promise<string> {
  if (Number(asked.headers['content-length'] ?? 0) > limitBytes) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  // what is refused half-way is still to be answered on the same connection
  for await (const chunk of asked.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
