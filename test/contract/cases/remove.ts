import { type ContractCase, get, patch, post, put, remove } from '../contract-case.ts';
import { lease, leases, request, requests } from '../specimens.ts';

const saved = { save: { version: 'metadata.resourceVersion', uid: 'metadata.uid' } };
const create = post(requests, request('a'), saved);
const held = post(
  requests,
  request('a', {}, { finalizers: ['example.com/hold', 'example.com/other'] }),
  saved,
);
const item = `${requests}/a`;

const preconditions = (wanted: Record<string, string>): unknown => ({
  apiVersion: 'v1',
  kind: 'DeleteOptions',
  preconditions: wanted,
});

export const removeCases: ContractCase[] = [
  {
    name: 'delete answers Success with the uid, and the object is gone',
    steps: [create, remove(item), get(item), remove(item)],
  },
  {
    name: 'delete of a Lease answers the same way',
    steps: [
      post(leases, lease('a'), saved),
      remove(`${leases}/a`),
      get(`${leases}/a`),
      remove(`${leases}/a`),
    ],
  },
  {
    name: 'delete with the right preconditions',
    steps: [create, remove(item, preconditions({ uid: '{uid}', resourceVersion: '{version}' }))],
  },
  {
    name: 'delete with another uid is a conflict',
    steps: [create, remove(item, preconditions({ uid: 'another' })), get(item)],
  },
  {
    name: 'delete at another resourceVersion is a conflict',
    steps: [create, remove(item, preconditions({ resourceVersion: '1' })), get(item)],
  },
  {
    name: 'delete with both preconditions wrong names the uid first',
    steps: [create, remove(item, preconditions({ uid: 'another', resourceVersion: '1' }))],
  },
  {
    name: 'delete of a Lease that was renewed meanwhile is a conflict',
    steps: [
      post(leases, lease('a'), saved),
      patch(`${leases}/a`, { spec: { renewTime: '2026-11-20T10:00:10.000000Z' } }),
      remove(`${leases}/a`, preconditions({ uid: '{uid}', resourceVersion: '{version}' })),
      get(`${leases}/a`),
    ],
  },
  {
    name: 'delete of a missing object with preconditions is NotFound',
    steps: [remove(item, preconditions({ uid: 'another' }))],
  },
  {
    name: 'delete with dryRun=All deletes nothing',
    steps: [create, remove(`${item}?dryRun=All`), get(item)],
  },
  {
    name: 'delete takes options of any group version, and none',
    steps: [
      create,
      remove(item, {
        apiVersion: 'kubernaut.ai/v1alpha1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
      }),
    ],
  },
  {
    name: 'delete with an unknown propagation policy is refused',
    steps: [create, remove(`${item}?propagationPolicy=Sideways`)],
  },
  {
    name: 'delete with a body of another kind is a bad request',
    steps: [create, remove(item, { apiVersion: 'v1', kind: 'Pod' })],
  },
  { name: 'delete with a body that is no JSON is a bad request', steps: [create, remove(item, '{')] },
  {
    name: 'delete with finalizers answers the object, marked, and it stays',
    steps: [held, remove(item), get(item), remove(item)],
  },
  {
    name: 'the last finalizer taken away ends a deleted object',
    steps: [
      held,
      remove(item),
      patch(item, { metadata: { finalizers: ['example.com/other'] } }),
      patch(item, { metadata: { finalizers: null } }),
      get(item),
    ],
  },
  {
    name: 'put without finalizers ends a deleted object',
    steps: [
      held,
      remove(item, undefined, { save: { version: 'metadata.resourceVersion' } }),
      put(item, request('a', {}, { resourceVersion: '{version}' })),
      get(item),
    ],
  },
  {
    name: 'no finalizer can be added to a deleted object',
    steps: [
      held,
      remove(item),
      patch(item, { metadata: { finalizers: ['example.com/hold', 'example.com/other', 'example.com/new'] } }),
    ],
  },
  {
    name: 'create of the name of an object that is being deleted',
    steps: [held, remove(item), post(requests, request('a'))],
  },
  {
    name: 'a deleted object still takes status',
    steps: [held, remove(item), patch(`${item}/status`, { status: { overallPhase: 'Cancelled' } })],
  },
  {
    name: 'a name can be used again after a delete, by an object of another uid',
    steps: [create, remove(item), post(requests, request('a'))],
  },
];
