/** The three systems over real HTTP: their fakes, answering as the script of a case says. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeBackplane } from '../remote-systems/fake-backplane.ts';
import { FakeOcm } from '../remote-systems/fake-ocm.ts';
import { FakePagerDuty } from '../remote-systems/fake-pagerduty.ts';
import type { FakeAnswer, SeenCall } from '../remote-systems/fake-server.ts';
import { FakeSso } from '../remote-systems/fake-sso.ts';
import { readBody } from '../remote-systems/read-request.ts';
import type { BenchClock } from './bench-clock.ts';
import type { Case, Rule, System } from './case.ts';
import { leavesOpen, promisedStatus, Script } from './script.ts';

/** A request as it came over the wire. */
export interface Arrived extends SeenCall {
  readonly system: System;
}

interface Stage {
  readonly clock: BenchClock;
  readonly script: Script;
  readonly fakes: Readonly<Record<System, { answer(call: SeenCall): FakeAnswer }>>;
  /** Whether a write takes effect that the sender will not hear of. */
  readonly landed: boolean;
  readonly refusing: ReadonlySet<System>;
}

export interface SetUp {
  readonly clock: BenchClock;
  readonly landed: boolean;
}

const systems: readonly System[] = ['pagerduty', 'ocm', 'backplane'];

export class ScriptedSystems {
  readonly sso = new FakeSso();
  arrived: Arrived[] = [];
  readonly #servers = new Map<System, Server>();
  #closedPort = 0;
  #stage: Stage | undefined;

  async start(): Promise<this> {
    await this.sso.server.start();
    for (const system of systems) {
      const server = createServer((request, response) => {
        void this.#serve(system, request, response);
      });
      server.keepAliveTimeout = 60_000;
      await listen(server);
      this.#servers.set(system, server);
    }
    const nobody = createServer();
    await listen(nobody);
    this.#closedPort = (nobody.address() as AddressInfo).port;
    await new Promise((resolve) => nobody.close(resolve));
    return this;
  }

  async stop(): Promise<void> {
    await this.sso.server.stop();
    for (const server of this.#servers.values()) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** The state that a case begins with. */
  prepare(one: Case, { clock, landed }: SetUp): void {
    const [pagerduty, ocm] = [new FakePagerDuty(), new FakeOcm(this.sso)];
    if (one.incident !== undefined) pagerduty.addIncident({ id: one.incident.id, title: one.incident.title });
    if (one.cluster !== undefined) ocm.addCluster({ id: one.cluster.id, externalId: one.cluster.externalId });
    const fakes = { pagerduty, ocm, backplane: new FakeBackplane(this.sso) };
    const refusing = new Set(one.script.flatMap(({ system, fault }) => (fault === 'refused' ? system : [])));
    this.#stage = { clock, script: new Script(one.script), fakes, landed, refusing };
    this.arrived = [];
  }

  urlOf(system: System): string {
    const isRefusing = this.#stage?.refusing.has(system) === true;
    const { port } = this.#servers.get(system)?.address() as AddressInfo;
    return `http://127.0.0.1:${isRefusing ? this.#closedPort : port}`;
  }

  async #serve(system: System, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await seenCall(request);
    if (call === undefined || this.#stage === undefined) return;
    this.arrived.push({ ...call, system });
    const { clock, script, fakes, landed } = this.#stage;
    const rule = script.next({ system, method: call.method, path: call.path });
    if (rule?.delayMs !== undefined) await clock.pass(rule.delayMs);
    const isLost = rule?.fault === 'reset' || response.socket?.destroyed !== false;
    const isOpen = isLost || (rule?.status !== undefined && leavesOpen(rule.status));
    const isScripted = rule?.status !== undefined || isLost;
    const isDone = rule?.status === promisedStatus(system) && rule.rawBody === undefined;
    const isEffective = !isScripted || ((isDone || (landed && isOpen)) && call.method !== 'GET');
    const answer = isEffective ? fakes[system].answer(call) : undefined;
    if (rule?.fault === 'reset') response.socket?.resetAndDestroy();
    else if (rule?.status !== undefined) writeScripted(response, rule, rule.status);
    else if (answer !== undefined) write(response, answer);
  }
}

function writeScripted(response: ServerResponse, { headers, body, rawBody }: Rule, status: number): void {
  const named = Object.entries(headers ?? {}).filter(([, value]) => value !== '');
  const isTyped = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'content-type');
  const type = isTyped ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { ...type, ...Object.fromEntries(named) });
  response.end(status === 204 ? undefined : (rawBody ?? JSON.stringify(body)));
}

function write(response: ServerResponse, { status, body, headers = {} }: FakeAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function seenCall(request: IncomingMessage): Promise<SeenCall | undefined> {
  const text = await readBody(request);
  if (text === undefined) return undefined;
  const target = request.url ?? '/';
  const url = new URL(target, 'http://fake');
  return {
    method: request.method ?? '',
    // a slash within a segment stays one segment
    path: decodeURIComponent(url.pathname.replaceAll(/%2f/gi, '%252F')),
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
    text,
    url: target,
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
}
