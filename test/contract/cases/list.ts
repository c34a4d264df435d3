import { type ContractCase, get, post, type Step } from '../contract-case.ts';
import {
  allRequests,
  event,
  events,
  fingerprint,
  lease,
  leases,
  request,
  requests,
  requestSpec,
} from '../specimens.ts';

const made = (name: string, spec: Record<string, unknown>, labels: Record<string, string>): Step =>
  post(requests, request(name, { spec: requestSpec(spec) }, { labels }), { pick: () => 'created' });

/** Created out of order; a and c share a fingerprint, b is of another cluster. */
const three: Step[] = [
  made('c', { severity: 'low' }, { app: 'shop', tier: 'web' }),
  made('a', {}, { app: 'shop' }),
  made(
    'b',
    { signalFingerprint: fingerprint('b'), clusterID: 'east', signalType: 'event' },
    { app: 'bank', '9/x': 'y' },
  ),
];

const names = (body: { items?: { metadata: { name: string } }[] }): unknown =>
  body.items?.map((item) => item.metadata.name) ?? body;

const field = (selector: string): Step =>
  get(`${requests}?fieldSelector=${encodeURIComponent(selector)}`, { pick: names });
const label = (selector: string): Step =>
  get(`${requests}?labelSelector=${encodeURIComponent(selector)}`, { pick: names });
const page = (query: string): Step =>
  get(`${requests}?${query}`, { save: { next: 'metadata.continue', version: 'metadata.resourceVersion' } });

