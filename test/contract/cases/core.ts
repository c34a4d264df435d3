import { type ContractCase, get, patch, post, remove } from '../contract-case.ts';
import { event, events, namespaces } from '../specimens.ts';

const namespace = (name: string, metadata: Record<string, unknown> = {}): unknown => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, ...metadata },
});

const names = (body: { items?: { metadata: { name: string } }[] }): unknown =>
  body.items?.map((item) => item.metadata.name) ?? body;

export const coreCases: ContractCase[] = [
  { name: 'Namespace: get', steps: [get(`${namespaces}/{ns}`), get(`${namespaces}/{ns}-absent`)] },
  {
    name: 'Namespace: create, active at once',
    steps: [post(namespaces, namespace('{ns}-x', { labels: { 'kubernaut.ai/managed': 'true' } }))],
  },
  {
    name: 'Namespace: create of a name that exists is AlreadyExists',
    steps: [post(namespaces, namespace('{ns}'))],
  },
  {
    name: 'Namespace: names are DNS labels',
    steps: [
      post(namespaces, namespace('a.b')),
      post(namespaces, namespace('Upper')),
      post(namespaces, namespace('a'.repeat(64))),
    ],
  },
  {
    name: 'Namespace: can be labelled and selected',
    steps: [
      patch(`${namespaces}/{ns}`, { metadata: { labels: { 'kubernaut.ai/managed': 'true', run: '{ns}' } } }),
      get(`${namespaces}?labelSelector=run%3D{ns}`, { pick: names }),
      get(`${namespaces}?fieldSelector=metadata.name%3D{ns}`, { pick: names }),
    ],
  },
  { name: 'Event: create and get', steps: [post(events, event('a')), get(`${events}/a`)] },
  {
    name: 'Event: must be about something in its namespace',
    steps: [
      post(events, event('a', { involvedObject: { kind: 'Pod', name: 'p', namespace: 'elsewhere' } })),
      post(events, event('b', { involvedObject: { kind: 'Node', name: 'n' } })),
    ],
  },
  {
    name: 'Event: an unknown field is dropped with a warning',
    steps: [post(events, event('a', { bogus: 1 }))],
  },
  { name: 'Event: a count is no string', steps: [post(events, event('a', { count: '7' }))] },
  {
    name: 'Event: a time that is no time is a bad request',
    steps: [post(events, event('a', { lastTimestamp: 'now' }))],
  },
  { name: 'Event: delete', steps: [post(events, event('a')), remove(`${events}/a`), get(`${events}/a`)] },
];
