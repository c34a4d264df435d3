import { setTimeout as pause } from 'node:timers/promises';
import type { ApiRequest, Send } from '../../src/api/wire.ts';
import type { ServedRequestKind } from '../../src/kube/discovery.ts';
import { serverDiscovery } from '../../src/kube/discovery.ts';
import { NetworkError } from '../../src/kube/api-error.ts';
import { ObjectAccess } from '../../src/kube/object-access.ts';
import { LeaseLock } from '../../src/lease/lease-lock.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { SystemRandom } from '../../src/time/system-random.ts';
import { decideOnce, runContext, withDecider } from './ingest-context.ts';
import { readBody } from './read-body.ts';
import { Orchestrator } from './storm-orchestrator.ts';

export interface Storm {
  /** The API without faults. */
  send: Send;
  /** Where requests and leases live; nobody else writes there. */
  namespace: string;
  /** Until the writers begin nothing new, milliseconds. */
  lastsMs: number;
  /** How many of the writers' requests for RemediationRequests meet a fault, 0 to 1. */
  faultRate: number;
  /** Beside which somebody sets phases and completes requests. */
  orchestrated: boolean;
}

export interface StormFigures {
  /** Signals whose count was reported as written. */
  acknowledged: number;
  /** All of `occurrenceCount` together. */
  counted: number;
  /** Acknowledged on a request whose count is lower. */
  lost: number;
  /** Statuses of which a field that somebody else had written was gone, or its phase moved back. */
  wiped: string[];
  requests: number;
  /** Created at the second attempt or later: most of them found after an answer was lost. */
  retried: number;
  faults: number;
  failed: number;
}

const writers = 8;
/** Resources that the alerts are about at a time: few, so that the writers meet. */
const window = 4;
const decisionsPerResource = 10;

/**
 * Processes of ours, half of them with the shared view, over connections that break before a request, after it, or
 * let it arrive late; and what is then stored, against what they were told.
 */
export async function countStorm(storm: Storm): Promise<StormFigures> {
  const kind = await serverDiscovery(storm.send).remediationRequests();
  const direct = new ObjectAccess(storm.send);
  const orchestrator = new Orchestrator(direct, kind, storm.namespace, storm.orchestrated);
  await orchestrator.start();
  const tally = { acknowledged: new Map<string, number>(), retried: 0, faults: 0, failed: 0, decisions: 0 };
  const endsMs = Date.now() + storm.lastsMs;
  const late: Promise<unknown>[] = [];

  const faulty: Send = async (request) => {
    const fault = request.path.includes('watch=true') ? undefined : drawFault(request, storm.faultRate);
    if (fault === undefined) return storm.send(request);
    tally.faults += 1;
    if (fault === 'lost') await readBody(await storm.send(request));
    if (fault === 'late') {
      // Whoever sent it no longer waits: what it answers, and whether it does, is nobody's concern.
      late.push(
        pause(Math.random() * 150)
          .then(() => storm.send({ ...request, signal: new AbortController().signal }))
          .then(readBody)
          .catch(() => undefined),
      );
    }
    throw new NetworkError('UNREACHABLE', 'read ECONNRESET', { errno: 'ECONNRESET' });
  };

  const write = async (writer: number): Promise<void> => {
    const objects = new ObjectAccess(faulty);
    const identity = { host: 'storm', pid: writer };
    const given = { namespace: storm.namespace, clock: new RealClock(), random: new SystemRandom() };
    const lock = new LeaseLock({ ...given, objects, identity });
    const bench = { send: faulty, direct: storm.send, objects, sent: [], intercept: undefined };
    const close = (): Promise<void> => Promise.resolve();
    const changes = { kind, lock, namespace: storm.namespace, leaseNamespace: storm.namespace };
    const context = await runContext(
      { ...bench, send: storm.send, close },
      { ...changes, bulk: writer % 2 === 0 },
    );
    await withDecider(
      { ...context, send: faulty, lockWaitMs: 1_000, signalTimeoutMs: 10_000 },
      async (decider) => {
        while (Date.now() < endsMs) {
          const first = Math.floor((tally.decisions += 1) / decisionsPerResource);
          const about = `storm-${first + Math.floor(Math.random() * window)}`;
          const items = await decideOnce(decider, about, 1 + Math.floor(Math.random() * 3));
          for (const { outcome, request, deduplication, attempts = 1 } of items) {
            if (outcome === 'failed') tally.failed += 1;
            if (outcome === 'created' && attempts > 1) tally.retried += 1;
            if (request === undefined || deduplication?.persisted !== true) continue;
            tally.acknowledged.set(request.name, (tally.acknowledged.get(request.name) ?? 0) + 1);
          }
        }
      },
    );
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  await Promise.all(late);
  await orchestrator.stop();
  const stored = await storedCounts(direct, kind, storm.namespace);
  const { acknowledged, retried, faults, failed } = tally;
  const lost = [...acknowledged].map(([name, count]) => Math.max(0, count - (stored.get(name) ?? 0)));
  return {
    acknowledged: sum(acknowledged.values()),
    counted: sum(stored.values()),
    lost: sum(lost),
    wiped: orchestrator.wiped,
    requests: stored.size,
    retried,
    faults,
    failed,
  };
}

/** A lease whose answers are lost is met again by its holder's id; one that was not sent would stand in the way for 30 s. */
function drawFault({ path }: ApiRequest, rate: number): 'unsent' | 'lost' | 'late' | undefined {
  if (Math.random() >= rate) return undefined;
  if (!path.includes('/remediationrequests')) return path.includes('/leases') ? 'lost' : undefined;
  const drawn = Math.random();
  if (drawn < 0.5) return 'lost';
  return drawn < 0.75 ? 'unsent' : 'late';
}

async function storedCounts(
  objects: ObjectAccess,
  kind: ServedRequestKind,
  namespace: string,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const page of objects.listPages(kind.resource, { namespace })) {
    for (const object of page.items) {
      const status = object['status'] as { deduplication?: { occurrenceCount?: number } } | undefined;
      counts.set(object.metadata.name, status?.deduplication?.occurrenceCount ?? 0);
    }
  }
  return counts;
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, one) => total + one, 0);
}
