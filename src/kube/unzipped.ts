import type { ApiResponse } from '../api/wire.ts';
import { NetworkError } from './api-error.ts';
import { networkFailure } from './network-failure.ts';

/** Unpacked at a time; with Node's own 16 KiB a page of a list would take dozens of turns. */
const pieceBytes = 128 * 1024;

/** The answer with a gzip body unpacked as it is read; any other answer as it is. */
export function unzipped(response: ApiResponse, server: string): ApiResponse {
  if (response.headers['content-encoding'] !== 'gzip') return response;
  const headers = { ...response.headers };
  delete headers['content-encoding'];
  delete headers['content-length'];
  return { ...response, headers, body: unzip(response.body, server) };
}

async function* unzip(body: AsyncIterable<Uint8Array>, server: string): AsyncGenerator<Uint8Array> {
  const [{ pipeline, Readable }, { createGunzip }] = await Promise.all([
    import('node:stream'),
    import('node:zlib'),
  ]);
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  pipeline(Readable.from(body), gunzip, () => {
    // A failure of either side reaches the loop below through gunzip.
  });
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (thrown) {
    throw thrown instanceof NetworkError ? thrown : networkFailure(thrown, server);
  }
}
