import { type ContractCase, get, patch, post, put, remove } from '../contract-case.ts';
import { lease, leases } from '../specimens.ts';

const item = `${leases}/a`;
const saved = { save: { version: 'metadata.resourceVersion', uid: 'metadata.uid' } };
const create = post(leases, lease('a'), saved);
const current = { resourceVersion: '{version}' };

/** What is changed in a Lease that holds every rule. */
const specs: [string, Record<string, unknown>][] = [
  ['a duration of zero is refused', { leaseDurationSeconds: 0 }],
  ['a negative duration is refused', { leaseDurationSeconds: -1 }],
  ['negative transitions are refused', { leaseTransitions: -1 }],
  ['duration and transitions are refused together', { leaseDurationSeconds: 0, leaseTransitions: -1 }],
  ['a duration is no string', { leaseDurationSeconds: '30' }],
  ['a duration is a whole number', { leaseDurationSeconds: 1.5 }],
  ['a duration is an int32', { leaseDurationSeconds: 4294967296 }],
  ['a holder is a string', { holderIdentity: 7 }],
  ['an empty holder is kept', { holderIdentity: '' }],
  ['a time without fractions is a bad request', { renewTime: '2026-11-20T10:00:00Z' }],
  ['a time with three digits is a bad request', { renewTime: '2026-11-20T10:00:00.123Z' }],
  ['a time with nine digits is a bad request', { renewTime: '2026-11-20T10:00:00.123456789Z' }],
  ['a time with an offset becomes UTC', { renewTime: '2026-11-20T12:00:00.123456+02:00' }],
  ['a time that is no time is a bad request', { acquireTime: 'now' }],
  ['null is as good as absent', { acquireTime: null, holderIdentity: null, leaseTransitions: null }],
  ['an unknown field is dropped with a warning', { bogus: 1 }],
];

export const leaseCases: ContractCase[] = [
  { name: 'Lease: create has no generation, and get gives the same', steps: [create, get(item)] },
  { name: 'Lease: create of a name that exists is AlreadyExists', steps: [create, post(leases, lease('a'))] },
  {
    name: 'Lease: create with a resourceVersion is refused',
    steps: [post(leases, lease('a', {}, { resourceVersion: '1' }))],
  },
  ...specs.map(([name, spec]) => ({ name: `Lease: ${name}`, steps: [post(leases, lease('a', spec))] })),
  {
    name: 'Lease: Strict refuses an unknown field',
    steps: [post(`${leases}?fieldValidation=Strict`, lease('a', { bogus: 1 }))],
  },
  {
    name: 'Lease: the spec may be empty or absent',
    steps: [
      post(leases, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: 'a' },
        spec: {},
      }),
      post(leases, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'b' } }),
    ],
  },
  {
    name: 'Lease: kind and apiVersion are checked',
    steps: [
      post(leases, { ...lease('a'), kind: 'Event' }),
      post(leases, { ...lease('a'), kind: undefined }),
      post(leases, { ...lease('a'), apiVersion: 'coordination.k8s.io/v9' }),
      post(leases, { ...lease('b'), kind: undefined, apiVersion: undefined }),
    ],
  },
  {
    name: 'Lease: names are checked, dotted ones are fine',
    steps: [post(leases, lease('Upper')), post(leases, lease('a.b')), post(leases, lease('x'.repeat(254)))],
  },
  {
    name: 'Lease: create without a name, and with generateName',
    steps: [
      post(leases, lease('', {}, { name: undefined })),
      post(leases, lease('', {}, { name: undefined, generateName: 'gw-lock-' }), {
        save: { generated: 'metadata.name' },
      }),
    ],
  },
  {
    name: 'Lease: put renews',
    steps: [create, put(item, lease('a', { renewTime: '2026-11-20T10:00:10.000000Z' }, current)), get(item)],
  },
  {
    name: 'Lease: put that changes nothing keeps the resourceVersion',
    steps: [create, put(item, lease('a', {}, current))],
  },
  {
    name: 'Lease: put at an old resourceVersion is a conflict',
    steps: [
      create,
      put(item, lease('a', { holderIdentity: 'other' }, current)),
      put(item, lease('a', { holderIdentity: 'third' }, current)),
      get(item),
    ],
  },
  {
    name: 'Lease: put without a resourceVersion is refused',
    steps: [create, put(item, lease('a', { holderIdentity: 'other' }))],
  },
  {
    name: 'Lease: put of a missing Lease creates it',
    steps: [put(item, lease('a')), get(item)],
  },
  {
    name: 'Lease: put of a missing Lease at a resourceVersion',
    steps: [put(item, lease('a', {}, { resourceVersion: '7' })), get(item)],
  },
  {
    name: 'Lease: put of a missing Lease with a uid is a conflict',
    steps: [
      create,
      remove(item),
      put(item, lease('a', {}, { uid: '{uid}', resourceVersion: '{version}' })),
      put(item, lease('a', {}, { uid: '{uid}' })),
      get(item),
    ],
  },
  {
    name: 'Lease: put with another uid is a conflict',
    steps: [
      create,
      put(item, lease('a', {}, { ...current, uid: 'another' })),
      put(item, lease('a', {}, { ...current, uid: '{uid}' })),
    ],
  },
  {
    name: 'Lease: put of an invalid Lease',
    steps: [create, put(item, lease('a', { leaseDurationSeconds: 0 }, current))],
  },
  {
    name: 'Lease: put under another name is a bad request',
    steps: [create, put(item, lease('b', {}, current))],
  },
  {
    name: 'Lease: merge-patch renews, at the resourceVersion it names',
    steps: [
      create,
      patch(item, { metadata: current, spec: { renewTime: '2026-11-20T10:00:10.000000Z' } }),
      patch(item, { metadata: current, spec: { renewTime: '2026-11-20T10:00:20.000000Z' } }),
      patch(item, { spec: { holderIdentity: null } }),
      patch(item, { spec: { renewTime: 'soon' } }),
      patch(item, { spec: { leaseTransitions: -3 } }),
    ],
  },
  { name: 'Lease: merge-patch of a missing Lease is NotFound', steps: [patch(item, { spec: {} })] },
  {
    name: 'Lease: has no status',
    steps: [create, get(`${item}/status`), put(`${item}/status`, lease('a', {}, current))],
  },
  {
    name: 'Lease: create with dryRun=All stores nothing',
    steps: [
      post(`${leases}?dryRun=All`, lease('a'), { pick: (body: { kind: string }) => body.kind }),
      get(item),
    ],
  },
  {
    name: 'Lease: delete held by a finalizer',
    steps: [
      post(leases, lease('a', {}, { finalizers: ['example.com/hold'] })),
      remove(item),
      patch(item, { metadata: { finalizers: [] } }),
      get(item),
    ],
  },
];