export const listCases: ContractCase[] = [
  { name: 'list is in order of names', steps: [...three, get(requests)] },
  { name: 'list of nothing is empty', steps: [get(requests), get(leases)] },
  {
    name: 'list in a namespace that does not exist is empty',
    steps: [get('/apis/kubernaut.ai/v1alpha1/namespaces/nowhere/remediationrequests')],
  },
  {
    name: 'list over all namespaces, by metadata.namespace',
    steps: [...three, get(`${allRequests}?fieldSelector=metadata.namespace%3D{ns}`, { pick: names })],
  },
  {
    name: 'fields that can be selected',
    steps: [
      ...three,
      field(`spec.signalFingerprint=${fingerprint('a')}`),
      field('spec.severity=low'),
      field('spec.signalType=event'),
      field('spec.clusterID=east'),
      field('metadata.name=b'),
      field('metadata.namespace={ns}'),
    ],
  },
  {
    name: 'selectors of fields can be negated, doubled and joined',
    steps: [
      ...three,
      field('spec.severity!=low'),
      field('spec.severity==low'),
      field('spec.severity=critical,metadata.name!=b'),
      field('spec.clusterID='),
      field('spec.clusterID!='),
      field('metadata.name=nobody'),
      field(''),
    ],
  },
  {
    name: 'other fields cannot be selected',
    steps: [
      field('spec.signalName=x'),
      field('status.overallPhase=Pending'),
      field('metadata.uid=x'),
      get(`${leases}?fieldSelector=spec.holderIdentity%3Dx`),
      get(`${allRequests}?fieldSelector=spec.signalName%3Dx`),
    ],
  },
  {
    name: 'a field selector that cannot be read is a bad request',
    steps: [field('spec.severity'), field('a=b=c,')],
  },
  {
    name: 'labels can be selected in every way',
    steps: [
      ...three,
      label('app=shop'),
      label('app==shop'),
      label('app=='),
      label('app in ()'),
      label('app!=shop'),
      label('app in (bank, other)'),
      label('app notin (bank)'),
      label('tier'),
      label('!tier'),
      label('app=shop,tier notin (api)'),
      label('9/x=y'),
      label('app='),
      label('tier notin (web)'),
    ],
  },
  {
    name: 'a label selector that cannot be read is a bad request',
    steps: [label('app in shop'), label('=x'), label('bad key=x'), label('a=b c'), label('a=-x')],
  },
  {
    name: 'fields and labels select together',
    steps: [
      ...three,
      get(`${requests}?fieldSelector=spec.severity%3Dcritical&labelSelector=app%3Dshop`, { pick: names }),
    ],
  },
  {
    name: 'limit and continue go through the list, counting what remains',
    steps: [...three, page('limit=2'), page('limit=2&continue={next}')],
  },
  {
    name: 'limit as large as the list ends it',
    steps: [
      ...three,
      get(`${requests}?limit=3`, { pick: pageShape }),
      get(`${requests}?limit=0`, { pick: pageShape }),
    ],
  },
  {
    name: 'what remains is not counted under a selector',
    steps: [
      ...three,
      get(`${requests}?limit=1&fieldSelector=spec.signalFingerprint%3D${fingerprint('a')}`, {
        pick: pageShape,
      }),
    ],
  },
  {
    name: 'a continued list is of the moment when it began',
    steps: [
      ...three,
      page('limit=1'),
      made('bb', {}, {}),
      get(`${requests}?limit=5&continue={next}`, { pick: names }),
    ],
  },
  {
    name: 'a continue token that is none is a bad request',
    steps: [get(`${requests}?continue=garbage`), get(`${requests}?limit=1&continue=e30`)],
  },
  {
    name: 'a continue token does not go with a resourceVersion',
    steps: [...three, page('limit=1'), get(`${requests}?continue={next}&resourceVersion={version}`)],
  },
  {
    name: 'what is older than the history is Expired, a continue token with one to go on from now',
    steps: [
      ...three,
      page('limit=1'),
      made('d', {}, {}),
      { expireHistory: true },
      get(`${requests}?resourceVersion={version}&resourceVersionMatch=Exact`),
      get(`${requests}?limit=1&continue={next}`, { save: { next: 'metadata.continue' } }),
      get(`${requests}?limit=5&continue={next}`, { pick: names }),
      { open: 'w', path: `${requests}?watch=true&resourceVersion=1` },
      { read: 'w', events: 'all' },
    ],
  },
  {
    name: 'a limit that is no number, or negative',
    steps: [get(`${requests}?limit=x`), get(`${requests}?limit=-1`, { pick: pageShape })],
  },
  {
    name: 'a resourceVersion from the future times out',
    steps: [
      get(`${requests}?resourceVersion=99999999999`),
      get(`${requests}?resourceVersion=99999999999&resourceVersionMatch=Exact`),
      post(requests, request('a')),
      get(`${requests}/a?resourceVersion=99999999999`),
    ],
  },
  { name: 'a resourceVersion that is no number is refused', steps: [get(`${requests}?resourceVersion=x`)] },
  {
    name: 'resourceVersionMatch has rules of its own',
    steps: [
      get(`${requests}?resourceVersionMatch=Exact`),
      get(`${requests}?resourceVersion=0&resourceVersionMatch=Exact`),
      get(`${requests}?resourceVersion=1&resourceVersionMatch=Roughly`),
      get(`${requests}?sendInitialEvents=true`),
    ],
  },
  {
    name: 'a list not older than a version that we have seen',
    steps: [
      ...three,
      page('limit=1'),
      get(`${requests}?resourceVersion={version}&resourceVersionMatch=NotOlderThan`, { pick: names }),
      get(`${requests}?resourceVersion={version}`, { pick: names }),
    ],
  },
  {
    name: 'a list at exactly a version leaves out what came later',
    steps: [
      ...three,
      page('limit=1'),
      made('d', {}, {}),
      get(`${requests}?resourceVersion={version}&resourceVersionMatch=Exact`, { pick: names }),
    ],
  },
  {
    name: 'a list with resourceVersion=0 is some state, without waiting',
    steps: [get(`${requests}?resourceVersion=0`, { pick: kindOf })],
  },
  {
    name: 'Leases can be listed, selected and paged the same way',
    steps: [
      post(leases, lease('b', {}, { labels: { x: 'y' } })),
      post(leases, lease('a')),
      get(`${leases}?labelSelector=x`, { pick: names }),
      get(`${leases}?fieldSelector=metadata.name%3Da`, { pick: names }),
      get(`${leases}?limit=1`, { pick: pageShape }),
      get(leases),
    ],
  },
  {
    name: 'core Events can be selected by what they are about',
    steps: [
      post(events, event('a')),
      post(events, event('b', { reason: 'Killing', type: 'Normal' })),
      get(`${events}?fieldSelector=reason%3DKilling`, { pick: names }),
      get(`${events}?fieldSelector=involvedObject.name%3Dcheckout-0,type%3DWarning`, { pick: names }),
      get(`${events}?fieldSelector=bogus%3Dx`),
    ],
  },
];

function pageShape(body: { metadata: Record<string, unknown>; items?: unknown[] }): unknown {
  return body.items ? { metadata: body.metadata, items: body.items.length } : body;
}

function kindOf(body: { kind: string }): unknown {
  return body.kind;
}
