import { RealClock } from '../../../src/time/real-clock.ts';
import type { FakeAnswer, FakeBehaviour, SeenCall } from './fake-server.ts';
import { FakeServer, type LineOf } from './fake-server.ts';

export interface FakeIncident {
  id: string;
  title: string;
  status: string;
  escalationPolicy: string;
  escalationLevel: number;
  alerts: { id: string; details: unknown }[];
}

export interface FakeNote {
  id: string;
  incidentId: string;
  content: string;
  from: string;
  createdAt: string;
}

export interface FakeUser {
  id: string;
  name: string;
  email: string;
  role: string;
}

export const pagerDutyToken = 'pd-key-0123456789';
/** Of OAuth, and of the user `PUSER01`. */
export const pagerDutyOAuthToken = 'pdus+_0XBPWQQ_0123456789';
export const pagerDutyUser = 'sre@example.com';

/** PagerDuty REST v2 as far as plans reach: incidents, notes, alerts. */
export class FakePagerDuty implements FakeBehaviour {
  /** Names by id. */
  readonly escalationPolicies = new Map([['PSILENT1', 'Silent']]);
  readonly users: FakeUser[] = [{ id: 'PUSER01', name: 'An SRE', email: pagerDutyUser, role: 'user' }];
  readonly server: FakeServer;
  readonly incidents = new Map<string, FakeIncident>();
  readonly notes: FakeNote[] = [];
  /** Every change of an escalation level, in order: each pages people. */
  readonly escalations: { incidentId: string; level: number }[] = [];

  constructor(lineOf?: LineOf) {
    this.server = new FakeServer(this, lineOf);
  }

  addIncident(fields: Partial<FakeIncident> & { id: string }): FakeIncident {
    const incident: FakeIncident = {
      title: 'ClusterHasGoneMissing',
      status: 'triggered',
      escalationPolicy: 'PLOUD01',
      escalationLevel: 1,
      alerts: [],
      ...fields,
    };
    this.incidents.set(incident.id, incident);
    return incident;
  }

  answer(call: SeenCall): FakeAnswer {
    const { authorization } = call.headers;
    const isOAuth = authorization === `Bearer ${pagerDutyOAuthToken}`;
    if (!isOAuth && authorization !== `Token token=${pagerDutyToken}`) return this.#error(401);
    if (call.headers.accept !== 'application/vnd.pagerduty+json;version=2') return this.#error(406);
    if (`${call.method} ${call.path}` === 'GET /users/me') return this.#currentUser(isOAuth);
    const account = this.#readAccount(call);
    if (account !== undefined) return account;
    const [, id = '', part = ''] = /^\/incidents\/([^/]+)(?:\/(notes|alerts))?$/.exec(call.path) ?? [];
    const incident = this.incidents.get(id);
    if (incident === undefined) return this.#error(404);
    if (call.method === 'GET') return this.#read(incident, part, call);
    const from = call.headers.from ?? '';
    if (from !== pagerDutyUser) return this.#error(400, ["The 'From' header is missing or unknown."]);
    if (call.method === 'POST' && part === 'notes') return this.#addNote(incident, call, from);
    return call.method === 'PUT' && part === '' ? this.#update(incident, call) : this.#error(404);
  }

  errorBody(status: number, errors: readonly string[] = []): unknown {
    const [code, message] = known.get(status) ?? [2000, 'Internal Error'];
    return { error: { code, message, errors } };
  }

