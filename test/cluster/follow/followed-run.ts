import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { program } from '../../support/measured-program.ts';

export interface FollowedLine {
  outcome?: string;
  signal?: { signalName: string };
  deduplication?: { occurrenceCount: number };
  summary?: Record<string, unknown>;
}

/** How a process ended. */
export interface FollowedEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

/** For what has to come sooner or later, however busy the machine is. */
const patienceMs = 90_000;

/** A program that follows events, and prints jsonl. */
export class FollowedRun {
  readonly lines: FollowedLine[] = [];
  /** When each of the lines came, `Date.now()`. */
  readonly cameMs: number[] = [];
  stderr = '';
  readonly child: ChildProcess;
  readonly ended: Promise<FollowedEnd>;
  #rest = '';

  constructor(args: readonly string[], env: Record<string, string>) {
    this.child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#take(text);
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (exitCode, signal) => {
        resolve({ exitCode, signal });
      });
    });
  }

  /** Waits for it, or says what there is instead. */
  async until(what: string, isThere: () => boolean): Promise<void> {
    const endMs = Date.now() + patienceMs;
    while (!isThere()) {
      if (Date.now() > endMs || this.child.exitCode !== null) {
        throw new Error(`${what}: not there; ${JSON.stringify(this.lines.slice(-3))}\n${this.stderr}`);
      }
      await pause(20);
    }
  }

  /** Events that come from now on are taken. */
  async watches(checkpoint: string): Promise<void> {
    await this.until('the checkpoint', () => placeIn(checkpoint) !== undefined);
  }

  async outcomeOf(signalName: string): Promise<FollowedLine> {
    const find = (): FollowedLine | undefined =>
      this.lines.find(({ signal }) => signal?.signalName === signalName);
    await this.until(signalName, () => find() !== undefined);
    return find() as FollowedLine;
  }

  names(): string[] {
    return this.lines.flatMap(({ signal }) => (signal === undefined ? [] : [signal.signalName]));
  }

  async stop(name: NodeJS.Signals): Promise<FollowedEnd> {
    this.child.kill(name);
    return this.ended;
  }

  #take(text: string): void {
    const [...whole] = `${this.#rest}${text}`.split('\n');
    this.#rest = whole.pop() ?? '';
    for (const line of whole) {
      this.lines.push(JSON.parse(line) as FollowedLine);
      this.cameMs.push(Date.now());
    }
  }
}

export function placeIn(checkpoint: string): string | undefined {
  if (!existsSync(checkpoint)) return undefined;
  return (JSON.parse(readFileSync(checkpoint, 'utf8')) as { resourceVersion?: string }).resourceVersion;
}

/** A Warning event about a deployment. */
export function warningEvent(
  reason: string,
  workload: string,
  { namespace = 'shop', type = 'Warning' } = {},
): object {
  const at = `${new Date().toISOString().slice(0, 19)}Z`;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: `${workload}.`, namespace },
    type,
    reason,
    message: 'it does not answer',
    involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name: workload, namespace },
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
    source: { component: 'kubelet' },
  };
}

export function managedWorkloads(count: number, namespace = 'shop'): object {
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kubernaut-system' } },
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'kubernaut.ai/managed': 'true' } },
    },
    ...Array.from({ length: count }, (_, nth) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `app-${nth}`, namespace },
      spec: {
        selector: { matchLabels: { app: `app-${nth}` } },
        template: {
          metadata: { labels: { app: `app-${nth}` } },
          spec: { containers: [{ name: 'main', image: 'none' }] },
        },
      },
    })),
  ];
  return { apiVersion: 'v1', kind: 'List', items };
}
