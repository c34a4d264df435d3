/** A case through remedyctl: the plan file, its checks, the executor, the clients, real sockets. */
import { backplaneClient } from '../../../src/backplane/backplane-client.ts';
import type { ExchangeEnd } from '../../../src/http/exchange.ts';
import { RemoteHttp, type WireRequest } from '../../../src/http/remote-http.ts';
import { Secret } from '../../../src/http/secret.ts';
import { ocmClient } from '../../../src/ocm/ocm-client.ts';
import { OcmToken } from '../../../src/ocm/ocm-token.ts';
import { pagerDutyClient } from '../../../src/pagerduty/pagerduty-client.ts';
import { arrangePlan } from '../../../src/plan/arrange.ts';
import type { RequestSettings } from '../../../src/plan/request-settings.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import type { RemoteClients } from '../../../src/plan-run/effect-context.ts';
import type { JournalEntry } from '../../../src/plan-run/journal-entry.ts';
import { metricsOf } from '../../../src/plan-run/run-metrics.ts';
import { runPlan, type RunEnd } from '../../../src/plan-run/run-plan.ts';
import { settingsFindings } from '../../../src/plan/settings-findings.ts';
import { NoteCollector } from '../../../src/plan/notes.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { pagerDutyToken, pagerDutyUser } from '../remote-systems/fake-pagerduty.ts';
import { clientCredentials } from '../remote-systems/test-clients.ts';
import { BenchClock } from './bench-clock.ts';
import type { Case, System } from './case.ts';
import { planOfCase } from './case-plan.ts';
import type { Arrived, ScriptedSystems } from './scripted-systems.ts';
import { pathOf, readable, sameness, withoutReportIds, type Run, type Sent, type Step } from './sent.ts';

export interface Observed {
  readonly run: Run;
  /** As the systems saw it. */
  readonly arrived: readonly Arrived[];
  /** Waits in seconds, by step and request: how long after the answer to the same request before. */
  readonly waits: readonly (readonly (number | undefined)[])[];
  readonly elapsed: number;
}

const nothing: Observed = { run: { refused: true }, arrived: [], waits: [], elapsed: 0 };

class CountedHttp extends RemoteHttp {
  readonly #bench: BenchClock;

  constructor(clock: BenchClock) {
    super({ userAgent: 'remedyctl/test', clock, random: new SeededRandom(11) });
    this.#bench = clock;
  }

  override async exchange(request: WireRequest): Promise<ExchangeEnd> {
    const clock = this.#bench;
    clock.busy += 1;
    try {
      return await super.exchange(request);
    } finally {
      clock.busy -= 1;
      clock.finished += 1;
    }
  }
}

/** `landed`: writes whose sender cannot know it have taken effect. */
export async function runCase(
  one: Case,
  systems: ScriptedSystems,
  { landed }: { landed: boolean },
): Promise<Observed> {
  const clock = new BenchClock();
  systems.prepare(one, { clock, landed });
  const plan = await planOfCase(one);
  if (plan === undefined || settingsFindings(plan, settingsOf(one, systems)).length > 0) return nothing;
  if (one.options.dryRun) {
    const steps = arrangePlan(plan).map(({ action, treatment }): Step => {
      return { type: action.type, outcome: treatment === 'run' ? 'not_run' : treatment, requests: [] };
    });
    const run: Run = { refused: false, ok: true, steps, appended: [], metrics: {} };
    return { run, arrived: systems.arrived, waits: steps.map(() => []), elapsed: 0 };
  }
  const journal: JournalEntry[] = [];
  const end = await execute(plan, one, { clock, systems, journal });
  return observed(end, plan, { clock, systems, journal });
}

interface Ground {
  clock: BenchClock;
  systems: ScriptedSystems;
  journal: JournalEntry[];
}

async function execute(plan: Plan, one: Case, { clock, systems, journal }: Ground): Promise<RunEnd> {
  const http = new CountedHttp(clock);
  const stop = new AbortController();
  const { cancelAfterMs } = one.options;
  if (cancelAfterMs !== undefined) {
    clock.alarm = {
      afterMs: cancelAfterMs,
      ring: () => {
        stop.abort(new Error('Ctrl-C'));
      },
    };
  }
  const run = {
    id: 'run-1',
    hash: 'a'.repeat(64),
    plan,
    steps: arrangePlan(plan),
    settings: { escalationLevel: 2 },
    startedAt: clock.now(),
  };
  try {
    return await clock.drive(
      runPlan({
        run,
        journal: {
          entries: () => [],
          append: (_run, entry) => {
            journal.push(structuredClone(entry));
            return Promise.resolve();
          },
          end: () => Promise.resolve(),
        },
        clients: clientsOf(http, systems),
        clock,
        random: new SeededRandom(7),
        signal: stop.signal,
      }),
    );
  } finally {
    await http.close();
  }
}

