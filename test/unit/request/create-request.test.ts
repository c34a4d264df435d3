import { describe, expect, it } from 'vitest';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import {
  createRemediationRequest,
  creationFailure,
  settleUncertainCreate,
} from '../../../src/request/create-request.ts';
import type { CreationOptions } from '../../../src/request/create-request.ts';
import type { RequestAccess } from '../../../src/request/request-access.ts';
import { CircuitBreaker } from '../../../src/retry/circuit-breaker.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { TinyApi } from '../lease/tiny-api.ts';
import { servedKind } from './served-kind.ts';

const fingerprint = '91fce8d5c4949766458bd4bd58859a4fb2e8470ef64ef438c22903744799a9b1';
const namespace = 'kubernaut-system';
const unavailable = { code: 503, reason: 'ServiceUnavailable', message: 'service unavailable' };

function rig(api = new TinyApi()) {
  const clock = new MockClock();
  const random = new SeededRandom(1);
  const paths: string[] = [];
  const access: RequestAccess = {
    objects: new ObjectAccess((request) => {
      paths.push(`${request.method} ${request.path}`);
      return api.send(request);
    }),
    kind: servedKind(),
    namespace,
  };
  const create = (options: Partial<CreationOptions> = {}) =>
    clock.runUntil(
      createRemediationRequest(
        access,
        {
          signal: { fingerprint, signalName: 'KubePodCrashLooping', signalType: 'alert' },
          build: (name) => ({ metadata: { name, namespace }, spec: { signalFingerprint: fingerprint } }),
        },
        { clock, random, ...options },
      ),
    );
  return { api, clock, random, access, create, paths };
}

describe('creating a request', () => {
  it('is one POST with a time-out for the server', async () => {
    const { create, api, paths } = rig();
    const result = await create();
    expect(paths).toEqual([
      'POST /apis/kubernaut.ai/v1alpha1/namespaces/kubernaut-system/remediationrequests?timeout=10s',
    ]);
    expect(result).toMatchObject({
      kind: 'created',
      attempts: 1,
      adopted: false,
      request: { fingerprint, namespace, phase: '', resourceVersion: '101' },
    });
    expect(api.all('remediationrequests')).toHaveLength(1);
  });

  it('keeps its name over the retries, and adopts what an unanswered POST has created', async () => {
    const { create, api } = rig();
    api.inject('POST', { errno: 'ECONNRESET', afterwards: true });
    expect(await create()).toMatchObject({ kind: 'created', adopted: true, attempts: 2 });
    expect(api.all('remediationrequests')).toHaveLength(1);
  });

  it('takes another name when the first is somebody else\u2019s', async () => {
    const { create, api } = rig();
    api.inject('POST', {
      takenBy: (name) =>
        api.plant('remediationrequests', { metadata: { name, namespace }, spec: { signalFingerprint: 'f' } }),
    });
    const result = await create();
    expect(result).toMatchObject({ kind: 'created', adopted: false, attempts: 2 });
    expect(api.all('remediationrequests')).toHaveLength(2);
  });

  it('does not go on for ever when every name is taken', async () => {
    const { create, api } = rig();
    const taken = {
      takenBy: (name: string) =>
        api.plant('remediationrequests', { metadata: { name, namespace }, spec: {} }),
    };
    api.inject('POST', taken, taken, taken, taken);
    await expect(create()).rejects.toMatchObject({ code: 'CREATION_FAILED', attempts: 3 });
  });

  it('tries the same name again when its owner has just been deleted', async () => {
    const { create, api } = rig();
    api.inject('POST', { code: 409, reason: 'AlreadyExists', message: 'exists' });
    expect(await create()).toMatchObject({ kind: 'created', attempts: 2 });
  });

  it('fails with the gateway\u2019s text, and the number of attempts that were made', async () => {
    const { create, api } = rig();
    api.inject('POST', unavailable, { code: 403, reason: 'Forbidden', message: 'no' });
    const error = await create().catch((thrown: unknown) => thrown as Error);
    expect((error as Error).message).toMatch(
      /^create_remediation_request failed: phase=crd_creation, fingerprint=91fc\w+, namespace=kubernaut-system, attempts=2, duration=[\d.]+ms, correlation=rr-91fce8d5c494-[0-9a-f]{8}: no, crd_name=rr-91fce8d5c494-[0-9a-f]{8}, signal_type=alert, signal_name=KubePodCrashLooping$/,
    );
    expect(creationFailure(error as Error)).toMatchObject({ type: 'forbidden', retryable: false });
  });

  it('names the kind of failure after its retries are used up, too', async () => {
    const { create, api } = rig();
    api.inject('POST', unavailable, unavailable, unavailable);
    const error = await create().catch((thrown: unknown) => thrown as Error);
    expect(creationFailure(error as Error)).toMatchObject({ type: 'service_unavailable', retryable: true });
  });

  it('on a dry run stores nothing, and is never uncertain', async () => {
    const { create, api, paths } = rig();
    expect(await create({ dryRun: true })).toMatchObject({ kind: 'created' });
    expect(paths[0]).toContain('dryRun=All');
    expect(api.all('remediationrequests')).toEqual([]);
    api.inject('POST', ...Array.from({ length: 3 }, () => ({ errno: 'ECONNRESET' })));
    await expect(create({ dryRun: true })).rejects.toMatchObject({ code: 'CREATION_FAILED' });
  });

  it('does not count the breaker\u2019s refusal as an answer of the server', async () => {
    const { create, api, clock, access } = rig();
    access.breaker = new CircuitBreaker({ clock });
    api.inject('POST', ...Array.from({ length: 10 }, () => unavailable));
    for (let round = 0; round < 3; round += 1) await create().catch(() => undefined);
    await expect(create()).rejects.toThrow(/operation failed after|circuit breaker is open/);
    const sent = api.log.length;
    await expect(create()).rejects.toThrow(/: circuit breaker is open, crd_name=/);
    expect(api.log).toHaveLength(sent);
  });
});

