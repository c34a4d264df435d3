import { describe, expect, it } from 'vitest';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import {
  recordDuplicate,
  recordDuplicateSettling,
  recordFirstOccurrence,
} from '../../../src/request/record-occurrence.ts';
import type { RemediationRequest, RequestAccess } from '../../../src/request/request-access.ts';
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

const specWithCount = { deduplication: { occurrenceCount: 1, firstSeen: '2026-08-22T11:57:00Z' } };

type Status = Record<string, unknown> & {
  deduplication?: { occurrenceCount?: number; firstSeenAt?: string; lastSeenAt?: string };
};

function rig(status: Status = {}, kind = servedKind()) {
  const api = new TinyApi();
  const clock = new MockClock();
  const access: RequestAccess = { objects: new ObjectAccess(api.send), kind, namespace };
  const become = (next: Status, spec: object = {}) =>
    api.plant('remediationrequests', {
      metadata: { name, namespace },
      spec: { signalFingerprint: 'a1', receivedTime: '2026-08-22T11:58:00Z', ...spec },
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
    object: () => api.peek('remediationrequests', namespace, name)!,
    stored: () => api.peek('remediationrequests', namespace, name)?.['status'] as Status,
    first: (
      adopted = false,
      object: RemediationRequest = api.peek('remediationrequests', namespace, name)!,
    ) => {
      const created = { request: summarizeRequest(object), object, adopted };
      return clock.runUntil(recordFirstOccurrence(access, created, patience));
    },
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

function methods({ log }: TinyApi): (string | undefined)[] {
  return log.map((line) => line.split(' ')[0]);
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

/**
 * Where remedyctl does otherwise than the gateway did: the rule with its place in docs/gateway-semantics.md, when it
 * applies, and what is then stored.
 */
const exceptions: {
  rule: string;
  applies: (one: StatusCase) => boolean;
  stored: (one: StatusCase) => Deduplication;
}[] = [
  {
    rule: '§6.2: the creator’s PUT that meets a conflict reads; a status with a count that has it in is done',
    applies: (one) => isCreators(one) && (countedIn(one)?.occurrenceCount ?? 0) > 1,
    stored: (one) => countedIn(one)!,
  },
  {
    rule: '§6.2: no count is lost under contention, conflicts are retried until the deadline',
    applies: (one) => (one.putAnswers ?? []).filter(({ code }) => code === 409).length >= 4,
    stored: (one) =>
      countedUp(one.putAnswers?.findLast(hasBecome)?.serverStatusBecomes ?? one.serverStatusBefore),
  },
  {
    rule: '§6.2: the count is written from what is known, no GET comes before it that could fail',
    applies: (one) => one.getAnswers !== undefined,
    stored: (one) => countedUp(one.serverStatusBefore),
  },
  {
    rule: '§6.2: a duplicate that finds no count seeds 2',
    applies: ({ serverStatusBefore: { deduplication } }) =>
      deduplication !== undefined && deduplication.occurrenceCount === undefined,
    stored: ({ serverStatusBefore: { deduplication } }) => ({
      firstSeenAt: deduplication?.firstSeenAt ?? '2026-08-22T11:58:00Z',
      lastSeenAt: '2026-08-22T12:00:00Z',
      occurrenceCount: 2,
    }),
  },
  {
    rule: '§6.2: occurrenceCount is an int32, and stops at its maximum',
    applies: ({ serverStatusBefore: { deduplication } }) => deduplication?.occurrenceCount === 2_147_483_647,
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
    const created = test.object();
    if (Object.keys(one.serverStatusBefore).length > 0) test.become(one.serverStatusBefore);
    // The first write is a PUT of the creator or a PATCH of a duplicate; the creator's later ones are PATCHes.
    const answers = (one.putAnswers ?? []).map((answer) => injected(answer, (status) => test.become(status)));
    if (creator) test.api.inject('PUT', ...answers.slice(0, 1));
    test.api.inject('PATCH', ...answers.slice(creator ? 1 : 0));

    const result = creator ? await test.first(false, created) : await test.settling();
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

  it('is a patch where the answer to the create has a status already', async () => {
    const { api, first, stored } = rig({ conditions: [] });
    expect(await first()).toMatchObject({ kind: 'recorded', occurrenceCount: 1 });
    expect(stored()).toMatchObject({ conditions: [], deduplication: { occurrenceCount: 1 } });
    expect(methods(api)).toEqual(['PATCH']);
  });

  it('adds itself to the count of a gateway that came between, which begins with 1', async () => {
    const { api, first, stored, become } = rig();
    const theirs = { firstSeenAt: '2026-08-22T12:00:01Z', lastSeenAt: '2026-08-22T12:00:01Z' };
    const meanwhile = () => void become({ deduplication: { ...theirs, occurrenceCount: 1 } });
    api.inject('PUT', { meanwhile });
    expect(await first()).toMatchObject({ kind: 'recorded', persisted: true, occurrenceCount: 2 });
    expect(stored()).toEqual({ deduplication: { ...theirs, occurrenceCount: 2 } });
  });

  it('adds itself, too, where more was counted on that before its patch', async () => {
    const { api, first, become } = rig();
    api.inject('PUT', { meanwhile: () => void become({ deduplication: { occurrenceCount: 1 } }) });
    api.inject('PATCH', { meanwhile: () => void become({ deduplication: { occurrenceCount: 4 } }) });
    expect(await first()).toMatchObject({ kind: 'recorded', occurrenceCount: 5 });
  });

  it('takes the count that the spec was created with for none', async () => {
    const { api, first, stored, become } = rig();
    api.inject('PUT', { meanwhile: () => void become({ overallPhase: 'Pending' }, specWithCount) });
    expect(await first()).toMatchObject({ kind: 'recorded', occurrenceCount: 1 });
    expect(stored().deduplication).toMatchObject({ occurrenceCount: 1 });
  });

  it('is not sent without a version to guard it', async () => {
    const { api, first, object } = rig();
    const unversioned = structuredClone(object());
    delete unversioned.metadata.resourceVersion;
    const result = await first(false, unversioned);
    expect(result).toMatchObject({ kind: 'unrecorded', error: { code: 'STATUS_NOT_PERSISTED' } });
    expect(api.log).toEqual([]);
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

describe('the creator\u2019s write to what it has adopted', () => {
  it('leaves alone what has a count, and says what is stored', async () => {
    const status = {
      overallPhase: 'Executing',
      deduplication: { occurrenceCount: 2, lastSeenAt: '2026-08-22T11:59:00Z' },
    };
    const { api, first, stored, object } = rig(status);
    expect(await first(true)).toMatchObject({
      kind: 'recorded',
      persisted: true,
      occurrenceCount: 2,
      lastSeenAt: '2026-08-22T11:59:00Z',
      request: { phase: 'Executing', resourceVersion: object().metadata.resourceVersion },
    });
    expect(stored()).toEqual(status);
    expect(api.log).toEqual([]);
  });

  it.each([
    ['whose status is empty', {}],
    ['that somebody works on', { overallPhase: 'Executing', message: 'begun' }],
    ['that is done', { overallPhase: 'Completed' }],
  ])('is a patch of the count alone to one without a count %s', async (_, status) => {
    const { api, first, stored } = rig(status);
    expect(await first(true)).toMatchObject({ kind: 'recorded', occurrenceCount: 1 });
    const seenAt = '2026-08-22T12:00:00Z';
    const deduplication = { occurrenceCount: 1, firstSeenAt: seenAt, lastSeenAt: seenAt };
    expect(stored()).toEqual({ ...status, deduplication });
    expect(methods(api)).toEqual(['PATCH']);
  });

  it('adds itself to the count of a gateway', async () => {
    const { api, first, stored } = rig({ overallPhase: 'Pending', deduplication: { occurrenceCount: 1 } });
    expect(await first(true)).toMatchObject({ kind: 'recorded', occurrenceCount: 2 });
    expect(stored()).toMatchObject({ overallPhase: 'Pending', deduplication: { occurrenceCount: 2 } });
    expect(methods(api)).toEqual(['PATCH']);
  });

  it('reads again after a conflict, and is done when a duplicate has counted it in meanwhile', async () => {
    const { api, first, stored, become } = rig();
    const counted = { overallPhase: 'Executing', deduplication: { occurrenceCount: 3 } };
    api.inject('PATCH', { meanwhile: () => void become(counted) });
    expect(await first(true)).toMatchObject({ kind: 'recorded', occurrenceCount: 3 });
    expect(stored()).toEqual(counted);
    expect(methods(api)).toEqual(['PATCH', 'GET']);
  });

  it('keeps a first time that stands there without a count', async () => {
    const { first, stored } = rig({ deduplication: { firstSeenAt: '2026-08-22T11:00:00Z' } });
    await first(true);
    expect(stored().deduplication).toMatchObject({
      occurrenceCount: 1,
      firstSeenAt: '2026-08-22T11:00:00Z',
    });
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

  it('goes on from the count in the spec of the older layout, and takes its first time along', async () => {
    const { once, stored, become } = rig();
    become({ overallPhase: 'Pending' }, specWithCount);
    expect(await once()).toMatchObject({ occurrenceCount: 2 });
    expect(stored().deduplication).toMatchObject({ occurrenceCount: 2, firstSeenAt: '2026-08-22T11:57:00Z' });
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
