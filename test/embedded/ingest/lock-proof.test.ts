/** Each premise of the proof in SharedView and LeaseHistory, taken away once over a real store. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiResponse } from '../../../src/api/wire.ts';
import { NetworkError } from '../../../src/kube/api-error.ts';
import { leaseResource } from '../../../src/kube/well-known-resources.ts';
import { leaseName } from '../../../src/lease/lease-name.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import {
  decideOnce,
  fingerprintOf,
  namespace,
  openStoreBench,
  runContext,
  shortened,
  withDecider,
} from '../../support/ingest-context.ts';
import type { StoreBench } from '../../support/ingest-context.ts';

const patched = ['PATCH remediationrequests/NAME/status'];
const lease = { namespace, name: leaseName(fingerprintOf('a')) };
const consistentList = 'LIST remediationrequests';

describe('the proof that no list per signal is needed', () => {
  let bench: StoreBench;

  beforeEach(async () => {
    bench = await openStoreBench();
  });

  afterEach(() => bench.close());

  /** A second process: its requests go to the same store and are not recorded. */
  async function otherProcess(identity = { host: 'other', pid: 7 }): Promise<void> {
    const context = await runContext({ ...bench, send: bench.direct }, { identity });
    await withDecider(context, async (decider) => {
      const [item] = await decideOnce(decider, 'a');
      expect(item?.outcome).toBe('created');
    });
  }

  /** The watch of requests is open and says nothing. */
  function muteRequestWatch(): void {
    bench.intercept = async (request, pass) =>
      shortened(request) === 'WATCH remediationrequests' ? silent(await pass(request)) : pass(request);
  }

  it('knows its own create before the lease is released, however the watch lags', async () => {
    muteRequestWatch();
    const context = await runContext(bench, { bulk: true });
    await withDecider(context, async (decider) => {
      await decideOnce(decider, 'a');
      bench.sent.length = 0;
      const [item] = await decideOnce(decider, 'a');
      expect(item?.outcome).toBe('duplicate');
      expect(bench.sent).toEqual(patched);
    });
  });

  it.each([
    ['another machine', { host: 'other', pid: 7 }],
    ['a process with our host name and pid', { host: 'test', pid: 1 }],
  ])('lists once it has seen the lease of %s, and finds its request', async (_, identity) => {
    muteRequestWatch();
    const context = await runContext(bench, { bulk: true });
    await withDecider(context, async (decider) => {
      await decideOnce(decider, 'b');
      await otherProcess(identity);
      bench.sent.length = 0;
      const [item] = await decideOnce(decider, 'a');
      expect(item?.outcome).toBe('duplicate');
      expect(bench.sent).toContain(consistentList);
    });
  });

  it('lists for a lease that was there when the watch began', async () => {
    await bench.objects.create(leaseResource, heldBySomebody('2020-01-01T00:00:00.000000Z'));
    const context = await runContext(bench, { bulk: true });
    await withDecider(context, async (decider) => {
      await decideOnce(decider, 'b');
      bench.sent.length = 0;
      const [item] = await decideOnce(decider, 'a');
      expect(item?.outcome).toBe('created');
      expect(bench.sent.slice(0, 4)).toEqual([
        'POST leases',
        'GET leases/LOCK',
        'PUT leases/LOCK',
        consistentList,
      ]);
    });
  });

  it('needs no list after its own earlier locks', async () => {
    const context = await runContext(bench, { bulk: true });
    await withDecider(context, async (decider) => {
      const [first] = await decideOnce(decider, 'a');
      const name = first?.request?.name ?? '';
      await bench.objects.mergePatch(
        context.kind.resource,
        { namespace, name },
        { status: { overallPhase: 'Completed' } },
        { subresource: 'status' },
      );
      bench.sent.length = 0;
      let again = await decideOnce(decider, 'a');
      // The watch may not have shown the end yet: then the count conflicts, and the next look is the right one.
      if (again[0]?.outcome === 'duplicate') again = await decideOnce(decider, 'a');
      expect(again[0]?.outcome).toBe('created');
      expect(bench.sent).not.toContain(consistentList);
    });
  });

  it('adopts its own request when only the answer to the create was lost', async () => {
    let lost = 0;
    bench.intercept = async (request, pass) => {
      const answer = await pass(request);
      if (shortened(request) !== 'POST remediationrequests' || (lost += 1) > 1) return answer;
      throw new NetworkError('UNREACHABLE', 'reset', { errno: 'ECONNRESET' });
    };
    const context = await runContext(bench, { bulk: true });
    const [item] = await withDecider(context, (decider) => decideOnce(decider, 'a'));
    expect(item).toMatchObject({ outcome: 'created', attempts: 2, deduplication: { occurrenceCount: 1 } });
    expect(await leases()).toEqual([]);
  });

  it('leaves the lease of an unanswered create to expire, and lists when it comes back to it', async () => {
    bench.intercept = (request, pass) => {
      if (shortened(request) !== 'POST remediationrequests') return pass(request);
      return Promise.reject(new NetworkError('UNREACHABLE', 'reset', { errno: 'ECONNRESET' }));
    };
    const context = await runContext(bench, { bulk: true });
    await withDecider(context, async (decider) => {
      const [item] = await decideOnce(decider, 'a');
      expect(item).toMatchObject({ outcome: 'failed', error: { attempts: 3, retryable: true } });
      expect(item?.warnings?.map(({ code }) => code)).toEqual(['CREATION_UNCERTAIN']);
      expect(await leases()).toEqual([lease.name]);
      // Somebody removes the lease: nothing but our own doubt is left to ask for the list.
      await bench.objects.delete(leaseResource, lease);
      bench.intercept = undefined;
      bench.sent.length = 0;
      const [next] = await decideOnce(decider, 'a');
      expect(next?.outcome).toBe('created');
      expect(bench.sent).toContain(consistentList);
    });
  });

  it('starts again as a whole when the watch of leases is lost, the watch before the list', async () => {
    let cut: (() => void) | undefined;
    bench.intercept = async (request, pass) => {
      const answer = await pass(request);
      if (shortened(request) !== 'WATCH leases' || cut !== undefined) return answer;
      return failing(answer, (fail) => (cut = fail));
    };
    const notes: string[] = [];
    const context = await runContext(bench, { bulk: true, note: (text) => notes.push(text) });
    await withDecider(context, async (decider) => {
      await decideOnce(decider, 'b');
      bench.sent.length = 0;
      cut?.();
      await settled(() => notes.length > 0);
      expect(notes[0]).toContain('one by one');
      const [item] = await decideOnce(decider, 'a');
      expect(item).toMatchObject({ outcome: 'created', apiRequests: 6 });
      await settled(() => notes.length > 1);
      const restart = bench.sent.filter(
        (request) => request.startsWith('WATCH') || request === consistentList,
      );
      expect(restart.slice(-3)).toEqual(['WATCH leases', consistentList, 'WATCH remediationrequests']);
    });
  });

  it('restores the watch of requests by a list of its own, without the leases', async () => {
    let cut: (() => void) | undefined;
    bench.intercept = async (request, pass) => {
      const answer = await pass(request);
      if (shortened(request) !== 'WATCH remediationrequests' || cut !== undefined) return answer;
      return failing(answer, (fail) => (cut = fail));
    };
    const context = await runContext(bench, { bulk: true });
    await withDecider(context, async (decider) => {
      await decideOnce(decider, 'b');
      bench.sent.length = 0;
      cut?.();
      await settled(() => bench.sent.includes('WATCH remediationrequests'));
      expect(bench.sent).toEqual([consistentList, 'WATCH remediationrequests']);
      const [item] = await decideOnce(decider, 'a');
      expect(item?.apiRequests).toBe(4);
    });
  });

  it('resumes an ordinary close where it ended', async () => {
    let close: (() => void) | undefined;
    const resumed: string[] = [];
    bench.intercept = async (request, pass) => {
      if (shortened(request) === 'WATCH leases' && close !== undefined) resumed.push(request.path);
      const answer = await pass(request);
      if (shortened(request) !== 'WATCH leases' || close !== undefined) return answer;
      return closing(answer, (end) => (close = end));
    };
    const context = await runContext(bench, { bulk: true });
    await withDecider(context, async (decider) => {
      await decideOnce(decider, 'b');
      bench.sent.length = 0;
      close?.();
      await settled(() => resumed.length > 0);
      expect(resumed[0]).toMatch(/resourceVersion=[1-9]/);
      const [item] = await decideOnce(decider, 'a');
      expect(item?.apiRequests).toBe(4);
      expect(bench.sent).not.toContain(consistentList);
    });
  });

  it('goes the way of one signal while it may not watch, and says so once', async () => {
    bench.intercept = (request, pass) =>
      shortened(request) === 'WATCH leases' ? Promise.resolve(forbidden()) : pass(request);
    const notes: string[] = [];
    const context = await runContext(bench, { bulk: true, note: (text) => notes.push(text) });
    await withDecider(context, async (decider) => {
      const [first] = await decideOnce(decider, 'a');
      const [second] = await decideOnce(decider, 'b');
      expect([first?.apiRequests, second?.apiRequests]).toEqual([6, 6]);
      expect(notes).toHaveLength(1);
    });
  });

  it('does not trust a watch that has been silent for 90 seconds', async () => {
    const clock = new MockClock(Date.now());
    const context = await runContext(bench, { bulk: true, clock });
    await withDecider(context, async (decider) => {
      await decideOnce(decider, 'b');
      await clock.advance(90_001);
      const [item] = await decideOnce(decider, 'a');
      expect(item?.apiRequests).toBe(6);
    });
  });

  it('renews before the create when the lock is no longer safely ours', async () => {
    const clock = new MockClock(Date.now());
    bench.intercept = async (request, pass) => {
      const answer = await pass(request);
      // the second is the look at other fingerprints
      const lists = bench.sent.filter((sent) => sent === consistentList).length;
      if (shortened(request) === consistentList && lists === 1) await clock.advance(26_000);
      return answer;
    };
    const context = await runContext(bench, { clock });
    const [item] = await withDecider(context, (decider) => decideOnce(decider, 'a'));
    expect(item?.outcome).toBe('created');
    const place = (what: string): number => bench.sent.indexOf(what);
    expect(place('PUT leases/LOCK')).toBeGreaterThan(place(consistentList));
    expect(place('POST remediationrequests')).toBeGreaterThan(place('PUT leases/LOCK'));
  });

  it('a lease that is gone at the renewal is lost: nothing is created under it, and the lock is taken anew', async () => {
    const clock = new MockClock(Date.now());
    let stolen = false;
    bench.intercept = async (request, pass) => {
      const answer = await pass(request);
      if (shortened(request) !== consistentList || stolen) return answer;
      stolen = true;
      await clock.advance(26_000);
      await bench.objects.delete(leaseResource, lease);
      return answer;
    };
    const context = await runContext(bench, { clock });
    const [item] = await withDecider(context, (decider) => decideOnce(decider, 'a'));
    expect(item?.outcome).toBe('created');
    expect(bench.sent.filter((request) => request === 'POST leases')).toHaveLength(2);
    expect(bench.sent.filter((request) => request === 'POST remediationrequests')).toHaveLength(1);
    expect(await leases()).toEqual([]);
  });

  async function leases(): Promise<string[]> {
    const { items } = await bench.objects.list(leaseResource, { namespace });
    return items.map(({ metadata }) => metadata.name);
  }
});

