import { describe, expect, it } from 'vitest';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import {
  recordDuplicate,
  recordDuplicateSettling,
  recordFirstOccurrence,
} from '../../../src/request/record-occurrence.ts';
import type { RequestAccess } from '../../../src/request/request-access.ts';
import { summarizeRequest } from '../../../src/request/request-fields.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { hasShared, readVectors } from '../../support/shared.ts';
import type { InjectedAnswer } from '../lease/tiny-api.ts';
import { TinyApi } from '../lease/tiny-api.ts';
import { servedKind } from './served-kind.ts';

const namespace = 'kubernaut-system';
const name = 'rr-x';
const conflict = { code: 409, reason: 'Conflict', message: 'modified' };

type Status = Record<string, unknown> & {
  deduplication?: { occurrenceCount?: number; firstSeenAt?: string; lastSeenAt?: string };
};

function rig(status: Status = {}, kind = servedKind()) {
  const api = new TinyApi();
  const clock = new MockClock();
  const access: RequestAccess = { objects: new ObjectAccess(api.send), kind, namespace };
  const become = (next: Status) =>
    api.plant('remediationrequests', {
      metadata: { name, namespace },
      spec: { signalFingerprint: 'a1', receivedTime: '2026-08-22T11:58:00Z' },
      status: next,
    });
  become(status);
  const nowMs = clock.now();
  const patience = {
    clock,
    random: new SeededRandom(1),
    deadlineMonotonicMs: 30_000,
    nowMs,
  };
  return {
    api,
    clock,
    become,
    known: () => summarizeRequest(api.peek('remediationrequests', namespace, name)!),
    stored: () => api.peek('remediationrequests', namespace, name)?.['status'] as Status,
    first: (options = {}, created = summarizeRequest(api.peek('remediationrequests', namespace, name)!)) =>
      clock.runUntil(recordFirstOccurrence(access, created, { ...patience, ...options })),
    once: (occurrences = 1) =>
      recordDuplicate(access, summarizeRequest(api.peek('remediationrequests', namespace, name)!), {
        occurrences,
        nowMs,
      }),
    settling: (options = {}) =>
      clock.runUntil(
        recordDuplicateSettling(access, summarizeRequest(api.peek('remediationrequests', namespace, name)!), {
          ...patience,
          occurrences: 1,
          stillDuplicate: () => true,
          ...options,
        }),
      ),
  };
}

interface StatusCase {
  id: string;
  note: string;
  serverStatusBefore: Status;
  serverStatusAfter: Status;
  error: string | null;
  getAnswers?: RecordedAnswer[];
  putAnswers?: RecordedAnswer[];
}

interface RecordedAnswer {
  code?: number;
  reason?: string;
  message?: string;
  transportError?: string;
  serverStatusBecomes?: Status;
}

type Deduplication = NonNullable<Status['deduplication']>;

/** Where remedyctl does otherwise than the gateway did: the rule, when it applies, and what is then stored. */
const exceptions: {
  rule: string;
  applies: (one: StatusCase) => boolean;
  stored: (one: StatusCase) => Deduplication;
}[] = [
  {
    rule: 'DO: the creator’s PUT that meets a conflict reads; a status with occurrenceCount is done',
    applies: (one) => isCreators(one) && countedIn(one) !== undefined,
    stored: (one) => countedIn(one)!,
  },
  {
    rule: 'D: counts are lost under contention. DO: conflicts are retried until the deadline',
    applies: (one) => (one.putAnswers ?? []).filter(({ code }) => code === 409).length >= 4,
    stored: (one) =>
      countedUp(one.putAnswers?.findLast(hasBecome)?.serverStatusBecomes ?? one.serverStatusBefore),
  },
  {
    rule: 'the count is written from what is known: no GET comes before it that could fail',
    applies: (one) => one.getAnswers !== undefined,
    stored: (one) => countedUp(one.serverStatusBefore),
  },
  {
    rule: 'D: the first duplicate records 1. DO: a duplicate that finds no count seeds 2',
    applies: ({ id }) => ['st-005', 'st-007'].includes(id),
    stored: ({ serverStatusBefore: { deduplication } }) => ({
      firstSeenAt: deduplication?.firstSeenAt ?? '2026-08-22T11:58:00Z',
      lastSeenAt: '2026-08-22T12:00:00Z',
      occurrenceCount: 2,
    }),
  },
  {
    rule: 'occurrenceCount is an int32. DO: stop at its maximum, say so',
    applies: ({ id }) => id === 'st-010',
    stored: ({ serverStatusBefore: { deduplication } }) => ({
      ...deduplication,
      lastSeenAt: '2026-08-22T12:00:00Z',
    }),
  },
];

/** A status without any deduplication is what the creator of a request finds. */
function isCreators({ serverStatusBefore }: StatusCase): boolean {
  return serverStatusBefore.deduplication === undefined;
}

