import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { KubeList, KubeObject } from '../../../src/api/objects.ts';
import { type ProgramResult, runProgram } from '../../support/built-program.ts';
import { alert, fingerprintOf, foreignLease, namespace, webhook } from '../../support/signals.ts';

/** Decisions are made by this time; nothing of a lease is. */
const now = '2026-11-20T12:00:00Z';
const nowMs = Date.parse(now);
const atMs = (ms: number): string => new Date(ms).toISOString().replace('.000', '');
const later = atMs(nowMs + 120_000);
const earlier = atMs(nowMs - 1_000);

interface Item {
  outcome: string;
  request?: { name: string };
  decision?: { reason: string; phase?: string; until?: string };
  deduplication?: { occurrenceCount: number };
  reason?: { code: string; message: string };
}

interface PriorStatus {
  phase?: string;
  outcome?: string;
  next?: string;
}

const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-scenarios-'));
const env = { HOME: home };
let stores = 0;

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** A store of its own with these objects in it, and what can be done with it. */
class Scenario {
  readonly flags = ['--target', 'embedded', '--store', path.join(home, `store-${(stores += 1)}`)];

  async given(...items: object[]): Promise<this> {
    const file = path.join(home, 'given.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const imported = await runProgram(['store', 'import', file, ...this.flags.slice(2)], { env });
    expect(imported.exitCode, imported.stderr).toBe(0);
    return this;
  }

  run(input: string, ...args: string[]): Promise<ProgramResult> {
    const argv = ['signal', 'ingest', '-', '-o', 'json', '--now', now, ...this.flags, ...args];
    return runProgram(argv, { env, input });
  }

  async ingest(...alerts: object[]): Promise<Item[]> {
    const { stdout } = await this.run(webhook(alerts));
    return (JSON.parse(stdout) as { items: Item[] }).items;
  }

  async objects(kind: string): Promise<KubeObject[]> {
    const { stdout } = await runProgram(['store', 'export', ...this.flags.slice(2)], { env });
    return (JSON.parse(stdout) as KubeList).items.filter((object) => object.kind === kind);
  }
}

function request(name: string, { phase, outcome, next }: PriorStatus): object {
  const details = {
    ...(outcome === undefined ? {} : { completionStatus: { outcome } }),
    ...(next === undefined ? {} : { routingStatus: { nextAllowedExecution: next } }),
  };
  return {
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: { name, namespace: 'kubernaut-system' },
    spec: {
      signalFingerprint: fingerprintOf('checkout'),
      signalName: 'Earlier',
      severity: 'warning',
      signalType: 'alert',
      signalSource: 'prometheus',
      targetType: 'kubernetes',
      targetResource: { kind: 'Deployment', name: 'checkout', namespace },
      firingTime: earlier,
      receivedTime: earlier,
    },
    status: { ...(phase === undefined ? {} : { overallPhase: phase }), ...details },
  };
}

describe('a request that is there already', () => {
  it('counts 1, 2, 3 on one request while it is Pending', async () => {
    const scenario = new Scenario();
    const seen: Item[] = [];
    for (let time = 0; time < 3; time += 1) seen.push(...(await scenario.ingest(alert('checkout'))));
    expect(seen.map(({ outcome }) => outcome)).toEqual(['created', 'duplicate', 'duplicate']);
    expect(seen.map(({ deduplication }) => deduplication?.occurrenceCount)).toEqual([1, 2, 3]);
    expect(new Set(seen.map((item) => item.request?.name)).size).toBe(1);
    expect(await scenario.objects('RemediationRequest')).toHaveLength(1);
  });

  const active = [
    'Pending',
    'Processing',
    'Analyzing',
    'AwaitingApproval',
    'Executing',
    'Verifying',
    'Blocked',
  ];
  const terminal = ['Completed', 'Failed', 'TimedOut', 'Skipped', 'Cancelled'];
  it.each<[PriorStatus, 'created' | 'duplicate', string]>([
    [{}, 'duplicate', 'active'],
    ...active.map((phase): [PriorStatus, 'duplicate', string] => [{ phase }, 'duplicate', 'active']),
    ...terminal.map((phase): [PriorStatus, 'created', string] => [{ phase }, 'created', 'none']),
    [{ phase: 'Failed', next: later }, 'duplicate', 'backoff'],
    [{ phase: 'Failed', next: earlier }, 'created', 'none'],
    [{ phase: 'Failed', next: now }, 'created', 'none'],
    [{ phase: 'Completed', outcome: 'ManualReviewRequired' }, 'duplicate', 'manualReview'],
    [{ phase: 'Failed', outcome: 'ManualReviewRequired', next: earlier }, 'duplicate', 'manualReview'],
    [{ phase: 'Completed', outcome: 'Remediated' }, 'created', 'none'],
  ])('with status %o: %s, for the reason %s', async (status, outcome, reason) => {
    const scenario = await new Scenario().given(request('rr-earlier', status));
    const [item] = await scenario.ingest(alert('checkout'));
    expect(item, JSON.stringify(item)).toMatchObject({ outcome, decision: { reason } });
    if (reason === 'backoff') expect(item?.decision?.until).toBe(later);
    if (outcome === 'duplicate') expect(item?.request?.name).toBe('rr-earlier');
    const made = await scenario.objects('RemediationRequest');
    expect(made).toHaveLength(outcome === 'created' ? 2 : 1);
    expect(await scenario.objects('Lease')).toEqual([]);
  });

  it('an active one is found behind an old manual review', async () => {
    const scenario = await new Scenario().given(
      request('rr-a-reviewed', { phase: 'Completed', outcome: 'ManualReviewRequired' }),
      request('rr-b-active', { phase: 'Executing' }),
    );
    const [item] = await scenario.ingest(alert('checkout'));
    expect(item).toMatchObject({ request: { name: 'rr-b-active' }, decision: { reason: 'active' } });
  });
});

describe('a lock that somebody has', () => {
  it('and never releases: a time-out after ten tries, exit 5, nothing made, the lock kept', async () => {
    const scenario = await new Scenario().given(foreignLease('checkout', Date.now() + 20_000));
    const { exitCode, stdout } = await scenario.run(webhook([alert('checkout')]));
    expect(exitCode).toBe(5);
    const [item] = (JSON.parse(stdout) as { items: Item[] }).items;
    expect(item).toMatchObject({ outcome: 'failed', reason: { code: 'LOCK_TIMEOUT' } });
    expect(item?.reason?.message).toContain('lock acquisition timeout after 10 attempts');
    expect(await scenario.objects('RemediationRequest')).toEqual([]);
    expect(await scenario.objects('Lease')).toMatchObject([{ spec: { holderIdentity: 'gateway-0' } }]);
  });

  it('and keeps is the outcome of a dry run and of an explanation too: wouldWait, exit 5', async () => {
    const scenario = await new Scenario().given(foreignLease('checkout', Date.now(), -7_200));
    const dry = await scenario.run(webhook([alert('checkout'), alert('cart')]), '--dry-run');
    expect(dry.exitCode).toBe(4);
    const told = JSON.parse(dry.stdout) as { items: Item[]; summary: object };
    expect(told.summary).toMatchObject({ total: 2, wouldWait: 1, wouldCreate: 1 });
    expect(told.items[0]).toMatchObject({
      outcome: 'wouldWait',
      reason: { code: 'LOCK_TIMEOUT' },
      lock: {
        namespace: 'kubernaut-system',
        holder: 'gateway-0',
        until: expect.stringMatching(/Z$/) as string,
      },
    });
    const explain = ['signal', 'explain', '-', '-o', 'json', ...scenario.flags];
    const input = webhook([alert('checkout')]);
    const explained = await runProgram(explain, { env, input });
    expect(explained.exitCode).toBe(5);
    expect(JSON.parse(explained.stdout)).toMatchObject({
      outcome: 'wouldWait',
      reason: { code: 'LOCK_TIMEOUT' },
      lock: { holder: 'gateway-0' },
    });
    const patient = await runProgram([...explain, '--lock-wait', '5h'], { env, input });
    expect(JSON.parse(patient.stdout)).toMatchObject({ outcome: 'wouldCreate' });
  });

  it('and under which a request appears: a duplicate of it', async () => {
    const scenario = await new Scenario().given(foreignLease('checkout', Date.now() + 20_000));
    const waiting = scenario.run(webhook([alert('checkout')]), '--lock-wait', '20s');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await scenario.given(request('rr-theirs', { phase: 'Pending' }));
    const { exitCode, stdout } = await waiting;
    expect(exitCode).toBe(0);
    expect((JSON.parse(stdout) as { items: Item[] }).items).toMatchObject([
      { outcome: 'duplicate', request: { name: 'rr-theirs' } },
    ]);
    expect(await scenario.objects('Lease')).toHaveLength(1);
  });

  it('and has not renewed for 35 s: taken over', async () => {
    const scenario = await new Scenario().given(foreignLease('checkout', Date.now(), 35));
    expect(await scenario.ingest(alert('checkout'))).toMatchObject([{ outcome: 'created' }]);
    expect(await scenario.objects('Lease')).toEqual([]);
  });
});

describe('signals of one batch', () => {
  it('about one resource under several names at once make one request, counted exactly', async () => {
    const scenario = new Scenario();
    const alerts = Array.from({ length: 60 }, (_, index) =>
      alert('checkout', { labels: { alertname: `Alert${index % 7}` } }),
    );
    const items = await scenario.ingest(...alerts);
    expect(items.map(({ outcome }) => outcome)).toEqual([
      'created',
      ...alerts.slice(1).map(() => 'duplicate'),
    ]);
    expect(items.map(({ deduplication }) => deduplication?.occurrenceCount)).toEqual(
      alerts.map((_, index) => index + 1),
    );
    expect(await scenario.objects('RemediationRequest')).toMatchObject([
      { status: { deduplication: { occurrenceCount: alerts.length } } },
    ]);
  });

  it('a resolved, a stale and a broken one do not keep the others from going on', async () => {
    const scenario = new Scenario();
    const future = atMs(nowMs + 600_000);
    const { exitCode, stdout } = await scenario.run(
      webhook([
        alert('a'),
        alert('b', { status: 'resolved' }),
        alert('c', { startsAt: future }),
        alert('d', { labels: { alertname: '' } }),
        alert('e', { startsAt: atMs(nowMs - 7_200_000) }),
      ]),
      '--enforce-freshness',
    );
    expect(exitCode).toBe(4);
    const { items } = JSON.parse(stdout) as { items: Item[] };
    expect(items.map(({ outcome, reason }) => reason?.code ?? outcome)).toEqual([
      'created',
      'RESOLVED_ALERT',
      'STALE',
      'INVALID_FIELD',
      'created',
    ]);
  });
});
