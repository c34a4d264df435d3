import { RealClock } from '../../../src/time/real-clock.ts';
import type { FakeAnswer, FakeBehaviour, SeenCall } from './fake-server.ts';
import { FakeServer, type LineOf } from './fake-server.ts';
import type { FakeSso } from './fake-sso.ts';

export interface FakeReport {
  clusterId: string;
  report_id: string;
  summary: string;
  /** Base64, as it came. */
  data: string;
  created_at: string;
}

/** Backplane as far as plans reach: the reports of clusters. */
export class FakeBackplane implements FakeBehaviour {
  readonly server: FakeServer;
  readonly reports: FakeReport[] = [];
  readonly #sso: FakeSso;
  readonly #clock = new RealClock();

  constructor(sso: FakeSso, lineOf?: LineOf) {
    this.#sso = sso;
    this.server = new FakeServer(this, lineOf);
  }

  answer(call: SeenCall): FakeAnswer {
    if (!this.#sso.accepts(call.headers.authorization)) return this.#error(403, 'token not accepted');
    const [, clusterId, reportId] =
      /^\/backplane\/cluster\/([^/]+)\/reports(?:\/([^/]+))?$/.exec(call.path) ?? [];
    if (clusterId === undefined) return this.#error(404, 'no such path');
    if (call.method === 'POST') return this.#add(clusterId, call.body as Record<string, unknown>);
    const own = this.reports.filter((report) => report.clusterId === clusterId);
    if (reportId === undefined) return this.#list(clusterId, own, Number(call.query['last'] ?? 10));
    const report = own.find(({ report_id }) => report_id === reportId);
    return report === undefined
      ? this.#error(404, 'report not found')
      : { status: 200, body: withoutCluster(report) };
  }

  errorBody(status: number, message = `the fake answers ${status}`): unknown {
    return { statusCode: status, message };
  }

  #add(clusterId: string, { summary, data }: Record<string, unknown>): FakeAnswer {
    if (typeof summary !== 'string' || typeof data !== 'string') return this.#error(400, 'bad report');
    const report_id = `report-${this.reports.length + 1}`;
    const created_at = new Date(this.#clock.now()).toISOString();
    const report = { clusterId, report_id, summary, data, created_at };
    this.reports.push(report);
    return { status: 201, body: withoutCluster(report) };
  }

  #list(clusterId: string, own: readonly FakeReport[], last: number): FakeAnswer {
    const heads = own
      .slice(-last)
      .reverse()
      .map(({ report_id, summary, created_at }) => ({ report_id, summary, created_at }));
    return { status: 200, body: { cluster_id: clusterId, reports: heads } };
  }

  #error(status: number, message: string): FakeAnswer {
    return { status, body: this.errorBody(status, message) };
  }
}

function withoutCluster({ report_id, summary, data, created_at }: FakeReport): unknown {
  return { report_id, summary, data, created_at };
}
