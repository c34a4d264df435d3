import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { RealClock } from '../../../src/time/real-clock.ts';
import { sharedPath } from '../shared.ts';

const program = path.resolve(import.meta.dirname, '../../../node_modules/@stoplight/prism-cli/dist/index.js');

export const hasPrism = existsSync(program);

export interface Prism {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Prism as a proxy in front of `upstream`, by a published document: a request that breaks it is answered with 422 and
 * goes no further, an answer that breaks it becomes a 500 which names the breach.
 */
export async function startPrism(contract: string, upstream: string): Promise<Prism> {
  const port = await freePort();
  const address = ['-h', '127.0.0.1', '-p', String(port)];
  // node itself: npx would leave the child behind
  const child = spawn(
    process.execPath,
    [program, 'proxy', ...address, '--errors', sharedPath('contracts', contract), upstream],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const url = `http://127.0.0.1:${port}`;
  await listening(child, url);
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          resolve();
        });
        child.kill('SIGKILL');
      }),
  };
}

async function listening(child: ChildProcess, url: string): Promise<void> {
  const clock = new RealClock();
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece: Buffer) => {
      said = (said + piece.toString('utf8')).slice(-4_000);
    });
  }
  for (const endMs = clock.monotonicMs() + 60_000; clock.monotonicMs() < endMs;) {
    if (child.exitCode !== null) break;
    if (said.includes('Prism is listening')) return;
    await clock.sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`prism does not listen on ${url}: ${said}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