describe('a creation without a definite answer', () => {
  it.each([
    ['a connection that breaks', { errno: 'ECONNRESET' }, 'uncertain'],
    ['a time-out', { errno: 'ETIMEDOUT' }, 'uncertain'],
    ['a 504', { code: 504, reason: 'Timeout', message: 'late' }, 'uncertain'],
    ['a 500', { code: 500, reason: 'InternalError', message: 'etcdserver: request timed out' }, 'uncertain'],
    ['a 502 of a proxy', { code: 502, message: 'bad gateway' }, 'uncertain'],
    ['a refused connection', { errno: 'ECONNREFUSED' }, 'failed'],
    ['an unknown host', { errno: 'ENOTFOUND' }, 'failed'],
    ['a 503 of the server', unavailable, 'failed'],
    ['a 403', { code: 403, reason: 'Forbidden', message: 'no' }, 'failed'],
    ['a 429', { code: 429, reason: 'TooManyRequests', message: 'later' }, 'failed'],
  ])('%s three times: %o is %s', async (_, answer, expected) => {
    const { create, api } = rig();
    api.inject('POST', answer, answer, answer);
    const result = await create().catch((thrown: unknown) => ({ kind: 'failed', thrown }));
    expect(result.kind).toBe(expected);
  });

  it.each([
    [
      'x is forbidden: exceeded quota: q, requested: count/remediationrequests.kubernaut.ai=1',
      'QUOTA_EXCEEDED',
    ],
    ['unable to create new content in namespace n because it is being terminated', 'NAMESPACE_TERMINATING'],
    ['admission webhook "w" denied the request: no', 'ADMISSION_DENIED'],
    ['something else', 'CREATION_FAILED'],
  ])('says which rule refused it, once, and does not try again: %s', async (message, code) => {
    const { create, api } = rig();
    api.inject('POST', { code: 403, reason: 'Forbidden', message });
    await expect(create()).rejects.toMatchObject({
      code,
      attempts: 1,
      message: expect.stringContaining(message) as string,
    });
  });

  it('stays uncertain when a later attempt is refused', async () => {
    const { create, api } = rig();
    api.inject(
      'POST',
      { errno: 'ECONNRESET', afterwards: true },
      { code: 403, reason: 'Forbidden', message: 'no' },
    );
    expect(await create()).toMatchObject({ kind: 'uncertain', attempts: 2, fingerprint });
  });

  it('is uncertain when the name is taken and nobody can be asked by whom', async () => {
    const { create, api } = rig();
    api.inject('POST', { code: 409, reason: 'AlreadyExists', message: 'exists' });
    api.inject('GET', { code: 403, reason: 'Forbidden', message: 'no' });
    expect((await create()).kind).toBe('uncertain');
  });

  it('is settled by a GET by name', async () => {
    const { access, api, clock, random } = rig();
    const settle = (name: string) =>
      clock.runUntil(settleUncertainCreate(access, { name, fingerprint }, { clock, random }));
    api.plant('remediationrequests', {
      metadata: { name: 'ours', namespace },
      spec: { signalFingerprint: fingerprint },
    });
    api.plant('remediationrequests', {
      metadata: { name: 'theirs', namespace },
      spec: { signalFingerprint: 'f' },
    });
    expect(await settle('ours')).toMatchObject({ kind: 'exists', request: { name: 'ours' } });
    expect(await settle('theirs')).toEqual({ kind: 'foreign' });
    expect(await settle('nobody')).toEqual({ kind: 'absent' });
    api.inject('GET', unavailable);
    expect((await settle('ours')).kind).toBe('exists');
    api.inject('GET', { code: 403, reason: 'Forbidden', message: 'no' });
    expect((await settle('ours')).kind).toBe('unknown');
  });
});
