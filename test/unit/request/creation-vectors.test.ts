import { describe, expect, it } from 'vitest';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { createRemediationRequest } from '../../../src/request/create-request.ts';
import type { CRDCreationError } from '../../../src/request/operation-error.ts';
import type { RequestAccess } from '../../../src/request/request-access.ts';
import { isTransient } from '../../../src/retry/failure.ts';
import type { FailureType } from '../../../src/retry/failure.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { hasShared, readVectors } from '../../support/shared.ts';
import { TinyApi } from '../lease/tiny-api.ts';
import type { InjectedAnswer } from '../lease/tiny-api.ts';
import { servedKind } from './served-kind.ts';

interface RecordedError {
  id: string;
  text: string;
  status?: { code: number; message: string; reason?: string; retryAfterSeconds?: number };
  errno?: string;
  retryable: boolean;
  byCode?: FailureType;
}

interface CreationCase {
  id: string;
  note: string;
  config: { initialBackoffNs: number; maxAttempts: number; maxBackoffNs: number };
  script: string[];
  cancelAfterMs?: number;
  getAfterAlreadyExists?: string;
  createCalls: number;
  getCalls: number;
  waits: { minNs: number; maxNs: number }[];
  observer: { attempt: number; error: string }[];
  created: boolean;
  error: string | null;
}

const fingerprint = '6d1a895f68c481a1ea6a977b880cc1233fdb70b0b96b9d447a06e1b4cb90594f';
const namespace = 'kubernaut-system';
const { errors, cases } = hasShared
  ? readVectors<{ errors: RecordedError[]; cases: CreationCase[] }>('retry')
  : { errors: [], cases: [] };
const errorById = new Map(errors.map((error) => [error.id, error]));

/** Where remedyctl does otherwise than the gateway did: the rule with its place in docs/gateway-semantics.md. */
const exceptions = {
  policy: {
    rule: '§7.1: related limits are checked together, and a policy that contradicts itself is refused, not clamped',
    applies: ({ config }: CreationCase) =>
      config.maxAttempts < 1 || config.initialBackoffNs > config.maxBackoffNs,
  },
  foreign: {
    rule: '§7.4: a name that is taken is looked at: adopted if the fingerprint matches, else a new name',
    applies: (one: CreationCase) =>
      ['other fingerprint', 'error'].includes(one.getAfterAlreadyExists ?? '') &&
      used(one).at(-1)?.status?.reason === 'AlreadyExists',
  },
  textOnly: {
    rule: '§7.2: an error that is nothing but a text never comes out of the transport; the substrings serve recorded texts',
    applies: (one: CreationCase) =>
      used(one).some(({ status, errno }) => status === undefined && errno === undefined),
  },
  byCode: {
    rule: '§7.2, §7.3: classified by status, reason and error number; a 429 or 5xx with Retry-After is retryable',
    applies: (one: CreationCase) => used(one).some((error) => error.retryable !== isRetried(error)),
  },
};

describe.runIf(hasShared)('against how the gateway retried', () => {
  it('reads every case', () => {
    expect(cases).toHaveLength(84);
  });

  const regular = cases.filter(
    (one) =>
      ![exceptions.policy, exceptions.foreign, exceptions.textOnly].some(({ applies }) => applies(one)),
  );

  it.each(regular)('$id $note', async (one) => {
    const run = await play(one);
    const { calls, created } = exceptions.byCode.applies(one)
      ? byCode(one)
      : { calls: one.createCalls, created: one.created };
    expect(run.posts).toBe(calls);
    expect(run.created).toBe(created);
    // One call before each wait, and a wait before each further request.
    const observed = exceptions.byCode.applies(one)
      ? Array.from({ length: calls - 1 }, (_, index) => index)
      : one.observer.map(({ attempt }) => attempt);
    expect(run.observed.map(({ attempt }) => attempt)).toEqual(observed);
    if (exceptions.byCode.applies(one)) return;
    expect(run.gets).toBe(one.getCalls);
    expectTexts(run, one);
    expectWaits(run.waitsMs, one);
  });

  it.each(cases.filter(exceptions.policy.applies))(
    '$id: a policy that contradicts itself makes no request',
    async (one) => {
      const run = await play(one);
      expect(run).toMatchObject({ posts: 0, created: false });
      expect(run.error?.message).toMatch(/retry policy: /);
    },
  );

  it.each(cases.filter(exceptions.foreign.applies))('$id: a name that is taken is looked at', async (one) => {
    const run = await play(one);
    if (one.getAfterAlreadyExists === 'other fingerprint') {
      expect(run).toMatchObject({ posts: 2, gets: 1, created: true });
    } else {
      expect(run.created).toBe(false);
      expect(run.result?.kind).toBe('uncertain');
    }
  });

  it.each(Object.values(exceptions))('knows cases for: $rule', ({ applies }) => {
    expect(cases.some(applies)).toBe(true);
  });

  it('keeps the exceptions few', () => {
    expect(cases.filter(exceptions.textOnly.applies).length).toBeLessThan(20);
    expect(cases.filter(exceptions.byCode.applies).length).toBeLessThan(25);
  });
});

type Run = Awaited<ReturnType<typeof play>>;

