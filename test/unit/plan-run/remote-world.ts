import type { BackplaneClient, Report } from '../../../src/backplane/backplane-client.ts';
import { RemoteError, UnknownOutcomeError } from '../../../src/http/remote-error.ts';
import type { CallOptions, RemoteSystem, SentRequest } from '../../../src/http/remote-request.ts';
import type { LimitedSupportReason, OcmClient, ServiceLogEntry } from '../../../src/ocm/ocm-client.ts';
import type { IncidentNote, PagerDutyClient } from '../../../src/pagerduty/pagerduty-client.ts';
import type { RemoteClients } from '../../../src/plan-run/effect-context.ts';
import type { Clock } from '../../../src/time/clock.ts';

export interface Called {
  system: RemoteSystem;
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  body?: Record<string, unknown>;
}

interface Refusal {
  status: number;
  retryAfterSeconds?: number;
  messages?: string[];
}

/** What goes wrong with a request: before its effect, or after it. */
export type Fault =
  Refusal | 'refused' | 'lostBefore' | 'lostAfter' | 'unreadable' | { status: number; after: true };

/** PagerDuty, OCM and Backplane with their state, behind the clients' own interfaces, failing on demand. */
export class RemoteWorld implements RemoteClients {
  readonly calls: Called[] = [];
  readonly notes: IncidentNote[] = [];
  readonly serviceLogs: ServiceLogEntry[] = [];
  readonly limitedSupports: LimitedSupportReason[] = [];
  readonly reports: Report[] = [];
  title = 'cluster has gone missing';
  policy = 'PNORMAL';
  escalations = 0;
  /** Asked for each request, in the order of arrival. */
  fault: (called: Called, count: number) => Fault | undefined = () => undefined;
  /** Runs before and after each request's effect; what it throws kills the process, so to speak. */
  at: (point: string) => void = () => undefined;
  readonly #clock: Clock;
  #ids = 0;
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  writes(): string[] {
    return this.calls.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  }

