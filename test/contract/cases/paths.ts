import { type ContractCase, get, patch, post, put, remove } from '../contract-case.ts';
import { allRequests, lease, leases, request, requests } from '../specimens.ts';

interface Group {
  name: string;
}
interface Resource {
  name: string;
}

const only =
  (wanted: readonly string[]) =>
  (body: { resources?: Resource[] }): unknown =>
    body.resources
      ? { ...body, resources: body.resources.filter((one) => wanted.includes(one.name)).map(withoutHash) }
      : body;

/** The server tells there of how it stores a kind. */
function withoutHash(resource: Resource): unknown {
  return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== 'storageVersionHash'));
}

const ours = (body: { groups?: Group[] }): unknown =>
  body.groups?.filter((group) => ['kubernaut.ai', 'coordination.k8s.io'].includes(group.name));

const pathNames = (body: { paths: Record<string, unknown> }): unknown =>
  ['api/v1', 'apis/kubernaut.ai/v1alpha1', 'apis/coordination.k8s.io/v1'].filter(
    (path) => path in body.paths,
  );

const kind = (body: { kind?: string }): unknown => body.kind;

export const pathCases: ContractCase[] = [
  {
    name: 'discovery: the versions of the core',
    steps: [get('/api', { pick: (body: { versions: unknown }) => body.versions })],
  },
  { name: 'discovery: the groups', steps: [get('/apis', { pick: ours })] },
  { name: 'discovery: one group', steps: [get('/apis/kubernaut.ai'), get('/apis/coordination.k8s.io')] },
  {
    name: 'discovery: the kinds of a group',
    steps: [
      get('/apis/kubernaut.ai/v1alpha1'),
      get('/apis/coordination.k8s.io/v1', { pick: only(['leases']) }),
      get('/api/v1', { pick: only(['namespaces', 'events']) }),
    ],
  },
  {
    name: 'discovery: a group or version that is not served',
    steps: [get('/apis/example.com'), get('/apis/example.com/v1'), get('/apis/kubernaut.ai/v9')],
  },
  {
    name: 'openapi: the documents and where they are',
    steps: [
      get('/openapi/v3', { pick: pathNames }),
      get('/openapi/v3/apis/kubernaut.ai/v1alpha1', { pick: kindsDescribed }),
    ],
  },
  {
    name: 'a path that is nothing is 404',
    steps: [get('/nothing'), get('/apis/kubernaut.ai/v1alpha1/nothing'), get(`${requests}/a/nothing`)],
  },
  {
    name: 'a kind that is not served is 404',
    steps: [
      get('/apis/kubernaut.ai/v1alpha1/namespaces/{ns}/nothings/a'),
      get('/apis/kubernaut.ai/v1alpha1/namespaces/{ns}/nothings'),
    ],
  },
  {
    name: 'a missing object is NotFound',
    steps: [get(`${requests}/nope`), get(`${leases}/nope`), get('/api/v1/namespaces/{ns}/events/nope')],
  },
  {
    name: 'a method that the path does not take is refused',
    steps: [
      put(requests, request('a')),
      patch(requests, {}),
      post(`${requests}/a`, request('a')),
      post(allRequests, request('a')),
      remove(allRequests),
      put(leases, lease('a')),
      post(`${leases}/a`, lease('a')),
      post('/apis/coordination.k8s.io/v1/leases', lease('a')),
      post(`${requests}/a/status`, request('a')),
      remove(`${requests}/a/status`),
    ],
  },
  {
    name: 'an answer in a form that the server cannot give is 406',
    steps: [get(requests, { headers: { accept: 'text/html' } })],
  },
  {
    name: 'of several forms that are asked for, JSON is given',
    steps: [
      get(requests, {
        headers: { accept: 'application/json;as=Nothing;v=v9;g=example.com,application/json' },
        pick: kind,
      }),
      get(requests, { headers: { accept: '*/*' }, pick: kind }),
    ],
  },
  {
    name: 'health and version',
    steps: [
      get('/readyz', { pick: () => 'any' }),
      get('/version', { pick: (body: object) => 'gitVersion' in body }),
    ],
  },
];

function kindsDescribed(body: { components: { schemas: Record<string, Record<string, unknown>> } }): unknown {
  const key = 'x-kubernetes-group-version-kind';
  const described = Object.values(body.components.schemas).flatMap((schema) => schema[key] ?? []);
  return (described as { group: string; kind: string }[]).filter((one) => one.kind === 'RemediationRequest');
}
