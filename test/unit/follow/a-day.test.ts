import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/objects.ts';
import type { ApiRequest, Send } from '../../../src/api/wire.ts';
import type { IngestItem } from '../../../src/ingest/ingest-item.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { eventResource, namespaceResource } from '../../../src/kube/well-known-resources.ts';
import { usualRequestResource } from '../../../src/kube/discovery.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../../../src/store/embedded-store.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { FaultSend } from '../../support/fault-send.ts';
import { statusFault, type FaultRule } from '../../support/fault-server.ts';
import { withSlowTests } from '../../support/slow-tests.ts';
import { SimulatedRun } from '../../support/follow/simulated-run.ts';
import { SimulatedTime } from '../../support/follow/simulated-time.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const workloads = 30;
/** With the slow tests a whole day, else as much of it as has some of everything. */
const hours = withSlowTests ? 24 : 4;
/** How long an API server keeps events. */
const eventLifeMs = hour;

const deployments = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  singular: 'deployment',
  kind: 'Deployment',
  namespaced: true,
};

describe(`a stream of ${hours} hours`, { timeout: 600_000 }, () => {
  let directory: string;
  let time: SimulatedTime;
  let store: EmbeddedStore;
  let server: FaultSend;
  let objects: ObjectAccess;
  let random: SeededRandom;
  let run: SimulatedRun;
  const runs: SimulatedRun[] = [];
  const items: IngestItem[] = [];
  /** Events that were made of each workload, and when the last fault was over. */
  const made = new Map<string, number>();
  let lateMs: number[] = [];
  let calmFromMs = 0;
  let floor = 0;
  let events = 0;

  beforeEach(async () => {
    directory = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'remedyctl-day-'));
    time = new SimulatedTime(Date.UTC(2026, 7, 22, 12));
    random = new SeededRandom(7);
    store = await openEmbeddedStore({
      directory: path.join(directory, 'store'),
      clock: time.ofLoneStore,
      random,
      namespaces: ['kubernaut-system'],
    });
    const behind: Send = (request) => time.work(() => store.send(request));
    server = new FaultSend(behind, { clock: time });
    objects = new ObjectAccess(behind);
    const labels = { 'kubernaut.ai/managed': 'true' };
    await objects.create(namespaceResource, { metadata: { name: 'shop', labels } });
    for (let nth = 0; nth < workloads; nth += 1) await objects.create(deployments, deployment(`app-${nth}`));
    runs.length = 0;
    items.length = 0;
    made.clear();
    lateMs = [];
    calmFromMs = 0;
    floor = 0;
    events = 0;
  });
  afterEach(async () => {
    run.stop();
    run.kill();
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function start(): void {
    run = new SimulatedRun({
      send: server.send,
      clock: time,
      directory,
      seed: runs.length + 1,
      onItem: (item) => {
        items.push(item);
        const postedMs = Number(item.signal?.signalName.split('-').at(-1));
        if (postedMs >= calmFromMs) lateMs.push(time.monotonicMs() - postedMs);
      },
    });
    runs.push(run);
  }

  /** What is measured of a quiet server begins so long after this. */
  function disturb(forMs: number): void {
    calmFromMs = Math.max(calmFromMs, time.monotonicMs() + forMs);
  }

  async function post(): Promise<void> {
    const name = `app-${Math.floor(random.next() * workloads)}`;
    events += 1;
    made.set(name, (made.get(name) ?? 0) + 1);
    const event = eventOf(name, events, time);
    await objects.create(eventResource, event);
    time.plan(time.monotonicMs() + eventLifeMs, async () => {
      await objects.delete(eventResource, event.metadata);
    });
  }

  /** A stream of events for so long: one every other minute, and many at once now and then. */
  function planEvents(forMs: number): void {
    for (let atMs = minute; atMs < forMs; atMs += random.next() * 4 * minute) time.plan(atMs, post);
    for (let atMs = 20 * minute; atMs < forMs; atMs += 3 * hour) {
      for (let nth = 0; nth < 80; nth += 1) time.plan(atMs + 10 * nth, post);
    }
  }

  /** Every so often, until then; at `offset` first. */
  function every(ms: number, offset: number, forMs: number, act: () => void | Promise<void>): void {
    for (let atMs = offset; atMs < forMs; atMs += ms) time.plan(atMs, act);
  }

  /** The API server is started anew: refused, then it does not know yet who may do what, and has forgotten old versions. */
  async function restartServer(): Promise<void> {
    disturb(4 * minute);
    const awayMs = 5 * second + random.next() * 80 * second;
    server.rules = [{ fault: { kind: 'reset' } }];
    server.dropConnections();
    await forget();
    time.plan(time.monotonicMs() + awayMs, () => {
      server.rules = [{ path: /\/events\?/, fault: statusFault(403) }, ...forgotten];
    });
    time.plan(time.monotonicMs() + awayMs + 7 * second, () => {
      server.rules = forgotten;
    });
  }

  async function forget(): Promise<void> {
    const { metadata } = await objects.list(namespaceResource);
    floor = Number(metadata.resourceVersion);
    server.rules = [...server.rules.filter((rule) => !forgotten.includes(rule)), ...forgotten];
  }

  /** As an API server answers a watch from a version that it remembers no more. */
  const forgotten: FaultRule[] = [
    {
      watch: true,
      path: /\/events\?/,
      nth: (_, { url }) => Number(/resourceVersion=(\d+)/.exec(url)?.[1]) < floor,
      fault: {
        kind: 'answer',
        status: 200,
        body: `${JSON.stringify({
          type: 'ERROR',
          object: {
            kind: 'Status',
            apiVersion: 'v1',
            metadata: {},
            status: 'Failure',
            reason: 'Expired',
            code: 410,
          },
        })}\n`,
      },
    },
  ];

  function shed(): void {
    disturb(2 * minute);
    server.rules = [
      { path: /\/events\?/, nth: (nth) => nth % 2 === 1, fault: statusFault(429, 1) },
      { path: /\/events\?/, fault: statusFault(503) },
    ];
    server.dropConnections();
    time.plan(time.monotonicMs() + 30 * second, () => {
      server.rules = forgotten;
    });
  }

  /** In order, with a pause before the next one. */
  async function restartRun(): Promise<void> {
    disturb(12 * minute);
    const old = run;
    old.stop();
    await time.pass(time.monotonicMs() + 20 * second, () => old.isEnded);
    expect(old.isEnded).toBe(true);
    await old.ended;
    time.plan(time.monotonicMs() + random.next() * 10 * minute, start);
  }

  /** In the middle of signals: just after one was counted, and before anybody could write that down. */
  async function killRun(): Promise<void> {
    disturb(12 * minute);
    const old = run;
    old.killAfter(1 + Math.floor(random.next() * 5), isCounting);
    for (let nth = 0; nth < 12; nth += 1) await post();
    await time.pass(time.monotonicMs() + minute, () => !old.isAlive);
    expect(old.isAlive).toBe(false);
    time.plan(time.monotonicMs() + random.next() * 5 * minute, start);
  }

  function inFlightAt(one: SimulatedRun): number {
    const told = one.said.map((text) => /^(\d+) signals? (?:was|were) in flight/.exec(text)?.[1]);
    return Number(told.find((count) => count !== undefined) ?? 0);
  }

  async function countsByName(): Promise<Map<string, number>> {
    const { items: requests } = await objects.list(usualRequestResource, { namespace: 'kubernaut-system' });
    return new Map(requests.map((request) => [targetOf(request), countOf(request)]));
  }

  it('loses and repeats nothing, whatever becomes of the API server, and is restarted in order', async () => {
    const day = hours * hour;
    planEvents(day);
    every(41 * minute, 13 * minute, day, restartServer);
    every(3 * hour, 50 * minute, day, forget);
    every(17 * minute, 5 * minute, day, () => {
      disturb(minute);
      server.dropConnections();
    });
    every(5 * hour, hour + 7 * minute, day, shed);
    every(4 * hour, 95 * minute, day, restartRun);
    start();
    await time.pass(day + 30 * minute);
    expect(new Set(items.map(({ outcome }) => outcome))).toEqual(new Set(['created', 'duplicate']));
    expect(await countsByName()).toEqual(made);
    expect(items).toHaveLength(events);
    expect(events).toBeGreaterThan(40 * hours);
    expect(runs.map(inFlightAt)).toEqual(runs.map(() => 0));
    expect(lateMs.length).toBeGreaterThan(10 * hours);
    expect(Math.max(...lateMs)).toBeLessThanOrEqual(second);
    expectSmallCheckpoint();
  });

  it('repeats at most what was in flight when it is killed, and says how many', async () => {
    const day = Math.min(hours, 6) * hour;
    planEvents(day);
    every(41 * minute, 13 * minute, day, restartServer);
    every(47 * minute, 31 * minute, day, killRun);
    start();
    await time.pass(day + 30 * minute);
    const counts = await countsByName();
    const inFlight = runs.map(inFlightAt);
    const repeated = [...made].map(([name, count]) => (counts.get(name) ?? 0) - count);
    expect(Math.min(...repeated)).toBeGreaterThanOrEqual(0);
    const sum = repeated.reduce((one, other) => one + other, 0);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(inFlight.reduce((one, other) => one + other, 0));
    expect(inFlight.filter((count) => count > 0)).toHaveLength(runs.length - 1);
    expect(Math.max(...inFlight)).toBeLessThanOrEqual(64);
    expectSmallCheckpoint();
  });

  /** What is remembered is what there is, and no more. */
  function expectSmallCheckpoint(): void {
    const file = path.join(directory, 'checkpoint.json');
    const { seen } = JSON.parse(readFileSync(file, 'utf8')) as { seen: unknown[] };
    expect(seen.length).toBeLessThan(400);
    expect(statSync(file).size).toBeLessThan(40_000);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }
});

function deployment(name: string): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'none' }] } },
    },
  };
}

/** Its reason says when it was made. */
function eventOf(
  workload: string,
  nth: number,
  time: SimulatedTime,
): KubeObject & { metadata: { namespace: string } } {
  const at = `${new Date(time.now()).toISOString().slice(0, 19)}Z`;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${workload}.${nth}`, namespace: 'shop' },
    type: 'Warning',
    reason: `Unhealthy-${Math.round(time.monotonicMs())}`,
    message: 'it does not answer',
    involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name: workload, namespace: 'shop' },
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  };
}

const isCounting = ({ method, path: target }: ApiRequest): boolean =>
  (method === 'PATCH' || method === 'PUT') && target.includes('/status');

function targetOf(request: KubeObject): string {
  return (request['spec'] as { targetResource: { name: string } }).targetResource.name;
}

function countOf(request: KubeObject): number {
  return (request['status'] as { deduplication: { occurrenceCount: number } }).deduplication.occurrenceCount;
}