function countedIn({ putAnswers }: StatusCase): Deduplication | undefined {
  return putAnswers?.find(hasBecome)?.serverStatusBecomes?.deduplication;
}

function hasBecome({ serverStatusBecomes }: RecordedAnswer): boolean {
  return serverStatusBecomes?.deduplication?.occurrenceCount !== undefined;
}

function countedUp({ deduplication }: Status): Deduplication {
  const lastSeenAt = '2026-08-22T12:00:00Z';
  if (deduplication === undefined) return { firstSeenAt: lastSeenAt, lastSeenAt, occurrenceCount: 1 };
  return { ...deduplication, lastSeenAt, occurrenceCount: (deduplication.occurrenceCount ?? 0) + 1 };
}

const vectors = hasShared ? readVectors<{ cases: StatusCase[] }>('status').cases : [];

describe.runIf(hasShared)('against what the gateway stored', () => {
  it('reads every case', () => {
    expect(vectors).toHaveLength(63);
  });

  it.each(vectors)('$id $note', async (one) => {
    const creator = isCreators(one);
    const test = rig(creator ? {} : one.serverStatusBefore);
    const created = test.known();
    if (Object.keys(one.serverStatusBefore).length > 0) test.become(one.serverStatusBefore);
    // The first write is a PUT of the creator or a PATCH of a duplicate; the creator's later ones are PATCHes.
    const answers = (one.putAnswers ?? []).map((answer) => injected(answer, test.become));
    if (creator) test.api.inject('PUT', ...answers.slice(0, 1));
    test.api.inject('PATCH', ...answers.slice(creator ? 1 : 0));

    const result = creator ? await test.first({}, created) : await test.settling();
    const exception = exceptions.find(({ applies }) => applies(one));
    if (exception !== undefined) {
      expect(result.persisted).toBe(true);
      expect(test.stored().deduplication).toEqual(exception.stored(one));
      return;
    }
    expect(result.persisted).toBe(one.error === null);
    expect(test.stored()).toEqual(one.serverStatusAfter);
    if (result.kind === 'unrecorded' && one.putAnswers?.at(-1)?.transportError === undefined) {
      expect(result.error.message).toContain(one.error);
    }
  });

  it.each(exceptions)('knows cases for: $rule', ({ applies }) => {
    const count = vectors.filter(applies).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(12);
  });
});