/** Texts are the gateway's to the letter; a refused connection is told in the transport's own words. */
function expectTexts(run: Run, one: CreationCase): void {
  if (one.error === null) {
    expect(run.error).toBeUndefined();
    return;
  }
  const { message, attempts } = run.error!;
  expect(attempts).toBe(one.createCalls);
  const inNetworksWords = used(one).some(({ errno }) => errno !== undefined);
  const expected = one.error
    .replaceAll('{name}', run.error!.crdName)
    .replace(/attempts=\d+/, `attempts=${one.createCalls}`)
    .replace(/error_type=\w+/, `error_type=${used(one).at(-1)?.byCode ?? ''}`)
    .replace('context canceled', 'stop');
  const actual = message.replace(/duration=[^,]+/, 'duration={duration}');
  if (!inNetworksWords) expect(actual).toBe(expected);
  else expect(actual.slice(0, actual.indexOf(': '))).toBe(expected.slice(0, expected.indexOf(': ')));
}

function expectWaits(waitsMs: number[], one: CreationCase): void {
  // The last wait of a cancelled case is not completed.
  for (const [index, { minNs, maxNs }] of one.waits.entries()) {
    const asked = used(one)[index]?.status?.retryAfterSeconds;
    if (asked !== undefined) {
      expect(waitsMs[index]).toBeGreaterThanOrEqual(asked * 1000);
      continue;
    }
    // The gateway counts in whole nanoseconds.
    expect(waitsMs[index]! * 1e6).toBeGreaterThanOrEqual(minNs - 1);
    expect(waitsMs[index]! * 1e6).toBeLessThanOrEqual(maxNs + 1);
  }
}

async function play(one: CreationCase) {
  const api = new TinyApi();
  const clock = new MockClock();
  for (const step of one.script) api.inject('POST', injected(step, api, one));
  if (one.getAfterAlreadyExists?.includes('error') === true) {
    api.inject('GET', ...one.script.map(() => ({ code: 403, reason: 'Forbidden', message: 'no' })));
  }
  const observed: { attempt: number; waitMs: number }[] = [];
  const controller = new AbortController();
  if (one.cancelAfterMs === 0) controller.abort(new Error('stop'));
  else if (one.cancelAfterMs !== undefined) {
    void clock.sleep(one.cancelAfterMs).then(() => {
      controller.abort(new Error('stop'));
    });
  }
  const access: RequestAccess = { objects: new ObjectAccess(api.send), kind: servedKind(), namespace };
  const creating = createRemediationRequest(
    access,
    {
      signal: { fingerprint, signalName: 'PodRestartsHigh', signalType: 'alert' },
      build: (name) => requestObject(name, fingerprint),
    },
    {
      clock,
      random: new SeededRandom(3),
      policy: {
        maxAttempts: one.config.maxAttempts,
        initialMs: one.config.initialBackoffNs / 1e6,
        maxMs: one.config.maxBackoffNs / 1e6,
        multiplier: 2,
        jitter: 0.1,
      },
      observer: (event) => observed.push(event),
      signal: controller.signal,
    },
  );
  const outcome = await clock.runUntil(
    creating.then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    ),
  );
  const result = 'result' in outcome ? outcome.result : undefined;
  const thrown = 'error' in outcome ? outcome.error : result?.kind === 'uncertain' ? result.error : undefined;
  return {
    result,
    created: result?.kind === 'created',
    error: thrown as CRDCreationError | undefined,
    posts: count(api, 'POST'),
    gets: count(api, 'GET'),
    observed,
    waitsMs: observed.map(({ waitMs }) => waitMs),
  };
}

function injected(step: string, api: TinyApi, one: CreationCase): InjectedAnswer {
  const error = errorById.get(step);
  if (error === undefined) return {};
  if (error.errno !== undefined) return { errno: error.errno };
  const { code, reason, message, retryAfterSeconds } = error.status ?? { code: 500, message: error.text };
  const answer: InjectedAnswer = { code, message };
  if (reason !== undefined && reason !== '') answer.reason = reason;
  if (retryAfterSeconds !== undefined) answer.retryAfterSeconds = retryAfterSeconds;
  if (reason !== 'AlreadyExists') return answer;
  // The name is taken for real: by us, or by somebody else.
  const owner = one.getAfterAlreadyExists?.includes('other') === true ? 'f'.repeat(64) : fingerprint;
  return { takenBy: (name) => api.plant('remediationrequests', requestObject(name, owner)) };
}

function requestObject(name: string, owner: string) {
  return {
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: { name, namespace },
    spec: { signalFingerprint: owner },
  };
}

/** What §7.2 makes of a script. */
function byCode(one: CreationCase): { calls: number; created: boolean } {
  for (let calls = 1; calls <= one.config.maxAttempts; calls += 1) {
    const error = errorById.get(one.script[calls - 1] ?? 'ok');
    if (error === undefined || error.status?.reason === 'AlreadyExists') return { calls, created: true };
    if (!isRetried(error)) return { calls, created: false };
  }
  return { calls: one.config.maxAttempts, created: false };
}

function isRetried(error: RecordedError): boolean {
  const code = error.status?.code ?? 0;
  const asksToWait = error.status?.retryAfterSeconds !== undefined && (code === 429 || code >= 500);
  return asksToWait || isTransient(error.byCode ?? 'unknown');
}

/** The errors that the gateway met, or that the rules would have us meet. */
function used(one: CreationCase): RecordedError[] {
  const attempts = Math.max(one.createCalls, 1);
  return one.script.slice(0, attempts).flatMap((step) => errorById.get(step) ?? []);
}

function count(api: TinyApi, method: string): number {
  return api.log.filter((line) => line.startsWith(method)).length;
}
