import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { eventResource } from '../../../src/kube/well-known-resources.ts';
import type { KubeObject } from '../../../src/api/objects.ts';
import { openHttpSend, type HttpSend } from '../../support/http-send.ts';
import { startControlPlane, type ControlPlane } from '../control-plane.ts';
import { FollowedRun, managedWorkloads, warningEvent } from './followed-run.ts';

/** REMEDYCTL_FOLLOW_MINUTES=10 is what the performance page has its figures from. */
const minutes = Number(process.env['REMEDYCTL_FOLLOW_MINUTES'] ?? 1);
const workloads = 30;
const everyMs = 200;
/** The API server is killed in the middle: what comes then waits for it. */
const awayMs = 3_000;

interface Figures {
  events: number;
  /** Of the quarters of the run, and the most. */
  rssMiB: { quarters: number[]; most: number };
  lagMs: { p50: number; p99: number; most: number };
}

describe(`a stream of ${minutes} min`, () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-minutes-'));
  let plane: ControlPlane;
  let api: HttpSend;

  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.applyCrd();
    await plane.kubectl(['apply', '-f', '-'], JSON.stringify(managedWorkloads(workloads)));
    const certificateAuthority = readFileSync(plane.certificateAuthorityFile);
    api = openHttpSend({ server: plane.server, token: plane.tokens.admin, certificateAuthority });
  }, 180_000);
  afterAll(async () => {
    await api.close();
    await plane.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it(
    'holds its memory, and has an outcome of each event soon after it',
    async () => {
      const checkpoint = path.join(home, 'events.json');
      const metrics = path.join(home, 'metrics.prom');
      const files = ['--checkpoint', checkpoint, '--metrics-file', metrics];
      const run = new FollowedRun(['signal', 'ingest', '--follow', 'events', ...files, '-o', 'jsonl'], {
        KUBECONFIG: plane.kubeconfig,
        HOME: home,
      });
      await run.watches(checkpoint);
      const { postedMs, rssMiB, restarted } = await postEvents(run);
      await run.until('the last outcome', () => run.names().length >= postedMs.size);
      expect(await run.stop('SIGTERM')).toEqual({ exitCode: 143, signal: null });
      expect(run.names().toSorted()).toEqual([...postedMs.keys()].toSorted());
      expect(run.lines.at(-1)?.summary).toMatchObject({
        total: postedMs.size,
        created: workloads,
        failed: 0,
      });
      const figures = figuresOf(run, { postedMs, rssMiB, restarted });
      console.log(JSON.stringify(figures));
      expect(figures.rssMiB.most).toBeLessThan(200);
      const [, second = 0, , last = 0] = figures.rssMiB.quarters;
      expect(last - second).toBeLessThan(20);
      expect(figures.lagMs.p50).toBeLessThan(1_000);
      expect(readFileSync(metrics, 'utf8')).toMatch(/^remedyctl_signal_lag_seconds \S+$/m);
    },
    (minutes + 5) * 60_000,
  );

  async function postEvents(run: FollowedRun): Promise<{
    postedMs: Map<string, number>;
    rssMiB: number[];
    restarted: { fromMs: number; toMs: number };
  }> {
    const objects = new ObjectAccess(api.send);
    const postedMs = new Map<string, number>();
    const rssMiB: number[] = [];
    const beganMs = Date.now();
    const endMs = beganMs + minutes * 60_000;
    const restarted = { fromMs: 0, toMs: 0 };
    for (let nth = 0; Date.now() < endMs; nth += 1) {
      if (restarted.fromMs === 0 && Date.now() > (beganMs + endMs) / 2) {
        restarted.fromMs = Date.now();
        await plane.restartServer(awayMs);
        restarted.toMs = Date.now() + 5_000;
      }
      const name = `Unhealthy-${nth}`;
      const event = warningEvent(name, `app-${nth % workloads}`) as KubeObject;
      postedMs.set(name, Date.now());
      await objects.create(eventResource, {
        ...event,
        metadata: { ...event.metadata, name: `event-${nth}` },
      });
      if (nth % 5 === 0) rssMiB.push(rssOf(run.child.pid));
      await pause(everyMs);
    }
    return { postedMs, rssMiB, restarted };
  }
});

function rssOf(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

function figuresOf(
  run: FollowedRun,
  facts: { postedMs: Map<string, number>; rssMiB: number[]; restarted: { fromMs: number; toMs: number } },
): Figures {
  const { postedMs, rssMiB, restarted } = facts;
  const lags = run.lines.flatMap(({ signal }, place) => {
    const atMs = postedMs.get(signal?.signalName ?? '');
    if (atMs === undefined || (atMs > restarted.fromMs - 1_000 && atMs < restarted.toMs)) return [];
    return [(run.cameMs[place] ?? 0) - atMs];
  });
  lags.sort((one, other) => one - other);
  const quarter = Math.floor(rssMiB.length / 4);
  return {
    events: postedMs.size,
    rssMiB: {
      quarters: [0, 1, 2, 3].map((nth) => mean(rssMiB.slice(nth * quarter, (nth + 1) * quarter))),
      most: Math.round(Math.max(...rssMiB)),
    },
    lagMs: {
      p50: lags[Math.floor(lags.length * 0.5)] ?? 0,
      p99: lags[Math.floor(lags.length * 0.99)] ?? 0,
      most: lags.at(-1) ?? 0,
    },
  };
}

function mean(values: readonly number[]): number {
  return Math.round(values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1));
}