function heldBySomebody(renewTime: string): Parameters<StoreBench['objects']['create']>[1] {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: lease,
    spec: { holderIdentity: 'gateway', leaseDurationSeconds: 30, acquireTime: renewTime, renewTime },
  };
}

function silent(answer: ApiResponse): ApiResponse {
  return closing(answer, () => undefined, { mute: true });
}

function closing(answer: ApiResponse, arm: (end: () => void) => void, { mute = false } = {}): ApiResponse {
  return interrupted(answer, {
    mute,
    arm: (end) => {
      arm(() => {
        end(undefined);
      });
    },
  });
}

function failing(answer: ApiResponse, arm: (fail: () => void) => void): ApiResponse {
  const reset = new NetworkError('UNREACHABLE', 'reset', { errno: 'ECONNRESET' });
  return interrupted(answer, {
    mute: false,
    arm: (end) => {
      arm(() => {
        end(reset);
      });
    },
  });
}

/** The body as it comes until it is ended from outside, in order or with an error. */
function interrupted(
  answer: ApiResponse,
  options: { mute: boolean; arm: (end: (cause: Error | undefined) => void) => void },
): ApiResponse {
  const ended = new Promise<{ cause: Error | undefined }>((resolve) => {
    options.arm((cause) => {
      resolve({ cause });
    });
  });
  async function* body(): AsyncGenerator<Uint8Array> {
    const source = answer.body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await Promise.race([source.next(), ended]);
        if ('cause' in next) {
          if (next.cause !== undefined) throw next.cause;
          return;
        }
        if (next.done === true) return;
        if (!options.mute) yield next.value;
      }
    } finally {
      void source.return?.();
    }
  }
  return { ...answer, body: body() };
}

function forbidden(): ApiResponse {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 403 };
  const message = 'leases.coordination.k8s.io is forbidden: User "jane" cannot watch resource "leases"';
  async function* body(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(JSON.stringify({ ...status, message, reason: 'Forbidden' })));
  }
  return { status: 403, headers: { 'content-type': 'application/json' }, body: body() };
}

async function settled(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !condition(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(condition()).toBe(true);
}
