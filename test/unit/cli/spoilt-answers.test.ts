/** Whatever a server answers, a command ends, and not as a bug. */
import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { alert, webhook } from '../../support/signals.ts';
import { CommandLine, type Ran } from './command-line.ts';
import { spoilt } from './nonsense.ts';
import { fingerprint, readableObjects } from './spoilt-objects.ts';
import { SpoiltServer } from './spoilt-server.ts';

const rounds = Number(process.env['REMEDYCTL_FUZZ_ROUNDS'] ?? 6);
const seed = Number(process.env['REMEDYCTL_FUZZ_SEED'] ?? 1);
/** After this the command is told to stop, as by Ctrl-C; watches have no other end. */
const stopAfterMs = 600;

const input = webhook([alert('checkout')]);

const commands: readonly (readonly string[])[] = [
  ['request', 'list'],
  ['request', 'list', '-o', 'wide', '-A'],
  ['request', 'get', 'one'],
  ['request', 'get', 'two', '-o', 'yaml'],
  ['request', 'watch'],
  ['request', 'ack', 'two', '--yes'],
  ['dedup', 'list'],
  ['dedup', 'list', '-o', 'json'],
  ['dedup', 'show', fingerprint],
  ['lease', 'list', '-o', 'wide'],
  ['lease', 'get', fingerprint],
  ['lease', 'watch'],
  ['lease', 'doctor', '-o', 'json'],
  ['lease', 'acquire', fingerprint, '--yes'],
  ['lease', 'renew', fingerprint, '--yes'],
  ['lease', 'release', fingerprint, '--yes', '--force'],
  ['signal', 'ingest', 'alerts.json', '--yes', '--signal-timeout', '1s', '--lock-wait', '1s'],
  ['signal', 'ingest', 'alerts.json', '--yes', '--bulk', '--signal-timeout', '1s'],
  ['signal', 'explain', 'alerts.json'],
  ['signal', 'normalize', 'alerts.json'],
  ['doctor'],
  ['doctor', '-o', 'json'],
  ['version'],
];

const line = new CommandLine();
let server: SpoiltServer;

beforeAll(async () => {
  server = await SpoiltServer.start(path.join(line.home, 'behind'));
  server.store.importObjects(readableObjects as never);
  writeFileSync(path.join(line.home, 'alerts.json'), input);
  const kubeconfig = path.join(line.home, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'here', cluster: { server: server.url } }],
    contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
    users: [{ name: 'me', user: {} }],
    'current-context': 'here',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  line.env = { KUBECONFIG: kubeconfig };
});

afterAll(async () => {
  await server.stop();
  line.remove();
});

async function run(argv: readonly string[]): Promise<Ran> {
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
  }, stopAfterMs);
  try {
    return await line.run([...argv, '--request-timeout', '1s'], {
      signal: stop.signal,
      interruption: () => (stop.signal.aborted ? 'SIGINT' : undefined),
    });
  } finally {
    clearTimeout(timer);
  }
}

describe('a server that answers nonsense', () => {
  it.each(commands.map((argv) => [argv.join(' '), argv] as const))(
    'is no bug of %s',
    async (name, argv) => {
      for (let round = 0; round < rounds; round += 1) {
        const random = new SeededRandom(seed * 10_000 + round);
        const rate = 0.1 + 0.5 * random.next();
        const said: string[] = [];
        server.spoil = (text, { method, url }) => {
          const answer = random.next() < rate ? spoilt(text, random) : text;
          said.push(`${method} ${url} ${answer.slice(0, 2000)}`);
          return answer;
        };
        const { code, stderr } = await run(argv);
        expect(code, `${name}, round ${round}\n${stderr}\n${said.join('\n')}`).not.toBe(70);
      }
    },
    120_000,
  );
});
