import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KubeObject } from '../../src/api/objects.ts';
import type { ApiRequest, Send } from '../../src/api/wire.ts';
import type { IngestItem } from '../../src/ingest/ingest-item.ts';
import type { ReadySignal } from '../../src/ingest/ready-signal.ts';
import type { RunContext } from '../../src/ingest/run-context.ts';
import { SignalDecider } from '../../src/ingest/signal-decider.ts';
import { serverDiscovery } from '../../src/kube/discovery.ts';
import { ObjectAccess } from '../../src/kube/object-access.ts';
import { LeaseLock } from '../../src/lease/lease-lock.ts';
import { CircuitBreaker } from '../../src/retry/circuit-breaker.ts';
import { creationRetry } from '../../src/retry/retry-policy.ts';
import { openEmbeddedStore } from '../../src/store/embedded-store.ts';
import type { Clock } from '../../src/time/clock.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { SystemRandom } from '../../src/time/system-random.ts';

export const namespace = 'kubernaut-system';

/** A store on disk of its own, with every request that went to it, and a place to interfere. */
export interface StoreBench {
  send: Send;
  /** The same store, neither recorded nor interfered with. */
  direct: Send;
  objects: ObjectAccess;
  /** `POST leases`, `PATCH remediationrequests/rr-…/status`, in the order of sending. */
  sent: string[];
  /** Set to come between: gets the request and what would answer it. */
  intercept: ((request: ApiRequest, pass: Send) => ReturnType<Send>) | undefined;
  close(): Promise<void>;
}

/** A bench that takes objects as they are. */
export interface OpenStoreBench extends StoreBench {
  put(objects: readonly KubeObject[]): void;
}

export async function openStoreBench(clock: Clock = new RealClock()): Promise<OpenStoreBench> {
  const directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-ingest-'));
  const store = await openEmbeddedStore({
    directory,
    clock,
    random: new SystemRandom(),
    namespaces: [namespace],
  });
  const bench: OpenStoreBench = {
    send: (request) => {
      bench.sent.push(shortened(request));
      return bench.intercept === undefined ? store.send(request) : bench.intercept(request, store.send);
    },
    direct: store.send,
    objects: new ObjectAccess(store.send),
    put: (objects) => {
      store.importObjects(objects);
    },
    sent: [],
    intercept: undefined,
    close: async () => {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return bench;
}

/** Method, then the path without API group and namespace; `LIST` and `WATCH` for what GET does to many. */
export function shortened({ method, path: target }: ApiRequest): string {
  const url = new URL(target, 'http://store');
  const place = url.pathname.replace(/^.*\/namespaces\/[^/]+\//, '').replace(/rr-[^/]+/, 'NAME');
  const many = !place.includes('/');
  const verb = method !== 'GET' || !many ? method : url.searchParams.has('watch') ? 'WATCH' : 'LIST';
  const version = url.searchParams.get('resourceVersion') === '0' ? '?0' : '';
  return `${verb} ${place.replace(/gw-lock-\w+/, 'LOCK')}${verb === 'LIST' ? version : ''}`;
}

export async function runContext(
  bench: StoreBench,
  { identity, ...changes }: Partial<RunContext> & { identity?: { host: string; pid: number } } = {},
): Promise<RunContext> {
  const clock = changes.clock ?? new RealClock();
  const kind = await serverDiscovery(bench.send).remediationRequests();
  bench.sent.length = 0;
  return {
    send: bench.send,
    kind,
    namespace,
    leaseNamespace: namespace,
    clock,
    decisionClock: clock,
    random: new SystemRandom(),
    lock: new LeaseLock({
      objects: bench.objects,
      namespace,
      clock,
      random: new SystemRandom(),
      identity: identity ?? { host: 'test', pid: 1 },
    }),
    breaker: new CircuitBreaker({ clock }),
    creationPolicy: creationRetry,
    signalTimeoutMs: 30_000,
    managedBy: 'remedyctl',
    bulk: false,
    note: () => undefined,
    ...changes,
  };
}

export function fingerprintOf(name: string): string {
  return createHash('sha256').update(`prod:Deployment:${name}`).digest('hex');
}

export function readySignal(name: string, index = 0): ReadySignal {
  return {
    scope: { skipped: false },
    item: {
      source: { file: 'test.json', document: 0, index },
      outcome: 'normalized',
      resolution: 'resource',
      ownerChain: [`Deployment/${name}`],
      signal: {
        fingerprint: fingerprintOf(name),
        signalName: 'KubePodCrashLooping',
        severity: 'warning',
        signalType: 'alert',
        signalSource: 'prometheus',
        namespace: 'prod',
        resource: { kind: 'Deployment', name, namespace: 'prod', apiVersion: 'apps/v1' },
        labels: {},
        annotations: {},
        receivedTime: '2026-08-22T12:00:00Z',
      },
      warnings: [],
      originalPayload: () => ({ text: '{}' }),
    },
  };
}

/** Decides `times` signals of one resource as one group. */
export function decideOnce(decider: SignalDecider, name: string, times = 1): Promise<IngestItem[]> {
  const signals = Array.from({ length: times }, (_, index) => readySignal(name, index));
  return decider.decide(fingerprintOf(name), signals);
}

export async function withDecider<T>(
  context: RunContext,
  use: (decider: SignalDecider) => Promise<T>,
  stop: AbortSignal = new AbortController().signal,
): Promise<T> {
  const decider = new SignalDecider(context, stop);
  try {
    return await use(decider);
  } finally {
    await decider.close();
  }
}
