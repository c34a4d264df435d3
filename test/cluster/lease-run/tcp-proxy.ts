import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * `pass`: bytes go through. `refuse`: connections are cut and new ones refused at once. `hold`: connections stay
 * and nothing comes through, until it passes again and what was held arrives late, as of a server that was stopped.
 */
type Mode = 'pass' | 'refuse' | 'hold';

export interface TcpProxy {
  port: number;
  mode(next: Mode): void;
  close(): Promise<void>;
}

/** A loopback port that leads to another one, while it lets it. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let mode: Mode = 'pass';
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((near) => {
    if (mode === 'refuse') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(target);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (chunk: Buffer) => to.write(chunk));
      from
        .on('error', () => undefined)
        .on('close', () => {
          pairs.delete(pair);
          to.destroy();
        });
      if (mode === 'hold') from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mode(next) {
      mode = next;
      for (const socket of [...pairs].flat()) {
        if (next === 'refuse') socket.resetAndDestroy();
        else if (next === 'hold') socket.pause();
        else socket.resume();
      }
    },
    async close() {
      for (const socket of [...pairs].flat()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
