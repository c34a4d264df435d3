import type { IncomingMessage } from 'node:http';

/** As an API server has it. */
const limitBytes = 3 * 1024 * 1024;

export class BodyTooLarge extends Error {
  readonly limitBytes = limitBytes;
}

export interface RequestBody {
  /** Empty where there is none. */
  text: string;
  contentType: string | undefined;
}

const protobufType = 'application/vnd.kubernetes.protobuf';

/** The whole body, protobuf as JSON where it can be. @throws BodyTooLarge, MalformedBody, and whatever breaks the connection */
export async function readRequestBody(asked: IncomingMessage): Promise<RequestBody> {
  const bytes = await readBytes(asked);
  const contentType = asked.headers['content-type'];
  if (contentType?.split(';')[0]?.trim().toLowerCase() === protobufType) {
    const { jsonOfProtobuf } = await import('./protobuf-body.ts');
    const text = jsonOfProtobuf(bytes);
    if (text !== undefined) return { text, contentType: 'application/json' };
  }
  return { text: bytes.toString('utf8'), contentType };
}

async function readBytes(asked: IncomingMessage): Promise<Buffer> {
  if (Number(asked.headers['content-length'] ?? 0) > limitBytes) throw new BodyTooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  // what is refused half-way is still to be answered on the same connection
  for await (const chunk of asked.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
