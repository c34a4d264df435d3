/** The requests of an action by the contracts of the three systems, as far as they are known before it runs. */
import type { Case, GivenAction, System } from './case.ts';
import { pathOf, type Sent } from './sent.ts';

export type Request = Omit<Sent, 'answer'>;

const text = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);

export interface Subject {
  readonly one: Case;
  readonly action: GivenAction;
}

/** What only the run knows. */
export interface Moment {
  readonly title: string;
  readonly notes: string;
}

export function systemOf({ type }: GivenAction): System {
  if (type === 'service_log' || type === 'limited_support') return 'ocm';
  return type === 'backplane_report' ? 'backplane' : 'pagerduty';
}

export function writeOf({ one, action }: Subject, { title, notes }: Moment): Request {
  const cluster = one.cluster?.id ?? '';
  switch (action.type) {
    case 'service_log':
      return post('ocm', ['', 'api', 'service_logs', 'v1', 'cluster_logs'], {
        kind: 'LogEntry',
        cluster_id: cluster,
        severity: action['severity'],
        service_name: text(action['serviceName'], 'SREManualAction'),
        summary: action['summary'],
        description: text(action['description']),
        internal_only: action['internalOnly'] === true,
      });
    case 'limited_support':
      return post('ocm', reasonsPath(cluster), {
        kind: 'LimitedSupportReason',
        summary: action['summary'],
        details: action['details'],
        detection_type: 'manual',
      });
    case 'backplane_report': {
      const data = action['fromNotes'] === true ? notes : text(action['data']);
      const body = { summary: action['summary'], data: Buffer.from(data).toString('base64') };
      return post('backplane', reportsPath(action), body);
    }
    case 'pagerduty_note': {
      const content = action['fromNotes'] === true ? notes : action['content'];
      return post('pagerduty', [...incidentPath(one), 'notes'], { note: { content } });
    }
    case 'pagerduty_title_update':
      return update(one, { title: `${text(action['prefix'])} ${title}` });
    case 'silence_incident': {
      const id = one.incident?.silentPolicy;
      return update(one, { escalation_policy: { id, type: 'escalation_policy_reference' } });
    }
    default:
      return update(one, { escalation_level: 2 });
  }
}

/** What shows whether it is there already, or whether it has taken effect; an escalation shows in nothing. */
export function lookUpOf({ one, action }: Subject): Request | undefined {
  switch (action.type) {
    case 'service_log': {
      const { id = '', externalId = '' } = one.cluster ?? {};
      const logs = ['', 'api', 'service_logs', 'v1', 'clusters'];
      const search = `summary='${text(action['summary']).replaceAll("'", "''")}'`;
      return externalId === ''
        ? get('ocm', [...logs, 'cluster_logs'], { search, cluster_id: id })
        : get('ocm', [...logs, externalId, 'cluster_logs'], { search });
    }
    case 'limited_support':
      return get('ocm', reasonsPath(one.cluster?.id ?? ''), { page: '1', size: '100' });
    case 'backplane_report':
      return get('backplane', reportsPath(action), { last: '50' });
    case 'pagerduty_note':
      return get('pagerduty', [...incidentPath(one), 'notes']);
    case 'escalate_incident':
      return undefined;
    default:
      return get('pagerduty', incidentPath(one));
  }
}

/** A search whose total is larger than what came is asked for page by page, in an order. */
export function pageOf(search: Request): Request {
  return { ...search, query: { ...search.query, order: 'created_at desc', page: '1', size: '100' } };
}

/** A list of reports has no data, so that a candidate is read. */
export function candidateOf(list: Request): Request {
  return { ...list, path: [...list.path, '<id>'], query: {} };
}

function reasonsPath(cluster: string): string[] {
  return ['', 'api', 'clusters_mgmt', 'v1', 'clusters', cluster, 'limited_support_reasons'];
}

function reportsPath(action: GivenAction): string[] {
  return ['', 'backplane', 'cluster', text(action['clusterId']), 'reports'];
}

function incidentPath({ incident }: Case): string[] {
  return pathOf(`/incidents/${encodeURIComponent(incident?.id ?? '')}`);
}

function update(one: Case, changes: object): Request {
  const body = { incident: { type: 'incident_reference', ...changes } };
  return { system: 'pagerduty', method: 'PUT', path: incidentPath(one), query: {}, body };
}

function post(system: System, path: string[], body: object): Request {
  return { system, method: 'POST', path, query: {}, body };
}

function get(system: System, path: string[], query: Record<string, string> = {}): Request {
  return { system, method: 'GET', path, query };
}
