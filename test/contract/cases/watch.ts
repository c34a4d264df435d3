import { type ContractCase, patch, post, remove, type Step } from '../contract-case.ts';
import { get } from '../contract-case.ts';
import { fingerprint, lease, leases, request, requests, requestWith } from '../specimens.ts';

const from = (path: string, query = ''): string => `${path}?watch=true&resourceVersion={start}${query}`;
const start: Step = get(requests, { save: { start: 'metadata.resourceVersion' }, pick: () => 'listed' });
const startLeases: Step = get(leases, { save: { start: 'metadata.resourceVersion' }, pick: () => 'listed' });

export const watchCases: ContractCase[] = [
  {
    name: 'watch from a list shows what came after it, whole objects each',
    steps: [
      post(requests, request('before')),
      start,
      { open: 'w', path: from(requests) },
      post(requests, request('a')),
      patch(`${requests}/a/status`, { status: { overallPhase: 'Pending' } }),
      remove(`${requests}/a`),
      { read: 'w', events: 3 },
    ],
  },
  {
    name: 'watch from a list shows what came before it was opened',
    steps: [
      start,
      post(requests, request('a')),
      remove(`${requests}/a`),
      { open: 'w', path: from(requests) },
      { read: 'w', events: 2 },
    ],
  },
  {
    name: 'watch without a resourceVersion begins with what there is',
    steps: [
      post(requests, request('a')),
      { open: 'w', path: `${requests}?watch=true` },
      { read: 'w', events: 1 },
      post(requests, request('b')),
      { read: 'w', events: 1 },
    ],
  },
  {
    name: 'watch from resourceVersion 0 begins with what there is',
    steps: [
      post(requests, request('a'), { save: { start: 'metadata.resourceVersion' } }),
      get(`${requests}?resourceVersion={start}&resourceVersionMatch=NotOlderThan`, { pick: () => 'listed' }),
      { open: 'w', path: `${requests}?watch=1&resourceVersion=0` },
      { read: 'w', events: 1 },
    ],
  },
  {
    name: 'watch ends after timeoutSeconds',
    steps: [
      { open: 'w', path: `${requests}?watch=true&timeoutSeconds=1` },
      { read: 'w', events: 'all' },
    ],
  },
  {
    name: 'watch of one object by its name',
    steps: [
      start,
      { open: 'w', path: from(requests, '&fieldSelector=metadata.name%3Db') },
      post(requests, request('a')),
      post(requests, request('b')),
      { read: 'w', events: 1 },
    ],
  },
  {
    name: 'watch by a field that can be selected',
    steps: [
      start,
      { open: 'w', path: from(requests, `&fieldSelector=spec.signalFingerprint%3D${fingerprint('b')}`) },
      post(requests, request('a')),
      post(requests, requestWith('b', { signalFingerprint: fingerprint('b') })),
      { read: 'w', events: 1 },
    ],
  },
  {
    name: 'an object that leaves a label selector is DELETED, one that enters is ADDED',
    steps: [
      post(requests, request('a', {}, { labels: { on: 'yes' } })),
      start,
      { open: 'w', path: from(requests, '&labelSelector=on%3Dyes') },
      patch(`${requests}/a`, { metadata: { labels: { on: 'no' } } }),
      patch(`${requests}/a`, { metadata: { annotations: { unseen: 'x' } } }),
      patch(`${requests}/a`, { metadata: { labels: { on: 'yes' } } }),
      { read: 'w', events: 2 },
    ],
  },
  {
    name: 'a change that changes nothing is no event',
    steps: [
      post(requests, request('a')),
      start,
      { open: 'w', path: from(requests) },
      patch(`${requests}/a`, {}),
      patch(`${requests}/a`, { metadata: { labels: { a: 'b' } } }),
      { read: 'w', events: 1 },
    ],
  },
  {
    name: 'a deletion held by finalizers is MODIFIED, then DELETED',
    steps: [
      post(requests, request('a', {}, { finalizers: ['example.com/hold'] })),
      start,
      { open: 'w', path: from(requests) },
      remove(`${requests}/a`),
      patch(`${requests}/a`, { metadata: { finalizers: null } }),
      { read: 'w', events: 2 },
    ],
  },
  {
    name: 'watch of Leases',
    steps: [
      startLeases,
      { open: 'w', path: from(leases) },
      post(leases, lease('a')),
      patch(`${leases}/a`, { spec: { holderIdentity: 'other' } }),
      remove(`${leases}/a`),
      { read: 'w', events: 3 },
    ],
  },
  {
    name: 'a watch of one namespace sees no other, one of all sees it',
    steps: [
      start,
      {
        open: 'other',
        path: '/apis/kubernaut.ai/v1alpha1/namespaces/nowhere/remediationrequests?watch=true&timeoutSeconds=1&resourceVersion={start}',
      },
      {
        open: 'all',
        path: '/apis/kubernaut.ai/v1alpha1/remediationrequests?watch=true&resourceVersion={start}&fieldSelector=metadata.namespace%3D{ns}',
      },
      post(requests, request('a')),
      { read: 'all', events: 1 },
      { read: 'other', events: 'all' },
    ],
  },
  {
    name: 'initial events end with a bookmark that says so',
    steps: [
      post(requests, request('b')),
      post(requests, request('a')),
      {
        open: 'w',
        path: `${requests}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
      },
      { read: 'w', events: 3 },
      post(requests, request('c')),
      { read: 'w', events: 1 },
    ],
  },
  {
    name: 'a bookmark comes before the end of a watch that allows them',
    steps: [
      start,
      { open: 'w', path: from(requests, '&allowWatchBookmarks=true&timeoutSeconds=5') },
      post(requests, request('a')),
      { read: 'w', events: 2 },
    ],
  },
  {
    name: 'initial events need their match rule, and the rule needs them',
    steps: [
      get(`${requests}?watch=true&sendInitialEvents=true`),
      get(`${requests}?watch=true&resourceVersionMatch=NotOlderThan`),
      get(`${requests}?watch=true&sendInitialEvents=true&resourceVersionMatch=Exact`),
    ],
  },
  {
    name: 'a watch from a version that is no number is refused',
    steps: [get(`${requests}?watch=true&resourceVersion=x`)],
  },
  {
    name: 'a watch with a continue token',
    steps: [get(`${requests}?watch=true&timeoutSeconds=1&continue=x`)],
  },
  {
    name: 'a watch with timeoutSeconds that is no number',
    steps: [get(`${requests}?watch=true&timeoutSeconds=x`)],
  },
  {
    name: 'a watch with selectors that cannot be used is refused before it begins',
    steps: [
      get(`${requests}?watch=true&fieldSelector=spec.signalName%3Dx`),
      get(`${requests}?watch=true&labelSelector=a%20in%20b`),
    ],
  },
];