function injected(answer: RecordedAnswer, become: (status: Status) => unknown): InjectedAnswer {
  const { code, reason, message, transportError, serverStatusBecomes } = answer;
  const meanwhile = serverStatusBecomes === undefined ? undefined : () => void become(serverStatusBecomes);
  return {
    ...(meanwhile === undefined ? {} : { meanwhile }),
    ...(transportError === undefined ? {} : { errno: 'ECONNREFUSED' }),
    ...(code === undefined ? {} : { code }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  };
}

describe('the creator\u2019s write', () => {
  it('is one PUT of the whole empty status', async () => {
    const { api, first, stored } = rig();
    const result = await first();
    expect(result).toMatchObject({
      kind: 'recorded',
      occurrenceCount: 1,
      firstSeenAt: '2026-08-22T12:00:00Z',
      lastSeenAt: '2026-08-22T12:00:00Z',
      request: { deduplication: { occurrenceCount: 1 } },
    });
    expect(result.request.resourceVersion).toBe(
      api.peek('remediationrequests', namespace, name)?.metadata.resourceVersion,
    );
    expect(stored().deduplication?.occurrenceCount).toBe(1);
    expect(api.log).toEqual([`PUT remediationrequests/${name}/status`]);
  });

  it('leaves the status of a fast orchestrator as it is', async () => {
    const { api, first, stored, become } = rig();
    api.inject('PUT', { meanwhile: () => void become({ overallPhase: 'Pending', message: 'begun' }) });
    expect(await first()).toMatchObject({ kind: 'recorded', occurrenceCount: 1 });
    expect(stored()).toMatchObject({
      overallPhase: 'Pending',
      message: 'begun',
      deduplication: { occurrenceCount: 1 },
    });
    expect(api.log.map((line) => line.split(' ')[0])).toEqual(['PUT', 'GET', 'PATCH']);
  });

  it('is done when a duplicate has counted it in already', async () => {
    const { api, first, stored, become } = rig();
    api.inject('PUT', { meanwhile: () => void become({ deduplication: { occurrenceCount: 2 } }) });
    expect(await first()).toMatchObject({ kind: 'recorded', occurrenceCount: 2 });
    expect(stored()).toEqual({ deduplication: { occurrenceCount: 2 } });
  });

  it('is stale when the request is gone', async () => {
    const { api, first } = rig();
    api.inject('PUT', {
      meanwhile: () => {
        api.remove('remediationrequests', namespace, name);
      },
    });
    expect(await first()).toMatchObject({ kind: 'stale', cause: 'gone', persisted: false });
  });
});

describe('a duplicate\u2019s write', () => {
  it('is one PATCH that names nothing but the count and the last time', async () => {
    const { api, once, stored } = rig({
      overallPhase: 'Executing',
      deduplication: { occurrenceCount: 4, firstSeenAt: '2026-08-22T11:00:00Z' },
    });
    expect(await once(3)).toMatchObject({
      kind: 'recorded',
      occurrenceCount: 7,
      firstSeenAt: '2026-08-22T11:00:00Z',
    });
    expect(stored()).toEqual({
      overallPhase: 'Executing',
      deduplication: {
        occurrenceCount: 7,
        firstSeenAt: '2026-08-22T11:00:00Z',
        lastSeenAt: '2026-08-22T12:00:00Z',
      },
    });
    expect(api.log).toEqual([`PATCH remediationrequests/${name}/status`]);
  });

  it('counts the creator in where it finds no count', async () => {
    const { once } = rig();
    expect(await once(2)).toMatchObject({ occurrenceCount: 3, firstSeenAt: '2026-08-22T11:58:00Z' });
  });

  it('stops at the int32 maximum, and says so', async () => {
    const { once } = rig({ deduplication: { occurrenceCount: 2_147_483_646 } });
    const result = await once(5);
    expect(result).toMatchObject({ occurrenceCount: 2_147_483_647, notice: { code: 'COUNT_AT_MAXIMUM' } });
  });

  it('reports what is stored, not what could not be written', async () => {
    const { api, once } = rig({ deduplication: { occurrenceCount: 4 } });
    api.inject('PATCH', { code: 503, reason: 'ServiceUnavailable', message: 'later' });
    expect(await once()).toMatchObject({
      kind: 'unrecorded',
      persisted: false,
      occurrenceCount: 4,
      error: { code: 'STATUS_NOT_PERSISTED' },
    });
  });

  it('is stale after a 409 or a 404, without a further request', async () => {
    const { api, once } = rig();
    api.inject('PATCH', conflict, { code: 404, reason: 'NotFound', message: 'gone' });
    expect(await once()).toMatchObject({ kind: 'stale', cause: 'conflict' });
    expect(await once()).toMatchObject({ kind: 'stale', cause: 'gone' });
    expect(api.log).toHaveLength(2);
  });

  it('is not sent where the served schema cannot hold it', async () => {
    const { api, once } = rig({}, servedKind(['status.deduplication']));
    const result = await once();
    expect(result).toMatchObject({ kind: 'unrecorded', persisted: false });
    expect(api.log).toEqual([]);
  });
});

describe('a duplicate\u2019s write that settles conflicts', () => {
  it('loses nothing to other writers', async () => {
    const { api, settling, become, clock } = rig({ deduplication: { occurrenceCount: 1 } });
    const others = [2, 3, 4, 5, 6, 7].map((occurrenceCount) => ({
      meanwhile: () => void become({ deduplication: { occurrenceCount } }),
    }));
    api.inject('PATCH', ...others);
    expect(await settling()).toMatchObject({ kind: 'recorded', occurrenceCount: 8 });
    // 10, 50, then 250 ms four times, each up to 10 % longer
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(1060);
    expect(clock.monotonicMs()).toBeLessThanOrEqual(1166);
  });

  it('is told when the decision no longer stands', async () => {
    const { api, settling, become } = rig({ overallPhase: 'Executing' });
    api.inject('PATCH', { meanwhile: () => void become({ overallPhase: 'Completed' }) });
    const result = await settling({
      stillDuplicate: ({ phase }: { phase: string }) => phase === 'Executing',
    });
    expect(result).toMatchObject({ kind: 'stale', cause: 'changed', current: { phase: 'Completed' } });
  });

  it('takes another object of the same name for none', async () => {
    const { api, settling } = rig();
    api.inject('PATCH', {
      meanwhile: () => {
        api.remove('remediationrequests', namespace, name);
        api.plant('remediationrequests', { metadata: { name, namespace } });
      },
    });
    expect(await settling()).toMatchObject({ kind: 'stale', cause: 'gone' });
  });

  it('ends at the deadline', async () => {
    const { api, settling, clock } = rig({ deduplication: { occurrenceCount: 1 } });
    api.inject('PATCH', ...Array.from({ length: 99 }, () => conflict));
    expect(await settling({ deadlineMonotonicMs: 1000 })).toMatchObject({
      kind: 'unrecorded',
      persisted: false,
    });
    expect(clock.monotonicMs()).toBeLessThanOrEqual(1000);
  });

  it('ends when it is stopped, and leaves no timer', async () => {
    const { api, settling, clock } = rig();
    const controller = new AbortController();
    api.inject('PATCH', {
      ...conflict,
      meanwhile: () => {
        controller.abort(new Error('stop'));
      },
    });
    expect(await settling({ signal: controller.signal })).toMatchObject({ kind: 'unrecorded' });
    expect(clock.sleepers).toBe(0);
  });
});
