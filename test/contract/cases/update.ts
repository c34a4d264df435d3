import { type ContractCase, get, patch, post, put } from '../contract-case.ts';
import { request, requests, requestSpec, requestWith, statusOf } from '../specimens.ts';

const create = post(requests, request('a'), {
  save: { version: 'metadata.resourceVersion', uid: 'metadata.uid' },
});
const item = `${requests}/a`;
const status = `${item}/status`;
const current = { resourceVersion: '{version}' };
const counted = { deduplication: { occurrenceCount: 1, firstSeenAt: '2026-11-20T10:00:05Z' } };

export const updateCases: ContractCase[] = [
  {
    name: 'put changes labels and annotations and leaves the generation',
    steps: [
      create,
      put(item, request('a', {}, { ...current, labels: { a: 'b' }, annotations: { c: 'd' } })),
      get(item),
    ],
  },
  {
    name: 'put with a changed spec is refused as immutable',
    steps: [
      create,
      put(item, { ...requestWith('a', { severity: 'low' }), metadata: { name: 'a', ...current } }),
    ],
  },
  {
    name: 'put with a changed fingerprint breaks both rules',
    steps: [
      create,
      put(item, {
        ...requestWith('a', { signalFingerprint: 'b'.repeat(64) }),
        metadata: { name: 'a', ...current },
      }),
    ],
  },
  {
    name: 'put with the same time written otherwise does not break the rule, and is a new generation',
    steps: [
      create,
      put(item, {
        ...requestWith('a', { firingTime: '2026-11-20T11:00:00+01:00' }),
        metadata: { name: 'a', ...current },
      }),
    ],
  },
  {
    name: 'put with an invalid and changed spec names what is invalid',
    steps: [
      create,
      put(item, { ...requestWith('a', { targetType: 'x' }), metadata: { name: 'a', ...current } }),
    ],
  },
  {
    name: 'put at an old resourceVersion is a conflict',
    steps: [
      create,
      put(item, request('a', {}, { ...current, labels: { a: 'b' } })),
      put(item, request('a', {}, { ...current, labels: { a: 'c' } })),
      get(item),
    ],
  },
  { name: 'put without a resourceVersion is refused', steps: [create, put(item, request('a'))] },
  {
    name: 'put with a resourceVersion that is no number is refused',
    steps: [create, put(item, request('a', {}, { resourceVersion: 'x', labels: { a: 'b' } }))],
  },
  {
    name: 'put of a missing request is NotFound',
    steps: [put(item, request('a', {}, { resourceVersion: '1' })), put(item, request('a'))],
  },
  {
    name: 'put under another name than the path is a bad request',
    steps: [create, put(item, request('b', {}, current))],
  },
  {
    name: 'put with another uid is a conflict',
    steps: [create, put(item, request('a', {}, { ...current, uid: 'another' }))],
  },
  {
    name: 'put with the uid of the object is fine',
    steps: [create, put(item, request('a', {}, { ...current, uid: '{uid}' }))],
  },
  {
    name: 'put that changes nothing keeps the resourceVersion',
    steps: [create, put(item, request('a', {}, current)), get(item)],
  },
  {
    name: 'put ignores status, status put ignores spec and labels',
    steps: [
      create,
      put(item, statusOf('a', { overallPhase: 'Failed' }, current), {
        save: { version: 'metadata.resourceVersion' },
      }),
      put(status, {
        ...statusOf('a', counted, { ...current, labels: { a: 'b' } }),
        spec: requestSpec({ severity: 'low' }),
      }),
      get(status),
    ],
  },
  {
    name: 'put of the status replaces all of it',
    steps: [
      create,
      put(status, statusOf('a', { overallPhase: 'Pending', ...counted }, current), {
        save: { version: 'metadata.resourceVersion' },
      }),
      put(status, statusOf('a', { message: 'only this' }, current)),
    ],
  },
  {
    name: 'put of the same status keeps the resourceVersion',
    steps: [
      create,
      put(status, statusOf('a', counted, current), { save: { version: 'metadata.resourceVersion' } }),
      put(status, statusOf('a', counted, current)),
    ],
  },
  {
    name: 'put of the status at an old resourceVersion is a conflict',
    steps: [
      create,
      put(status, statusOf('a', counted, current)),
      put(status, statusOf('a', { message: 'x' }, current)),
    ],
  },
  {
    name: 'put of the status without a resourceVersion',
    steps: [create, put(status, statusOf('a', counted))],
  },
  {
    name: 'put of the status of a missing request is NotFound',
    steps: [put(status, statusOf('a', counted, { resourceVersion: '1' })), get(status)],
  },
  {
    name: 'put with an unknown field warns, and is refused under Strict',
    steps: [
      create,
      put(item, request('a', { bogus: 1 }, current)),
      put(`${item}?fieldValidation=Strict`, request('a', { bogus: 1 }, current)),
    ],
  },
  {
    name: 'put with dryRun=All shows the change and stores nothing',
    steps: [
      create,
      put(`${item}?dryRun=All`, request('a', {}, { ...current, labels: { a: 'b' } }), {
        pick: (body: { metadata: { labels: unknown } }) => body.metadata.labels,
      }),
      get(item),
    ],
  },
  {
    name: 'put cannot set deletionTimestamp or creationTimestamp',
    steps: [
      create,
      put(
        item,
        request(
          'a',
          {},
          {
            ...current,
            creationTimestamp: '2001-01-01T00:00:00Z',
            deletionTimestamp: '2001-01-01T00:00:00Z',
            generation: 9,
          },
        ),
      ),
    ],
  },
  {
    name: 'merge-patch adds, changes and removes labels',
    steps: [
      create,
      patch(item, { metadata: { labels: { a: '1', b: '2' } } }),
      patch(item, { metadata: { labels: { a: null, b: '3' } } }),
      patch(item, { metadata: { labels: null } }),
    ],
  },
  {
    name: 'merge-patch of the spec is refused as immutable',
    steps: [create, patch(item, { spec: { severity: 'low' } }), patch(item, { spec: { severity: null } })],
  },
  {
    name: 'merge-patch of the status on the main resource changes nothing',
    steps: [create, patch(item, { status: { overallPhase: 'Failed' } })],
  },
  {
    name: 'merge-patch of the status keeps its other fields, and drops what is null',
    steps: [
      create,
      patch(status, { status: { overallPhase: 'Pending', ...counted } }),
      patch(status, { status: { deduplication: { occurrenceCount: 2 } }, spec: { severity: 'low' } }),
      patch(status, { status: { overallPhase: null } }),
    ],
  },
  {
    name: 'merge-patch of metadata through the status',
    steps: [
      create,
      patch(status, { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } }, status: counted }),
    ],
  },
  {
    name: 'merge-patch at an old resourceVersion is a conflict, at the current one it is not',
    steps: [
      create,
      patch(status, { metadata: current, status: counted }),
      patch(status, { metadata: current, status: { message: 'x' } }),
      patch(item, { metadata: { ...current, labels: { a: 'b' } } }),
    ],
  },
  {
    name: 'merge-patch that changes nothing keeps the resourceVersion',
    steps: [
      create,
      patch(item, {}),
      patch(status, { status: null }),
      patch(item, { spec: { severity: 'critical' } }),
    ],
  },
  {
    name: 'merge-patch of a missing request is NotFound',
    steps: [patch(item, {}), patch(status, { status: counted })],
  },
  {
    name: 'merge-patch with another uid or name',
    steps: [
      create,
      patch(item, { metadata: { uid: 'another' } }),
      patch(item, { metadata: { name: 'b' } }),
      patch(item, { metadata: { namespace: 'elsewhere' } }),
    ],
  },
  {
    name: 'merge-patch to an invalid status names what is invalid',
    steps: [
      create,
      patch(status, { status: { overallPhase: 'Paused', deduplication: { occurrenceCount: 'x' } } }),
    ],
  },
  {
    name: 'merge-patch with an unknown field warns, and is refused under Strict',
    steps: [
      create,
      patch(status, { status: { bogus: 1 } }),
      patch(`${status}?fieldValidation=Strict`, { status: { bogus: 1 } }),
    ],
  },
  {
    name: 'merge-patch with dryRun=All shows the change and stores nothing',
    steps: [
      create,
      patch(
        `${item}?dryRun=All`,
        { metadata: { labels: { a: 'b' } } },
        {
          pick: (body: { metadata: { labels: unknown } }) => body.metadata.labels,
        },
      ),
      get(item),
    ],
  },
  {
    name: 'merge-patch cannot change kind or apiVersion',
    steps: [create, patch(item, { kind: 'Lease' }), patch(item, { apiVersion: 'kubernaut.ai/v9' })],
  },
  {
    name: 'a patch that is no object or no JSON is a bad request',
    steps: [create, patch(item, '{"a":'), patch(item, '[]'), patch(item, '"x"')],
  },
  {
    name: 'a patch of an unknown content type is 415',
    steps: [
      create,
      patch(item, {}, { headers: { 'content-type': 'application/json' } }),
      patch(item, {}, { headers: { 'content-type': 'application/strategic-merge-patch+json' } }),
    ],
  },
];
