import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommandLine, type Ran, type RunOptions } from '../unit/cli/command-line.ts';
import type { SendItem, SendSummary } from '../../src/send/send-item.ts';
import { FakeGateway, type FakeGatewayOptions } from './fake-gateway.ts';
import { gatewayObjects } from './gateway-objects.ts';
import { serveStore, type ServedStore } from './served-store.ts';

/** A gateway, the cluster that it works on, and command lines that know both. */
export interface SendBench {
  gateway: FakeGateway;
  cluster: ServedStore;
  line: CommandLine;
  /** A file in the home folder of the command lines. */
  file(name: string, text: string): string;
  send(words: readonly string[], options?: RunOptions): Promise<SentRun>;
  close(): Promise<void>;
}

export interface SentRun extends Ran {
  items: SendItem[];
  summary: SendSummary;
}

const goodToken = 'good-token';

export async function openSendBench(options: Partial<FakeGatewayOptions> = {}): Promise<SendBench> {
  const cluster = await serveStore({ namespaces: ['kubernaut-system'] });
  cluster.put(gatewayObjects);
  const gateway = await new FakeGateway({
    send: cluster.send,
    tokens: {
      [goodToken]: { user: 'system:serviceaccount:kubernaut-system:alertmanager', mayCreate: true },
      'of-nobody': { user: 'jane', mayCreate: false },
    },
    ...options,
  }).start();
  const line = new CommandLine();
  line.env = { KUBECONFIG: cluster.kubeconfig };
  const file = (name: string, text: string): string => {
    const at = path.join(line.home, name);
    writeFileSync(at, text);
    chmodSync(at, 0o600);
    return at;
  };
  const token = file('token', `  ${goodToken}\n`);
  return {
    gateway,
    cluster,
    line,
    file,
    async send(words, run = {}) {
      const named = words.includes('--gateway') ? [] : ['--gateway', gateway.url];
      const secret = words.some((word) => /^--(token|service)-/.test(word)) ? [] : ['--token-file', token];
      const ran = await line.run(['signal', 'send', ...words, ...named, ...secret, '-o', 'json'], run);
      const printed = JSON.parse(ran.stdout || '{"items":[]}') as Pick<SentRun, 'items' | 'summary'>;
      return { ...ran, items: printed.items, summary: printed.summary };
    },
    async close() {
      await gateway.stop();
      await cluster.close();
      line.remove();
    },
  };
}
