import { constants, open } from 'node:fs';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';

/** For opening what may be a FIFO: without waiting for its writer, which would hold a thread that no signal can free. */
export const openWithoutWaiting = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** A FIFO, read through the event loop. Rejects with Node's errno errors. */
export async function openFifo(path: string): Promise<Socket> {
  return fifoOf(await promisify(open)(path, openWithoutWaiting));
}

/** The same of a descriptor that was opened without waiting; the stream closes it. */
export async function fifoOf(fd: number): Promise<Socket> {
  const { Socket: FifoSocket } = await import('node:net');
  return new FifoSocket({ fd, readable: true, writable: false });
}