  /** What the account has beside incidents. */
  #readAccount({ method, path, query }: SeenCall): FakeAnswer | undefined {
    const [, policy] = /^\/escalation_policies\/([^/]+)$/.exec(path) ?? [];
    if (policy !== undefined && method === 'GET') return this.#readPolicy(policy);
    return path === '/users' && method === 'GET' ? this.#findUsers(query) : undefined;
  }

  /** A key of the account is nobody's. */
  #currentUser(isOAuth: boolean): FakeAnswer {
    const [user] = isOAuth ? this.users : [];
    if (user === undefined) return this.#error(400, ['A requesting user is required.']);
    return { status: 200, body: { user: userBody(user) }, headers: allowance };
  }

  #findUsers({ query = '', limit = '25', offset = '0' }: SeenCall['query']): FakeAnswer {
    const wanted = query.toLowerCase();
    const found = this.users.filter(({ name, email }) =>
      [name, email].some((text) => text.toLowerCase().includes(wanted)),
    );
    const end = Number(offset) + Number(limit);
    const users = found.slice(Number(offset), end).map(userBody);
    const page = { limit: Number(limit), offset: Number(offset), more: end < found.length, total: null };
    return { status: 200, body: { users, ...page }, headers: allowance };
  }

  #readPolicy(id: string): FakeAnswer {
    const name = this.escalationPolicies.get(id);
    if (name === undefined) return this.#error(404);
    const rule = {
      id: 'PRULE01',
      escalation_delay_in_minutes: 30,
      targets: [{ id: 'PUSER01', type: 'user_reference' }],
    };
    const policy = { id, type: 'escalation_policy', name, escalation_rules: [rule] };
    return { status: 200, body: { escalation_policy: policy }, headers: allowance };
  }

  #read(incident: FakeIncident, part: string, call: SeenCall): FakeAnswer {
    if (part === 'notes') {
      const notes = this.notes.filter(({ incidentId }) => incidentId === incident.id);
      return { status: 200, body: { notes: notes.map(noteBody) }, headers: allowance };
    }
    if (part === '') return { status: 200, body: { incident: incidentBody(incident) }, headers: allowance };
    const limit = Number(call.query['limit'] ?? 25);
    const offset = Number(call.query['offset'] ?? 0);
    const alerts = incident.alerts.slice(offset, offset + limit).map(alertBody);
    const more = offset + limit < incident.alerts.length;
    return { status: 200, body: { alerts, limit, offset, more }, headers: allowance };
  }

  #addNote(incident: FakeIncident, call: SeenCall, from: string): FakeAnswer {
    const content = field(field(call.body, 'note'), 'content');
    if (typeof content !== 'string' || content === '') return this.#error(400, ['Content cannot be empty.']);
    const note: FakeNote = {
      id: `PNOTE${this.notes.length + 1}`,
      incidentId: incident.id,
      content,
      from,
      createdAt: new Date(clock.now()).toISOString(),
    };
    this.notes.push(note);
    return { status: 200, body: { note: noteBody(note) }, headers: allowance };
  }

  #update(incident: FakeIncident, call: SeenCall): FakeAnswer {
    const changes = field(call.body, 'incident');
    if (field(changes, 'type') !== 'incident_reference') return this.#error(400, ['Type is invalid.']);
    if (incident.status === 'resolved') return this.#error(400, ['Incident Already Resolved']);
    const policy = field(changes, 'escalation_policy');
    if (policy !== undefined && typeof field(policy, 'id') !== 'string') {
      return this.#error(400, ['Escalation policy is required.']);
    }
    if (policy !== undefined) incident.escalationPolicy = String(field(policy, 'id'));
    const title = field(changes, 'title');
    if (typeof title === 'string') incident.title = title;
    const status = field(changes, 'status');
    if (typeof status === 'string') incident.status = status;
    const level = field(changes, 'escalation_level');
    if (typeof level === 'number') {
      incident.escalationLevel = level;
      this.escalations.push({ incidentId: incident.id, level });
    }
    return { status: 200, body: { incident: incidentBody(incident) }, headers: allowance };
  }

  #error(status: number, errors: readonly string[] = []): FakeAnswer {
    return { status, body: this.errorBody(status, errors) };
  }
}

const clock = new RealClock();
const allowance = { 'ratelimit-limit': '960', 'ratelimit-remaining': '958', 'ratelimit-reset': '30' };

const known = new Map<number, [number, string]>([
  [400, [2001, 'Invalid Input Provided']],
  [401, [2006, 'Authentication failed']],
  [403, [2010, 'Access Denied']],
  [404, [2100, 'Not Found']],
  [429, [2020, 'Rate Limit Exceeded']],
]);

function incidentBody(incident: FakeIncident): unknown {
  return {
    id: incident.id,
    type: 'incident',
    summary: `[#1234] ${incident.title}`,
    self: `https://api.pagerduty.com/incidents/${incident.id}`,
    html_url: `https://example.pagerduty.com/incidents/${incident.id}`,
    incident_number: 1234,
    title: incident.title,
    status: incident.status,
    service: reference('service_reference', 'PSERVICE'),
    escalation_policy: reference('escalation_policy_reference', incident.escalationPolicy),
  };
}

function noteBody(note: FakeNote): unknown {
  return {
    id: note.id,
    user: reference('user_reference', 'PUSER01'),
    channel: { summary: 'The PagerDuty website or APIs' },
    content: note.content,
    created_at: note.createdAt,
  };
}

function alertBody({ id, details }: { id: string; details: unknown }): unknown {
  return {
    id,
    type: 'alert',
    summary: 'an alert',
    self: `https://api.pagerduty.com/alerts/${id}`,
    html_url: `https://example.pagerduty.com/alerts/${id}`,
    status: 'triggered',
    body: { type: 'alert_body', details },
  };
}

function userBody({ id, name, email, role }: FakeUser): unknown {
  const self = `https://api.pagerduty.com/users/${id}`;
  return { id, type: 'user', summary: name, self, html_url: null, name, email, role };
}

function reference(type: string, id: string): unknown {
  return { id, type, summary: id, self: `https://api.pagerduty.com/${id}`, html_url: null };
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