  pagerduty(): Promise<PagerDutyClient> {
    const path = (id: string): string => `/incidents/${id}`;
    const client = {
      createNote: (id, content, call) =>
        this.#write(
          { system: 'pagerduty', method: 'POST', path: `${path(id)}/notes`, body: { content } },
          call,
          () => {
            const note = { id: this.#id('note'), content, createdAt: this.#now() };
            this.notes.push(note);
            return note;
          },
        ),
      listNotes: (id, call) =>
        this.#read({ system: 'pagerduty', method: 'GET', path: `${path(id)}/notes` }, call, () => [
          ...this.notes,
        ]),
      updateIncident: (id, changes, call) =>
        this.#write(
          { system: 'pagerduty', method: 'PUT', path: path(id), body: { ...changes } },
          call,
          () => {
            if (changes.title !== undefined) this.title = changes.title;
            if (changes.escalationPolicy !== undefined) this.policy = changes.escalationPolicy;
            if (changes.escalationLevel !== undefined) this.escalations += 1;
          },
        ),
      getIncident: (id, call) =>
        this.#read({ system: 'pagerduty', method: 'GET', path: path(id) }, call, () => ({
          id,
          title: this.title,
          status: 'triggered',
          escalationPolicyId: this.policy,
        })),
      getEscalationPolicy: (id, call) =>
        this.#read({ system: 'pagerduty', method: 'GET', path: `/escalation_policies/${id}` }, call, () => ({
          id,
        })),
    } satisfies Partial<PagerDutyClient> as unknown as PagerDutyClient;
    return Promise.resolve(client);
  }

  ocm(): Promise<OcmClient> {
    const client = {
      createServiceLog: (log, call) =>
        this.#write(
          { system: 'ocm', method: 'POST', path: '/api/service_logs/v1/cluster_logs', body: { ...log } },
          call,
          () => {
            const { summary, description, internalOnly } = log;
            const hidden = internalOnly ? ({ internalOnly } as const) : {};
            const entry = { id: this.#id('log'), summary, description, ...hidden, createdAt: this.#now() };
            this.serviceLogs.push(entry);
            return entry;
          },
        ),
      findServiceLogs: (logged, summary, call) =>
        this.#read(
          {
            system: 'ocm',
            method: 'GET',
            path: `/api/service_logs/v1/clusters/${typeof logged === 'string' ? logged : logged.clusterId}/cluster_logs`,
          },
          call,
          () => this.serviceLogs.filter((entry) => entry.summary === summary),
        ),
      createLimitedSupport: (id, reason, call) =>
        this.#write(
          {
            system: 'ocm',
            method: 'POST',
            path: `/api/clusters_mgmt/v1/clusters/${id}/limited_support_reasons`,
            body: { ...reason },
          },
          call,
          () => {
            const made = { ...reason, id: this.#id('reason'), createdAt: this.#now() };
            this.limitedSupports.push(made);
            return made;
          },
        ),
      getCluster: (id, call) =>
        this.#read(
          { system: 'ocm', method: 'GET', path: `/api/clusters_mgmt/v1/clusters/${id}` },
          call,
          () => ({
            id,
            externalId: 'e1',
          }),
        ),
      listLimitedSupport: (id, call) =>
        this.#read(
          {
            system: 'ocm',
            method: 'GET',
            path: `/api/clusters_mgmt/v1/clusters/${id}/limited_support_reasons`,
          },
          call,
          () => [...this.limitedSupports],
        ),
    } satisfies Partial<OcmClient> as unknown as OcmClient;
    return Promise.resolve(client);
  }

  backplane(): Promise<BackplaneClient> {
    const path = (id: string): string => `/backplane/cluster/${id}/reports`;
    const client: BackplaneClient = {
      createReport: (id, { summary, data }, call) =>
        this.#write(
          { system: 'backplane', method: 'POST', path: path(id), body: { summary, data } },
          call,
          () => {
            const report = { reportId: this.#id('report'), summary, data, createdAt: this.#now() };
            this.reports.unshift(report);
            return report;
          },
        ),
      listReports: (id, last, call) =>
        this.#read({ system: 'backplane', method: 'GET', path: path(id) }, call, () =>
          this.reports.slice(0, last),
        ),
      getReport: (id, reportId, call) =>
        this.#read({ system: 'backplane', method: 'GET', path: `${path(id)}/${reportId}` }, call, () => {
          const found = this.reports.find((report) => report.reportId === reportId);
          if (found === undefined)
            throw new RemoteError('NOT_FOUND', 'no such report', { system: 'backplane' });
          return found;
        }),
    };
    return Promise.resolve(client);
  }

  #read<T>(called: Called, call: CallOptions | undefined, effect: () => T): Promise<T> {
    return this.#exchange(called, call, effect);
  }

  #write<T>(called: Called, call: CallOptions | undefined, effect: () => T): Promise<T> {
    return this.#exchange(called, call, effect);
  }

  async #exchange<T>(called: Called, call: CallOptions | undefined, effect: () => T): Promise<T> {
    const { system, method } = called;
    const name = `${method} ${called.path}`;
    if (call?.signal?.aborted === true) throw new RemoteError('ABORTED', 'stopped', { system });
    const sent: SentRequest = {
      system,
      method,
      url: `https://${system}.test${called.path}`,
      body: JSON.stringify(called.body),
    };
    await call?.beforeSend?.(sent);
    this.at(`before ${name}`);
    this.#count += 1;
    const fault = this.fault(called, this.#count);
    if (fault !== 'refused') this.calls.push(called);
    await Promise.resolve();
    if (fault === 'refused')
      throw new RemoteError('UNREACHABLE', 'connection refused', { system, errno: 'ECONNREFUSED' });
    if (fault === 'lostBefore') throw this.#lost(called, { errno: 'ECONNRESET' });
    if (isBefore(fault)) {
      await call?.onAnswer?.({ httpStatus: fault.status, dateMs: this.#clock.now() }, sent);
      throw this.#refusal(called, fault);
    }
    const result = effect();
    this.at(`after ${name}`);
    if (fault === 'lostAfter') throw this.#lost(called, { errno: 'ETIMEDOUT' });
    const status = typeof fault === 'object' ? fault.status : method === 'POST' ? 201 : 200;
    await call?.onAnswer?.({ httpStatus: status, dateMs: this.#clock.now() }, sent);
    if (fault === 'unreadable' || typeof fault === 'object') throw this.#lost(called, { httpStatus: status });
    return result;
  }

  #refusal({ system, method }: Called, fault: Refusal): RemoteError {
    const { status, retryAfterSeconds, messages } = fault;
    if (status >= 500 && status !== 503 && method !== 'GET') {
      return this.#lost({ system, method, path: '' }, { httpStatus: status });
    }
    return new RemoteError(
      status === 401 ? 'CREDENTIALS_FAILED' : 'REMOTE_ERROR',
      `${system} answered ${status}`,
      {
        system,
        httpStatus: status,
        retryAfterSeconds,
        remoteMessages: messages,
      },
    );
  }

  /** A read that is lost has not changed anything, so it is no unknown outcome. */
  #lost({ system, method }: Called, facts: { httpStatus?: number; errno?: string }): RemoteError {
    return method === 'GET'
      ? new RemoteError(facts.errno === 'ETIMEDOUT' ? 'TIMEOUT' : 'UNREACHABLE', 'lost', { system, ...facts })
      : new UnknownOutcomeError('nobody knows', { system, ...facts });
  }

  #id(what: string): string {
    this.#ids += 1;
    return `${what}-${this.#ids}`;
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

function isBefore(fault: Fault | undefined): fault is Refusal {
  return typeof fault === 'object' && !('after' in fault);
}
