import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiRequest, ApiResponse, Send } from '../../../src/api/wire.ts';
import {
  acknowledgedByAnnotation,
  acknowledgementOf,
  acknowledgeReview,
  lookAgain,
  requireReview,
  type Acknowledgement,
} from '../../../src/dedup/review-acknowledgement.ts';
import { serverDiscovery, type ServedRequestKind } from '../../../src/kube/discovery.ts';
import { NetworkError } from '../../../src/kube/api-error.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import type { RemediationRequest } from '../../../src/request/request-access.ts';
import { readBody } from '../../support/read-body.ts';
import type { ApiUnderTest } from '../lease/lock-suite.ts';

const name = 'rr-acknowledged';
const never = new AbortController().signal;

const acknowledgement: Acknowledgement = {
  by: 'ada@bastion',
  at: '2026-08-22T12:00:00.000Z',
  reason: 'looked at it: "disk" replaced ✓',
  outcome: 'ManualReviewRequired',
};

/** What happens right before a request of ours is sent; an answer takes the server's place. */
type Interference = (request: ApiRequest) => Promise<ApiResponse | undefined>;

/** Ending a manual review over a real API, which validates by the schema and holds to the preconditions. */
export function describeAcknowledgement(open: () => Promise<ApiUnderTest>, namespace: string): void {
  let api: ApiUnderTest;
  let objects: ObjectAccess;
  let kind: ServedRequestKind;
  let sent: string[];
  let interfere: Interference;

  beforeEach(async () => {
    api = await open();
    sent = [];
    interfere = () => Promise.resolve(undefined);
    const send: Send = async (request) => {
      const dryRun = request.path.includes('dryRun=All') ? ' (dry run)' : '';
      const place = request.path.includes('/status') ? '/status' : '';
      sent.push(`${request.method}${place}${dryRun}`);
      return (await interfere(request)) ?? api.send(request);
    };
    objects = new ObjectAccess(send);
    kind = await serverDiscovery(api.send).remediationRequests();
  });

  afterEach(async () => {
    await theOthers().delete(kind.resource, { namespace, name });
    await api.close();
  });

  /** Somebody else's access: a controller, say. */
  const theOthers = (): ObjectAccess => new ObjectAccess(api.send);
  const access = () => ({ objects, kind, signal: never });
  const read = (): Promise<RemediationRequest> => theOthers().get(kind.resource, { namespace, name });
  const patchStatus = (status: object): Promise<unknown> =>
    theOthers().mergePatch(kind.resource, { namespace, name }, { status }, { subresource: 'status' });
  const label = (value: string): Promise<unknown> =>
    theOthers().mergePatch(kind.resource, { namespace, name }, { metadata: { labels: { value } } });

  async function waiting(annotations: Record<string, string> = {}): Promise<RemediationRequest> {
    await theOthers().create(kind.resource, {
      apiVersion: `${kind.resource.group}/${kind.resource.version}`,
      kind: kind.resource.kind,
      metadata: { name, namespace, annotations },
      spec: {
        signalFingerprint: 'c'.repeat(64),
        signalName: 'KubePodCrashLooping',
        severity: 'critical',
        signalType: 'alert',
        targetType: 'kubernetes',
        targetResource: { kind: 'Deployment', name: 'checkout', namespace: 'shop' },
        firingTime: '2026-08-22T11:00:00Z',
        receivedTime: '2026-08-22T11:00:00Z',
      },
    });
    await patchStatus({
      overallPhase: 'Failed',
      message: 'the node is gone',
      deduplication: { occurrenceCount: 7 },
      completionStatus: {
        outcome: 'ManualReviewRequired',
        requiresManualReview: true,
        failureReason: 'it did not come back',
      },
    });
    return read();
  }

  const run = async (settings = { dryRun: false }): Promise<RemediationRequest> =>
    acknowledgeReview(access(), requireSeen(), acknowledgement, settings);
  let seen: RemediationRequest | undefined;
  const requireSeen = (): RemediationRequest => {
    if (seen === undefined) throw new Error('nothing was seen');
    return seen;
  };
  const isRealStatusWrite = ({ method, path }: ApiRequest): boolean =>
    method === 'PATCH' && path.includes('/status') && !path.includes('dryRun');

  it('changes the outcome and the flag, keeps everything else, and says who, when, why and what it was', async () => {
    seen = await waiting({ other: 'stays' });
    await run();
    const now = await read();
    expect(now.status).toEqual({
      ...seen.status,
      completionStatus: {
        outcome: 'Inconclusive',
        requiresManualReview: false,
        failureReason: 'it did not come back',
      },
    });
    expect(now.spec).toEqual(seen.spec);
    expect(now.metadata.annotations?.['other']).toBe('stays');
    expect(acknowledgementOf(now)).toEqual(acknowledgement);
    expect(sent).toEqual(['PATCH/status (dry run)', 'PATCH', 'PATCH/status']);
    expect(() => requireReview(now)).toThrow(/acknowledged by ada@bastion at 2026-08-22T12:00:00/);
  });

  it('leaves everything as it is in a dry run of the server', async () => {
    seen = await waiting();
    await run({ dryRun: true });
    expect(await read()).toEqual(seen);
    expect(sent.filter((request) => !request.includes('dry run'))).toEqual([]);
  });

  it('goes on where somebody wrote something that has nothing to do with it', async () => {
    seen = await waiting();
    await label('before');
    let times = 0;
    interfere = async (request) => {
      if (isRealStatusWrite(request) && times++ < 2) await label(`write-${times}`);
      return undefined;
    };
    await run();
    const now = await read();
    expect(now.status).toMatchObject({ completionStatus: { outcome: 'Inconclusive' } });
    expect(now.metadata.labels).toMatchObject({ value: 'write-2' });
    expect(acknowledgementOf(now)).toEqual(acknowledgement);
  });

  it('stops where the question has become another one, and takes its annotation back', async () => {
    seen = await waiting({ [acknowledgedByAnnotation]: 'something older' });
    interfere = async (request) => {
      if (isRealStatusWrite(request)) await patchStatus({ overallPhase: 'Cancelled' });
      return undefined;
    };
    await expect(run()).rejects.toMatchObject({ code: 'REQUEST_CHANGED' });
    const now = await read();
    expect(now.status).toMatchObject({
      overallPhase: 'Cancelled',
      completionStatus: { outcome: 'ManualReviewRequired' },
    });
    expect(now.metadata.annotations?.[acknowledgedByAnnotation]).toBe('something older');
  });

  it('stops where somebody never ends writing', async () => {
    seen = await waiting();
    let count = 0;
    interfere = async (request) => {
      if (isRealStatusWrite(request)) await label(`write-${(count += 1)}`);
      return undefined;
    };
    await expect(run()).rejects.toMatchObject({ code: 'REQUEST_CHANGED' });
    expect((await read()).status).toMatchObject({
      completionStatus: { outcome: 'ManualReviewRequired' },
    });
    expect(acknowledgementOf(await read())).toBeUndefined();
  });

  it('leaves nothing behind where the status may not be written', async () => {
    seen = await waiting();
    interfere = ({ path }) => Promise.resolve(path.includes('/status') ? forbidden() : undefined);
    await expect(run()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await read()).toEqual(seen);
    expect(sent).toEqual(['PATCH/status (dry run)']);
  });

  it('takes the annotation back where the status write fails after it', async () => {
    seen = await waiting();
    interfere = (request) => Promise.resolve(isRealStatusWrite(request) ? forbidden() : undefined);
    await expect(run()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const now = await read();
    expect(now.metadata.annotations ?? {}).toEqual({});
    expect(now.status).toEqual(seen.status);
  });

  const lost = (): Error => new NetworkError('UNREACHABLE', 'read ECONNRESET', { errno: 'ECONNRESET' });
  const isRealAnnotation = ({ method, path }: ApiRequest): boolean =>
    method === 'PATCH' && !path.includes('/status') && !path.includes('dryRun');
  const takesEffectUnanswered = async (request: ApiRequest): Promise<never> => {
    await readBody(await api.send(request));
    throw lost();
  };

  it('is acknowledged where only the answer to the status write is lost', async () => {
    seen = await waiting();
    interfere = (request) =>
      isRealStatusWrite(request) ? takesEffectUnanswered(request) : Promise.resolve(undefined);
    expect(await run()).toMatchObject({ status: { completionStatus: { outcome: 'Inconclusive' } } });
    expect(acknowledgementOf(await read())).toEqual(acknowledgement);
  });

  it('goes on where only the answer to the annotation is lost', async () => {
    seen = await waiting();
    interfere = (request) =>
      isRealAnnotation(request) ? takesEffectUnanswered(request) : Promise.resolve(undefined);
    await run();
    const now = await read();
    expect(now.status).toMatchObject({ completionStatus: { outcome: 'Inconclusive' } });
    expect(acknowledgementOf(now)).toEqual(acknowledgement);
  });

  it('takes the annotation back where the status write was lost, whatever somebody wrote meanwhile', async () => {
    seen = await waiting();
    interfere = async (request) => {
      if (!isRealStatusWrite(request)) return undefined;
      await label('meanwhile');
      throw lost();
    };
    await expect(run()).rejects.toMatchObject({ code: 'UNREACHABLE' });
    const now = await read();
    expect(now.metadata.annotations ?? {}).toEqual({});
    expect(now.status).toEqual(seen.status);
  });

  it('says that it does not know where nothing answers after the status write', async () => {
    seen = await waiting();
    interfere = (request) => {
      const isAfter = isRealStatusWrite(request) || request.method === 'GET';
      return isAfter ? Promise.reject(lost()) : Promise.resolve(undefined);
    };
    await expect(run()).rejects.toMatchObject({
      code: 'STATUS_NOT_PERSISTED',
      message: expect.stringContaining('is not known') as string,
    });
  });

  it('killed between its writes, still blocks, and is completed by doing it again', async () => {
    seen = await waiting();
    const killed = new Error('killed');
    interfere = (request) =>
      isRealStatusWrite(request) ? Promise.reject(killed) : Promise.resolve(undefined);
    const cut = new ObjectAccess(async (request) => {
      if (sent.includes('PATCH/status')) throw killed;
      sent.push(
        request.path.includes('dryRun') ? 'dry' : request.path.includes('/status') ? 'PATCH/status' : '',
      );
      if (sent.includes('PATCH/status')) throw killed;
      return api.send(request);
    });
    await expect(
      acknowledgeReview({ ...access(), objects: cut }, seen, acknowledgement, { dryRun: false }),
    ).rejects.toThrow();
    const between = await read();
    expect(requireReview(between).outcome).toBe('ManualReviewRequired');
    expect(acknowledgementOf(between)).toEqual(acknowledgement);

    interfere = () => Promise.resolve(undefined);
    seen = between;
    await run();
    expect((await read()).status).toMatchObject({ completionStatus: { outcome: 'Inconclusive' } });
  });

  it('sees a controller that writes it back', async () => {
    seen = await waiting();
    const written = await run();
    expect(await lookAgain(access(), written)).toMatchObject({ metadata: { name } });
    await patchStatus({ completionStatus: { outcome: 'ManualReviewRequired' } });
    await expect(lookAgain(access(), written)).rejects.toMatchObject({ code: 'REVIEW_WRITTEN_BACK' });
  });

  it('refuses what does not wait for review', async () => {
    const request = await waiting();
    const refused = (status: object): unknown => {
      try {
        return requireReview({ ...request, status: { ...request.status, ...status } });
      } catch (thrown) {
        return (thrown as { code: string }).code;
      }
    };
    expect(refused({ completionStatus: { outcome: 'Remediated' } })).toBe('NOT_IN_REVIEW');
    expect(refused({ completionStatus: { requiresManualReview: true } })).toBe('NOT_IN_REVIEW');
    expect(refused({ overallPhase: 'Executing' })).toBe('NOT_IN_REVIEW');
    expect(refused({})).toMatchObject({ name, outcome: 'ManualReviewRequired' });
  });
}

function forbidden(): ApiResponse {
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403 };
  const bytes = Buffer.from(JSON.stringify({ ...body, message: 'it is forbidden' }));
  return {
    status: 403,
    headers: { 'content-type': 'application/json' },
    body: (async function* () {
      yield await Promise.resolve(bytes);
    })(),
  };
}