function clientsOf(http: RemoteHttp, systems: ScriptedSystems): RemoteClients {
  const token = new OcmToken({ http, tokenUrl: systems.sso.tokenUrl, credentials: clientCredentials });
  const [pagerduty, ocm, backplane] = [
    pagerDutyClient({
      http,
      base: systems.urlOf('pagerduty'),
      from: pagerDutyUser,
      token: new Secret(pagerDutyToken),
    }),
    ocmClient({ http, base: systems.urlOf('ocm'), token }),
    backplaneClient({ http, base: systems.urlOf('backplane'), token }),
  ];
  return {
    pagerduty: () => Promise.resolve(pagerduty),
    ocm: () => Promise.resolve(ocm),
    backplane: () => Promise.resolve(backplane),
  };
}

function settingsOf(one: Case, systems: ScriptedSystems): RequestSettings {
  const hasBackplane =
    one.result.failed?.some(({ error }) => error.includes('client not available')) !== true;
  return {
    urls: {
      pagerduty: systems.urlOf('pagerduty'),
      ocm: systems.urlOf('ocm'),
      backplane: hasBackplane ? systems.urlOf('backplane') : undefined,
    },
    from: pagerDutyUser,
    escalationLevel: 2,
    userAgent: 'remedyctl/test',
  };
}

function observed(end: RunEnd, plan: Plan, ground: Ground): Observed {
  const { progress, state } = end;
  const { clock, systems } = ground;
  const traces = progress.actions.map(({ action }) => traceOf(action.index, ground));
  const steps = progress.actions.map(({ action, outcome }, index): Step => {
    return { type: action.type, outcome, requests: (traces[index] ?? []).map(({ sent }) => sent) };
  });
  const counters = metricsOf(plan, progress).map(({ name, labels, value }) => {
    const summary = labels['ls_summary'];
    return [`${name}{alert_type${summary === undefined ? '' : `,ls_summary=${summary}`}}`, value];
  });
  const run: Run = {
    refused: false,
    ok: state === 'succeeded',
    steps,
    appended: new NoteCollector('', progress.lines)
      .text()
      .split('\n')
      .slice(2)
      .filter((line) => line !== '')
      .map(withoutReportIds),
    metrics: Object.fromEntries(counters) as Record<string, number>,
  };
  return {
    run,
    arrived: systems.arrived,
    waits: traces.map((trace) => trace.map(({ waited }) => waited)),
    elapsed: clock.monotonicMs() / 1_000,
  };
}

interface Traced {
  sent: Sent;
  waited: number | undefined;
}

/** The requests of one action that a system has seen, from the journal. */
function traceOf(action: number, { journal, systems }: Ground): Traced[] {
  const answeredAt = new Map<string, number>();
  const traces: Traced[] = [];
  for (const entry of journal) {
    if (entry.kind !== 'sending' || entry.action !== action) continue;
    const system = (['pagerduty', 'ocm', 'backplane'] as const).find((name) =>
      entry.url.startsWith(systems.urlOf(name)),
    );
    if (system === undefined) throw new Error(`a request to nobody: ${entry.url}`);
    const answer = journal.find((other) => other.kind === 'answered' && other.request === entry.request);
    const wasSeen = systems.arrived.some(({ url, system: of }) => of === system && entry.url.endsWith(url));
    if (!wasSeen) continue;
    const sent = sentOf(system, entry, answer?.kind === 'answered' ? String(answer.status) : 'none');
    const before = answeredAt.get(sameness(sent));
    traces.push({ sent, waited: before === undefined ? undefined : (entry.at - before) / 1_000 });
    answeredAt.set(sameness(sent), endOf(entry, journal));
  }
  return traces;
}

/** When the exchange was over: with its answer, or with the failure that the journal has next. */
function endOf(
  sending: Extract<JournalEntry, { kind: 'sending' }>,
  journal: readonly JournalEntry[],
): number {
  const later = journal.slice(journal.indexOf(sending) + 1);
  return later.find(({ action, kind }) => action === sending.action && kind !== 'sending')?.at ?? sending.at;
}

function sentOf(
  system: System,
  { method, url, body }: { method: string; url: string; body?: string },
  answer: string,
): Sent {
  const { pathname, searchParams } = new URL(url);
  return {
    system,
    method,
    // a report that the fake has numbered
    path: pathOf(pathname.replace(/\/reports\/.+$/, '/reports/<id>')),
    query: Object.fromEntries(searchParams),
    ...(body === undefined ? {} : { body: readable(JSON.parse(body)) }),
    answer,
  };
}
