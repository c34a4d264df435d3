import { fstatSync } from 'node:fs';
import type { OutputStream } from './runtime.ts';

/**
 * Whether a write failed because nobody reads there any more: the pipe was closed, or the terminal hung up. EIO of
 * anything but a terminal is a failing disk.
 */
export function isReaderGone(error: NodeJS.ErrnoException, stream: OutputStream): boolean {
  switch (error.code) {
    case 'EPIPE':
    case 'ERR_STREAM_DESTROYED':
    case 'ERR_STREAM_WRITE_AFTER_END':
      return true;
    case 'EIO':
      return stream.isTTY === true || isCharacterDevice(stream);
    default:
      return false;
  }
}

/** A terminal that had hung up before the program began is no terminal to Node. */
function isCharacterDevice(stream: OutputStream): boolean {
  const { fd } = stream as { fd?: number };
  try {
    return fd !== undefined && fstatSync(fd).isCharacterDevice();
  } catch {
    return false;
  }
}
