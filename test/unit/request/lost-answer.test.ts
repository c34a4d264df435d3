import { describe, expect, it } from 'vitest';
import type { ApiRequest, ApiResponse, Send } from '../../../src/api/wire.ts';
import { NetworkError } from '../../../src/kube/api-error.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { repeatedSend } from '../../../src/kube/repeated-send.ts';
import { usualRequestResource } from '../../../src/kube/discovery.ts';
import { recordDuplicateSettling } from '../../../src/request/record-occurrence.ts';
import type { RequestAccess } from '../../../src/request/request-access.ts';
import { summarizeRequest } from '../../../src/request/request-fields.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';

const lost = (wasKept: boolean): NetworkError =>
  new NetworkError('UNREACHABLE', 'the connection was reset', { errno: 'ECONNRESET', wasKept });

/** One request, counted under optimistic locking, whose writers managedFields name as kube-apiserver does. */
class OneRequest {
  count = 1;
  version = 1;
  writer = 'gateway';
  patches = 0;

  write(writer: string): void {
    this.count += 1;
    this.version += 1;
    this.writer = writer;
  }

  readonly send: Send = (request) => {
    if (request.method === 'GET') return Promise.resolve(answer(200, this.object()));
    this.patches += 1;
    const patch = JSON.parse(request.body ?? '') as {
      metadata: { resourceVersion: string };
      status: { deduplication: { occurrenceCount: number } };
    };
    if (patch.metadata.resourceVersion !== String(this.version)) {
      return Promise.resolve(
        answer(409, { kind: 'Status', code: 409, reason: 'Conflict', message: 'changed' }),
      );
    }
    this.version += 1;
    this.count = patch.status.deduplication.occurrenceCount;
    this.writer = new URL(request.path, 'http://server').searchParams.get('fieldManager') ?? 'remedyctl';
    return Promise.resolve(answer(200, this.object()));
  };

  object() {
    const fieldsV1 = { 'f:status': { 'f:deduplication': { 'f:occurrenceCount': {} } } };
    return {
      metadata: {
        name: 'rr-1',
        namespace: 'n',
        uid: 'u1',
        resourceVersion: String(this.version),
        managedFields: [{ manager: this.writer, operation: 'Update', subresource: 'status', fieldsV1 }],
      },
      spec: {},
      status: { deduplication: { occurrenceCount: this.count, lastSeenAt: '2026-08-22T12:00:00Z' } },
    };
  }
}

function answer(status: number, body: object): ApiResponse {
  return {
    status,
    headers: {},
    body: (async function* () {
      yield await Promise.resolve(Buffer.from(JSON.stringify(body)));
    })(),
  };
}

/** Counts one duplicate; `onPatch` decides what becomes of each PATCH. */
async function countOne(
  stored: OneRequest,
  onPatch: (nth: number, request: ApiRequest) => Promise<ApiResponse>,
) {
  const clock = new MockClock();
  const random = new SeededRandom(1);
  let patches = 0;
  const once: Send = (request) =>
    request.method === 'PATCH' ? onPatch((patches += 1), request) : stored.send(request);
  const send = repeatedSend(once, { clock, random, requestTimeoutMs: 60_000 });
  const access: RequestAccess = {
    objects: new ObjectAccess(send),
    kind: { resource: usualRequestResource, statusLayout: 'nested', hasField: () => true },
    namespace: 'n',
    writer: 'remedyctl-1',
  };
  const result = await clock.runUntil(
    recordDuplicateSettling(access, summarizeRequest(stored.object()), {
      occurrences: 1,
      nowMs: clock.now(),
      clock,
      random,
      deadlineMonotonicMs: 30_000,
      stillDuplicate: () => true,
    }),
  );
  return { result, patches };
}

describe('a count whose answer is lost', () => {
  it.each([true, false])('counts once where it had arrived, on a kept connection: %s', async (wasKept) => {
    const stored = new OneRequest();
    const { result } = await countOne(stored, async (nth, request) => {
      const response = await stored.send(request);
      if (nth === 1) throw lost(wasKept);
      return response;
    });
    expect(result).toMatchObject({ kind: 'recorded', persisted: true, occurrenceCount: 2 });
    expect(stored.count).toBe(2);
  });

  it('counts once where every answer to a write is lost', async () => {
    const stored = new OneRequest();
    const { result } = await countOne(stored, async (_nth, request) => {
      await stored.send(request);
      throw lost(false);
    });
    expect(result).toMatchObject({ kind: 'recorded', occurrenceCount: 2 });
    expect(stored.count).toBe(2);
  });

  it('is not taken for that of another writer who wrote the same number', async () => {
    const stored = new OneRequest();
    const { result } = await countOne(stored, async (nth, request) => {
      if (nth > 1) return stored.send(request);
      stored.write('remedyctl-2');
      throw lost(true);
    });
    expect(result).toMatchObject({ kind: 'recorded', occurrenceCount: 3 });
    expect(stored.count).toBe(3);
  });

  it('counts as not persisted, with the reason, where nothing can be read any more', async () => {
    const stored = new OneRequest();
    const gone = new NetworkError('UNREACHABLE', 'refused', { errno: 'ECONNREFUSED' });
    const down: Send = () => Promise.reject(gone);
    const clock = new MockClock();
    const access: RequestAccess = {
      objects: new ObjectAccess((request) =>
        request.method === 'PATCH' ? Promise.reject(lost(false)) : down(request),
      ),
      kind: { resource: usualRequestResource, statusLayout: 'nested', hasField: () => true },
      namespace: 'n',
      writer: 'remedyctl-1',
    };
    const random = new SeededRandom(1);
    const options = { occurrences: 1, nowMs: 0, clock, random, deadlineMonotonicMs: 30_000 };
    const result = await clock.runUntil(
      recordDuplicateSettling(access, summarizeRequest(stored.object()), {
        ...options,
        stillDuplicate: () => true,
      }),
    );
    expect(result).toMatchObject({ kind: 'unrecorded', occurrenceCount: 1 });
    expect((result as { error: Error }).error.message).toContain('the connection was reset');
  });
});
