/**
 * The one table of what each command asks of the API server. Names and verbs are RBAC's. What a command does only
 * on the way through a rare case (taking over an expired lock, a conflict) is in it too.
 */
import { optionName } from '../errors/option-name.ts';
import type { CommandPermissions, NeededPermission } from './permission.ts';

function requests(verb: string, options: { without?: string; subresource?: string } = {}): NeededPermission {
  return { verb, scope: 'requests', group: 'requests', resource: 'remediationrequests', ...options };
}

function leases(verb: string, without?: string): NeededPermission {
  const lease = { verb, scope: 'leases', group: 'coordination.k8s.io', resource: 'leases' } as const;
  return without === undefined ? lease : { ...lease, without };
}

function path(resource: string, without?: string): NeededPermission {
  const read = { verb: 'get', scope: 'path', resource } as const;
  return without === undefined ? read : { ...read, without };
}

function lookup(group: string, resource: string, without?: string): NeededPermission {
  const read = { verb: 'get', scope: 'cluster', group, resource } as const;
  return without === undefined ? read : { ...read, without };
}

const signalsAbout = (what: string): string => `signals about ${what} fail`;

/** Where the owner walk may lead, and what a signal may name, in whatever namespace. */
const ownerLookups: readonly NeededPermission[] = [
  lookup('', 'pods'),
  lookup('apps', 'deployments'),
  lookup('apps', 'replicasets'),
  lookup('apps', 'statefulsets'),
  lookup('apps', 'daemonsets'),
  lookup('batch', 'jobs'),
  lookup('batch', 'cronjobs'),
  lookup('', 'nodes', signalsAbout('nodes')),
  lookup('', 'services', signalsAbout('services')),
  { ...lookup('', 'pods', 'signals about services keep the service as their target'), verb: 'list' },
  lookup('autoscaling', 'horizontalpodautoscalers', signalsAbout('autoscalers')),
  lookup('policy', 'poddisruptionbudgets', signalsAbout('disruption budgets')),
  lookup('', 'configmaps', signalsAbout('config maps')),
  lookup('', 'secrets', signalsAbout('secrets')),
  lookup('', 'persistentvolumes', signalsAbout('persistent volumes')),
  lookup('', 'persistentvolumeclaims', signalsAbout('volume claims')),
];

const scopeLookup = lookup('', 'namespaces');
const joinedRequests = requests('list', { without: 'locks are shown without their requests' });
const takeover = [leases('get'), leases('update')];
const forcedEvent: NeededPermission = { verb: 'create', scope: 'leases', resource: 'events' };
const elsewhere: NeededPermission = {
  verb: 'list',
  scope: 'cluster',
  group: 'coordination.k8s.io',
  resource: 'leases',
  without: 'locks in other namespaces are not found',
};

/** What each command asks of the API server. */
export function neededPermissions(): readonly CommandPermissions[] {
  return [
    {
      command: 'every command',
      needs: [
        path('/api'),
        path('/apis'),
        path('/apis/{group}/{version}'),
        path('/openapi/v3/apis/{group}/{version}', 'every field counts as served'),
        path('/version', 'version and doctor do not see the server'),
      ],
    },
    { command: 'signal normalize', needs: ownerLookups },
    {
      command: 'signal ingest',
      needs: [
        ...ownerLookups,
        scopeLookup,
        leases('create'),
        ...takeover,
        leases('delete'),
        requests('list'),
        requests('get'),
        requests('create'),
        requests('update', { subresource: 'status' }),
        requests('patch', { subresource: 'status' }),
      ],
    },
    {
      command: 'signal ingest of many',
      needs: [
        leases('watch', 'signals are handled one by one, with a LIST each'),
        requests('watch', { without: 'signals are handled one by one, with a LIST each' }),
      ],
    },
    {
      command: 'signal explain',
      needs: [...ownerLookups, scopeLookup, leases('get', 'the lock is not shown'), requests('list')],
    },
    {
      command: 'signal send',
      needs: [
        ...ownerLookups,
        scopeLookup,
        requests('get', { without: 'counts are not read from the requests' }),
        requests('list', { without: 'an answer that was lost is not looked up' }),
      ],
    },
    { command: 'request list', needs: [requests('list')] },
    { command: 'request get', needs: [requests('get')] },
    { command: 'request watch', needs: [requests('list'), requests('watch')] },
    {
      command: 'request ack',
      needs: [
        requests('get'),
        requests('list'),
        requests('patch'),
        requests('patch', { subresource: 'status' }),
      ],
    },
    { command: 'lease list', needs: [leases('list'), joinedRequests] },
    {
      command: 'lease watch',
      needs: [
        leases('list'),
        leases('watch'),
        joinedRequests,
        requests('watch', { without: 'locks are shown without their requests' }),
      ],
    },
    { command: 'lease get', needs: [leases('get'), joinedRequests] },
    { command: 'lease acquire', needs: [leases('create'), ...takeover] },
    { command: 'lease renew', needs: takeover },
    { command: 'lease release', needs: [leases('get'), leases('delete')] },
    { command: `lease renew, release ${optionName('force')}`, needs: [forcedEvent] },
    { command: 'lease run', needs: [leases('create'), ...takeover, leases('delete')] },
    {
      command: 'lease doctor',
      needs: [
        leases('list'),
        leases('delete', `${optionName('fix')} releases nothing`),
        joinedRequests,
        elsewhere,
        { ...lookup('', 'pods', 'whether the pods of holders are there is not looked up'), verb: 'list' },
      ],
    },
    {
      command: 'dedup show',
      needs: [requests('list'), requests('get'), leases('get', 'the lock is not shown')],
    },
    { command: 'dedup show and lease commands of a KIND/NAME', needs: ownerLookups },
    {
      command: 'dedup list',
      needs: [requests('list'), requests('watch', { without: `${optionName('watch')} does not work` })],
    },
    // Where a cluster is configured, its lease keeps two machines from running one plan at once.
    { command: 'plan run', needs: [leases('create'), ...takeover, leases('delete')] },
    { command: 'plan resume', needs: [leases('create'), ...takeover, leases('delete')] },
    {
      command: 'doctor',
      needs: [
        {
          verb: 'create',
          scope: 'cluster',
          group: 'authorization.k8s.io',
          resource: 'selfsubjectaccessreviews',
        },
        {
          verb: 'create',
          scope: 'cluster',
          group: 'authentication.k8s.io',
          resource: 'selfsubjectreviews',
          without: 'as whom the server sees us is not known',
        },
        {
          verb: 'get',
          scope: 'requests',
          resource: 'namespaces',
          without: 'whether the namespaces exist is not known',
        },
        {
          verb: 'get',
          scope: 'leases',
          resource: 'namespaces',
          without: 'whether the namespaces exist is not known',
        },
        leases('list', 'stuck locks are not found'),
        requests('list', { without: 'whether requests can be selected by fingerprint is not known' }),
        elsewhere,
      ],
    },
  ];
}
