import { afterEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/objects.ts';
import type { ApiRequest, ApiResponse } from '../../../src/api/wire.ts';
import { SharedView } from '../../../src/ingest/shared-view.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import type { RequestSummary } from '../../../src/request/request-summary.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';

const resource = {
  group: 'kubernaut.ai',
  version: 'v1alpha1',
  plural: 'remediationrequests',
  singular: 'remediationrequest',
  kind: 'RemediationRequest',
  namespaced: true,
};

function response(body: AsyncIterable<Uint8Array>): ApiResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

async function* once(value: unknown): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(JSON.stringify(value)));
}

/** A server of which the test decides when a watch of requests shows something. */
class WatchedServer {
  listed: KubeObject[] = [];
  readonly #events: string[] = [];
  #wake: () => void = () => undefined;

  readonly send = (request: ApiRequest): Promise<ApiResponse> => {
    if (!request.path.includes('watch=true')) {
      const list = { kind: 'List', metadata: { resourceVersion: '10' }, items: this.listed };
      return Promise.resolve(response(once(list)));
    }
    const events = request.path.includes('remediationrequests') ? this.#events : [];
    return Promise.resolve(response(this.#stream(events, request.signal)));
  };

  async show(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): Promise<void> {
    this.#events.push(`${JSON.stringify({ type, object })}\n`);
    this.#wake();
    await settle();
  }

  /** The version from which the requests are watched has expired. */
  async endWithExpiry(): Promise<void> {
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 };
    this.#events.push(`${JSON.stringify({ type: 'ERROR', object: { ...status, message: 'too old' } })}\n`);
    this.#wake();
    await settle();
  }

  async *#stream(events: string[], signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    signal?.addEventListener('abort', () => {
      this.#wake();
    });
    while (signal?.aborted !== true) {
      const next = events.shift();
      if (next !== undefined) yield Buffer.from(next);
      else
        await new Promise<void>((resolve) => {
          const before = this.#wake;
          this.#wake = () => {
            before();
            resolve();
          };
        });
    }
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function object(resourceVersion: string, uid = 'u1'): KubeObject {
  const metadata = { namespace: 'ops', name: `rr-${uid}`, uid, resourceVersion };
  return {
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: resource.kind,
    metadata,
    spec: { signalFingerprint: 'f' },
  };
}

function summary(resourceVersion: string): RequestSummary {
  return { fingerprint: 'f', namespace: 'ops', name: 'rr-u1', uid: 'u1', resourceVersion, phase: '' };
}

/** Time that passes while the process gets no processor: nobody wakes in it. */
class StallingClock extends MockClock {
  #stalledMs = 0;

  override monotonicMs(): number {
    return super.monotonicMs() + this.#stalledMs;
  }

  stall(ms: number): void {
    this.#stalledMs += ms;
  }
}

describe('own writes in the shared view', () => {
  const clock = new StallingClock();
  const notes: string[] = [];
  let view: SharedView;

  /** Time in which the loop comes round and reads its sockets. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      await clock.advance(Math.min(left, 50));
      await settle();
    }
  }

  async function open(server: WatchedServer): Promise<void> {
    notes.length = 0;
    view = new SharedView({
      access: {
        objects: new ObjectAccess(server.send),
        kind: { resource, statusLayout: 'nested', hasField: () => true },
        namespace: 'ops',
      },
      leaseNamespace: 'locks',
      clock,
      note: (message) => notes.push(message),
      tell: () => undefined,
    });
    await view.ready();
  }

  afterEach(async () => {
    await view.close();
  });

  it('stays live when the event came before the answer', async () => {
    const server = new WatchedServer();
    await open(server);
    await server.show('ADDED', object('11'));
    view.noteOwnWrite(summary('11'));
    await pass(1_500);
    expect(view.isLive()).toBe(true);
  });

  it('stays live when a write changed nothing, so that no event follows', async () => {
    const server = new WatchedServer();
    server.listed = [object('9')];
    await open(server);
    view.noteOwnWrite(summary('9'));
    await pass(1_500);
    expect(view.isLive()).toBe(true);
  });

  it('stays live when the event comes within a second', async () => {
    const server = new WatchedServer();
    await open(server);
    view.noteOwnWrite(summary('11'));
    await pass(900);
    await server.show('ADDED', object('11'));
    await pass(900);
    expect(view.isLive()).toBe(true);
  });

  it('stays live while the watch brings other events, however late ours is of them', async () => {
    const server = new WatchedServer();
    await open(server);
    view.noteOwnWrite(summary('15'));
    for (const version of ['11', '12', '13', '14', '15']) {
      await pass(900);
      expect(view.isLive()).toBe(true);
      await server.show('ADDED', object(version));
    }
    await pass(20_000);
    expect(view.isLive()).toBe(true);
  });

  it('breaks when the watch brings others only for ten seconds', async () => {
    const server = new WatchedServer();
    await open(server);
    view.noteOwnWrite(summary('15'));
    for (let events = 0; events < 19; events += 1) {
      await pass(500);
      expect(view.isLive()).toBe(true);
      await server.show('MODIFIED', object('11', 'other'));
    }
    await pass(500);
    expect(view.isLive()).toBe(false);
  });

  it('stays live while the process gets no processor: what waits in the socket has not been read', async () => {
    const server = new WatchedServer();
    await open(server);
    view.noteOwnWrite(summary('11'));
    await pass(850);
    clock.stall(60_000);
    expect(view.isLive()).toBe(true);
    await pass(100);
    await server.show('ADDED', object('11'));
    await pass(2_000);
    expect(view.isLive()).toBe(true);
  });

  it('owes nothing of a request that a new list no longer shows', async () => {
    const server = new WatchedServer();
    await open(server);
    view.noteOwnWrite(summary('9'));
    await server.endWithExpiry();
    await pass(20_000);
    expect([view.isLive(), notes]).toEqual([true, [expect.stringContaining('listing again')]]);
  });

  it('says at once that a lease will not be seen when the view breaks for another reason', async () => {
    const server = new WatchedServer();
    await open(server);
    view.history.begin('lock', 'a/1/1');
    const seen = view.sawOwnLease('a/1/1');
    await view.close();
    expect(await seen).toBe(false);
  });

  it('breaks when the watch of leases does not show our own lock', async () => {
    const server = new WatchedServer();
    await open(server);
    view.history.begin('lock', 'a/1/1');
    const seen = view.sawOwnLease('a/1/1');
    await pass(900);
    expect(view.isLive()).toBe(true);
    await pass(200);
    expect([await seen, view.isLive()]).toEqual([false, false]);
  });

  it('breaks when the watch has shown an older state only for more than a second', async () => {
    const server = new WatchedServer();
    await open(server);
    await server.show('ADDED', object('11'));
    view.noteOwnWrite(summary('12'));
    await pass(1_500);
    expect(view.isLive()).toBe(false);
    await settle();
    expect(notes).toEqual([expect.stringContaining('did not show our own write within a second')]);
  });
});
