import type { ApiResponse } from '../../src/api/wire.ts';

/** A Status of the API server that refuses. */
export function refused(code: number, reason: string, message = `refused: ${reason}`): ApiResponse {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message };
  async function* body(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(JSON.stringify(status)));
  }
  return { status: code, headers: { 'content-type': 'application/json' }, body: body() };
}
