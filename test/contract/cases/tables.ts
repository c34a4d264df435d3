/** What kubectl asks for instead of objects: a Table of them, or their metadata alone. */
import { type ContractCase, get, patch, post, put, remove } from '../contract-case.ts';
import { event, events, lease, leases, request, requests } from '../specimens.ts';

const asked = (name: string, rest = ''): { headers: Record<string, string> } => ({
  headers: { accept: `application/json;as=${name};v=v1;g=meta.k8s.io${rest}` },
});
/** As kubectl asks. */
const table = asked('Table', ',application/json');
const metadata = asked('PartialObjectMetadata');
const metadataList = asked('PartialObjectMetadataList');

export const tableCases: ContractCase[] = [
  {
    name: 'table of no objects, and of one kind each',
    steps: [
      get(requests, table),
      post(requests, request('b', {}, { labels: { x: '1' } })),
      post(requests, request('a')),
      patch(`${requests}/a/status`, { status: { overallPhase: 'Pending' } }),
      get(requests, table),
      post(leases, lease('l')),
      get(leases, table),
      post(events, event('e')),
      get(events, table),
      get('/api/v1/namespaces/{ns}', table),
    ],
  },
  {
    name: 'table of one object, with all of it, its metadata, or neither',
    steps: [
      post(leases, lease('l', {}, { labels: { x: '1' } })),
      get(`${leases}/l`, table),
      get(`${leases}/l?includeObject=Metadata`, table),
      get(`${leases}/l?includeObject=Object`, table),
      get(`${leases}/l?includeObject=None`, table),
      get(`${leases}/l?includeObject=nonsense`, table),
      post(requests, request('a')),
      get(`${requests}/a?includeObject=Object`, table),
      get(`${requests}?includeObject=Object`, table),
    ],
  },
  {
    name: 'table of a page, with what leads to the next',
    steps: [
      post(leases, lease('a')),
      post(leases, lease('b')),
      get(`${leases}?limit=1`, { ...table, save: { next: 'metadata.continue' } }),
      get(`${leases}?limit=1&continue={next}`, table),
    ],
  },
  {
    name: 'table asked for, refusals stay what they are',
    steps: [
      get(`${leases}/nope`, table),
      get(`${leases}?limit=x`, table),
      get(`${leases}?labelSelector=,,`, table),
    ],
  },
  {
    name: 'table of a write',
    steps: [
      post(leases, lease('l'), table),
      put(`${leases}/l`, lease('l', { leaseTransitions: 1 }), table),
      patch(
        `${leases}/l`,
        { spec: { leaseTransitions: 2 } },
        { headers: { ...table.headers, 'content-type': 'application/merge-patch+json' } },
      ),
      post(requests, request('a'), table),
      remove(`${leases}/l`, undefined, table),
      post(leases, lease('m'), metadata),
      remove(`${leases}/m`, undefined, metadata),
    ],
  },
  {
    name: 'metadata alone, of one and of many',
    steps: [
      post(requests, request('a', {}, { labels: { x: '1' }, annotations: { n: 'here' } })),
      get(`${requests}/a`, metadata),
      get(requests, metadataList),
      get(requests, metadata),
      get(`${requests}/a`, metadataList),
      get(`${requests}/nope`, metadata),
      post(leases, lease('l')),
      get(leases, metadataList),
      get(leases, metadata),
      get(`${leases}/l`, metadataList),
      get('/api/v1/namespaces/{ns}', metadataList),
      remove(leases, undefined, table),
    ],
  },
  {
    name: 'forms that are not known, and those that come after them',
    steps: [
      post(leases, lease('l')),
      get(`${leases}/l`, asked('Nonsense')),
      get(`${leases}/l`, asked('Nonsense', ',application/json')),
      get(`${leases}/l`, { headers: { accept: 'application/json;as=Table;v=v2;g=meta.k8s.io' } }),
      get(`${leases}/l`, { headers: { accept: 'application/json;as=Table;v=v1;g=apps' } }),
      get(`${leases}/l`, { headers: { accept: 'application/json;as=Table;v=v1beta1;g=meta.k8s.io' } }),
      get(`${leases}/l`, { headers: { accept: 'application/json;as=Table' } }),
      get(`${leases}/l`, { headers: { accept: 'text/html;as=Table;v=v1;g=meta.k8s.io, */*' } }),
    ],
  },
  {
    name: 'watch in tables: the columns come with the first event',
    steps: [
      post(requests, request('a')),
      { open: 'w', path: `${requests}?watch=true`, headers: table.headers },
      { read: 'w', events: 1 },
      patch(`${requests}/a/status`, { status: { overallPhase: 'Pending' } }),
      post(requests, request('b')),
      remove(`${requests}/a`),
      { read: 'w', events: 3 },
    ],
  },
  {
    name: 'watch of metadata alone',
    steps: [
      post(leases, lease('a')),
      { open: 'w', path: `${leases}?watch=true`, headers: metadata.headers },
      { read: 'w', events: 1 },
      patch(`${leases}/a`, { metadata: { labels: { x: '1' } } }),
      remove(`${leases}/a`),
      { read: 'w', events: 2 },
    ],
  },
];
