import { type ContractCase, get, post } from '../contract-case.ts';
import { request, requestSpec, requests, statusOf } from '../specimens.ts';

const query = (text: string): string => `${requests}?${text}`;

export const createCases: ContractCase[] = [
  {
    name: 'create answers 201 with the object as it is stored, and get gives the same',
    steps: [post(requests, request('a')), get(`${requests}/a`)],
  },
  {
    name: 'create of a name that exists is AlreadyExists',
    steps: [post(requests, request('a')), post(requests, request('a'))],
  },
  {
    name: 'create drops status on the main resource',
    steps: [post(requests, statusOf('a', { overallPhase: 'Pending' })), get(`${requests}/a`)],
  },
  {
    name: 'create with a resourceVersion is refused',
    steps: [post(requests, request('a', {}, { resourceVersion: '1' })), get(`${requests}/a`)],
  },
  {
    name: 'create ignores uid, creationTimestamp, generation and selfLink of the body',
    steps: [
      post(
        requests,
        request(
          'a',
          {},
          {
            uid: '11111111-2222-3333-4444-555555555555',
            creationTimestamp: '2001-01-01T00:00:00Z',
            generation: 7,
            selfLink: '/x',
          },
        ),
      ),
    ],
  },
  {
    name: 'create ignores deletionTimestamp of the body',
    steps: [
      post(
        requests,
        request('a', {}, { deletionTimestamp: '2001-01-01T00:00:00Z', deletionGracePeriodSeconds: 5 }),
      ),
    ],
  },
  {
    name: 'create for another namespace than the path names is a bad request',
    steps: [post(requests, request('a', {}, { namespace: 'elsewhere' }))],
  },
  {
    name: 'create with the namespace of the path in the body is fine',
    steps: [post(requests, request('a', {}, { namespace: '{ns}' }))],
  },
  { name: 'create of another kind is refused', steps: [post(requests, request('a', { kind: 'Lease' }))] },
  { name: 'create without a kind is refused', steps: [post(requests, request('a', { kind: undefined }))] },
  {
    name: 'create without an apiVersion is refused',
    steps: [post(requests, request('a', { apiVersion: undefined }))],
  },
  {
    name: 'create of another version or group is refused',
    steps: ['kubernaut.ai/v1', 'coordination.k8s.io/v1'].map((apiVersion) =>
      post(requests, { apiVersion, kind: 'RemediationRequest', metadata: { name: 'a' } }),
    ),
  },
  {
    name: 'create in a namespace that does not exist is NotFound',
    steps: [
      post('/apis/kubernaut.ai/v1alpha1/namespaces/nowhere/remediationrequests', request('a')),
      post('/apis/coordination.k8s.io/v1/namespaces/nowhere/leases', {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: 'a' },
      }),
    ],
  },
  {
    name: 'an unknown field is pruned with a warning by default',
    steps: [
      post(
        requests,
        request('a', {
          spec: requestSpec({ bogus: 1, targetResource: { kind: 'Pod', name: 'p', extra: true } }),
        }),
      ),
    ],
  },
  {
    name: 'an unknown field beside spec is pruned with a warning',
    steps: [post(requests, request('a', { bogus: { inner: 1 } }))],
  },
  {
    name: 'an unknown field of metadata is pruned with a warning',
    steps: [post(requests, request('a', {}, { bogus: 'x' }))],
  },
  {
    name: 'fieldValidation=Ignore prunes without a word',
    steps: [post(query('fieldValidation=Ignore'), request('a', { spec: requestSpec({ bogus: 1 }) }))],
  },
  {
    name: 'fieldValidation=Strict refuses unknown fields, all of them named',
    steps: [
      post(query('fieldValidation=Strict'), request('a', { spec: requestSpec({ bogus: 1, alsoBogus: 2 }) })),
      get(`${requests}/a`),
    ],
  },
  {
    name: 'fieldValidation=Strict refuses a repeated key',
    steps: [
      post(
        query('fieldValidation=Strict'),
        JSON.stringify(request('a')).replace(
          '"severity":"critical"',
          '"severity":"low","severity":"critical"',
        ),
      ),
    ],
  },
  {
    name: 'a repeated key is a warning by default, and the last one counts',
    steps: [
      post(
        requests,
        JSON.stringify(request('a')).replace(
          '"severity":"critical"',
          '"severity":"low","severity":"critical"',
        ),
      ),
    ],
  },
  {
    name: 'an unknown value of fieldValidation is refused',
    steps: [post(query('fieldValidation=Loose'), request('a'))],
  },
  {
    name: 'dryRun=All answers as if, and stores nothing',
    steps: [
      post(query('dryRun=All'), request('a'), { pick: shapeOfDryRun }),
      get(`${requests}/a`),
      post(query('dryRun=All'), request('a', { spec: {} })),
    ],
  },
  {
    name: 'dryRun=All of a name that exists is AlreadyExists',
    steps: [post(requests, request('a')), post(query('dryRun=All'), request('a'))],
  },
  {
    name: 'another value of dryRun is refused',
    steps: [post(query('dryRun=Some'), request('a')), get(`${requests}/a`)],
  },
  {
    name: 'generateName makes a name with five characters behind it',
    steps: [
      post(requests, request('', {}, { name: undefined, generateName: 'rr-' }), {
        save: { generated: 'metadata.name' },
      }),
      get(`${requests}/{generated}`),
    ],
  },
  {
    name: 'a name is needed',
    steps: [post(requests, request('', {}, { name: undefined })), post(requests, request(''))],
  },
  {
    name: 'names are lower-case DNS subdomains',
    steps: ['Upper', 'under_score', '-dash', 'dot.', 'a/b', 'a b', 'ü'].map((name) =>
      post(requests, request(name)),
    ),
  },
  { name: 'a name with dots and digits is fine', steps: [post(requests, request('1.a-2.b'))] },
  {
    name: 'a name has at most 253 characters',
    steps: [
      post(requests, request('a'.repeat(253)), { pick: () => 'created' }),
      post(requests, request('a'.repeat(254))),
    ],
  },
  {
    name: 'label keys and values are validated',
    steps: [
      post(requests, request('a', {}, { labels: { 'bad key': 'x' } })),
      post(requests, request('a', {}, { labels: { key: 'bad value' } })),
      post(requests, request('a', {}, { labels: { 'Bad_Prefix/key': 'x' } })),
      post(requests, request('a', {}, { labels: { key: 'x'.repeat(64) } })),
      post(requests, request('a', {}, { labels: { ['k'.repeat(64)]: 'x' } })),
    ],
  },
  {
    name: 'labels and annotations that hold the rules are kept',
    steps: [
      post(
        requests,
        request(
          'a',
          {},
          {
            labels: { 'kubernaut.ai/managed': 'true', plain: '' },
            annotations: { 'example.com/text': 'any text at all ✓', UPPER: '1' },
          },
        ),
      ),
    ],
  },
  {
    name: 'annotation keys are validated',
    steps: [post(requests, request('a', {}, { annotations: { 'bad key': 'x' } }))],
  },
  {
    name: 'a label that is no string is a bad request',
    steps: [post(requests, request('a', {}, { labels: { key: 1 } }))],
  },
  {
    name: 'an owner reference needs its four fields',
    steps: [
      post(
        requests,
        request('a', {}, { ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }] }),
      ),
      post(
        requests,
        request(
          'b',
          {},
          { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'd', uid: 'u1' }] },
        ),
      ),
    ],
  },
  {
    name: 'a finalizer is a qualified name',
    steps: [
      post(requests, request('a', {}, { finalizers: ['bad finalizer'] })),
      post(requests, request('b', {}, { finalizers: ['example.com/hold'] })),
    ],
  },
  {
    name: 'metadata that is no object is a bad request',
    steps: [post(requests, { ...request('a'), metadata: 'x' })],
  },
  { name: 'a body that is no JSON is a bad request', steps: [post(requests, '{"apiVersion":')] },
  { name: 'a body that is no object is a bad request', steps: [post(requests, '[]'), post(requests, '"x"')] },
  { name: 'an empty body is a bad request', steps: [post(requests, '')] },
  {
    name: 'a content type that the server does not read is 415',
    steps: [post(requests, request('a'), { headers: { 'content-type': 'text/plain' } })],
  },
];

function shapeOfDryRun(body: { metadata: Record<string, unknown> }): unknown {
  return {
    ...body,
    metadata: Object.keys(body.metadata)
      .filter((key) => key !== 'managedFields')
      .sort(),
  };
}
