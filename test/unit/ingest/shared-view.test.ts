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

  async *#stream(events: string[], signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
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
          signal?.addEventListener('abort', () => {
            resolve();
          });
        });
    }
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function object(resourceVersion: string): KubeObject {
  const metadata = { namespace: 'ops', name: 'rr-1', uid: 'u1', resourceVersion };
  return {
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: resource.kind,
    metadata,
    spec: { signalFingerprint: 'f' },
  };
}

function summary(resourceVersion: string): RequestSummary {
  return { fingerprint: 'f', namespace: 'ops', name: 'rr-1', uid: 'u1', resourceVersion, phase: '' };
}

describe('own writes in the shared view', () => {
  const clock = new MockClock();
  const notes: string[] = [];
  let view: SharedView;

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
    await clock.advance(1_500);
    expect(view.isLive()).toBe(true);
  });

  it('stays live when a write changed nothing, so that no event follows', async () => {
    const server = new WatchedServer();
    server.listed = [object('9')];
    await open(server);
    view.noteOwnWrite(summary('9'));
    await clock.advance(1_500);
    expect(view.isLive()).toBe(true);
  });

  it('stays live when the event comes within a second', async () => {
    const server = new WatchedServer();
    await open(server);
    view.noteOwnWrite(summary('11'));
    await clock.advance(900);
    await server.show('ADDED', object('11'));
    await clock.advance(900);
    expect(view.isLive()).toBe(true);
  });

  it('breaks when the watch has shown an older state only for more than a second', async () => {
    const server = new WatchedServer();
    await open(server);
    await server.show('ADDED', object('11'));
    view.noteOwnWrite(summary('12'));
    await clock.advance(1_500);
    expect(view.isLive()).toBe(false);
    await settle();
    expect(notes).toEqual([expect.stringContaining('did not show our own write within a second')]);
  });
});
