import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubeList, KubeObject } from '../../../src/api/objects.ts';
import { runProgram } from '../../support/built-program.ts';
import type { FaultRule, FaultyRequest } from '../../support/fault-server.ts';
import { htmlFault, startFaultServer, statusFault } from '../../support/fault-server.ts';
import { runProcess, type ProcessResult } from '../../support/run-process.ts';
import { alert, webhook } from '../../support/signals.ts';
import type { TlsFiles } from '../../unit/kube/api-server.ts';
import { makeTlsFiles } from '../../unit/kube/api-server.ts';
import { bareDeployment } from '../bare-deployment.ts';
import { programsFolder } from '../programs.mjs';

const cluster = inject('cluster');
const namespace = 'faulty-commands';
const kubectl = path.join(programsFolder(), 'kubectl');
/** Most of a run is waiting, for what the server asked for. */
const atOnce = 6;

interface Weather {
  name: string;
  rules?: () => FaultRule[];
  idleCloseMs?: () => number;
  /** How often each command is run. */
  rounds: number;
}

/** Meets every request once: verb and path, whoever asks and however often. */
function firstSending(): (nth: number, request: FaultyRequest) => boolean {
  const seen = new Set<string>();
  return (_nth, { method, url }) => {
    const isFirst = !seen.has(`${method} ${url}`);
    seen.add(`${method} ${url}`);
    return isFirst;
  };
}

const reads = ['GET'];
const guardedWrites = ['PUT', 'PATCH', 'DELETE'];

/** What the server does to whoever comes. Each can be got through: nobody is forgiven where kubectl fails as well. */
const weathers: Weather[] = [
  { name: 'closes what is idle after 3 to 30 ms', rounds: 2, idleCloseMs: () => 3 + Math.random() * 27 },
  {
    name: 'answers every request with 429 first',
    rounds: 1,
    rules: () => [{ nth: firstSending(), fault: statusFault(429, 1) }],
  },
  {
    name: 'answers every request with 503 and Retry-After first',
    rounds: 1,
    rules: () => [{ nth: firstSending(), fault: statusFault(503, 1) }],
  },
  {
    name: 'resets every read first',
    rounds: 1,
    rules: () => [{ methods: reads, nth: firstSending(), fault: { kind: 'reset' } }],
  },
  {
    name: 'loses the first answer to every read',
    rounds: 1,
    rules: () => [{ methods: reads, nth: firstSending(), fault: { kind: 'lost', by: 'fin' } }],
  },
  {
    name: 'loses the first answer to every write that is guarded',
    rounds: 1,
    rules: () => [{ methods: guardedWrites, nth: firstSending(), fault: { kind: 'lost' } }],
  },
  {
    name: 'stands behind a balancer that finds nobody at first',
    rounds: 1,
    rules: () => [{ methods: reads, nth: firstSending(), fault: htmlFault(502) }],
  },
];

/** One run: of ours, or of kubectl. `asked` and `met`: requests that the server read, and those that met a fault. */
interface Run extends ProcessResult {
  asked: number;
  met: number;
}

type Program = (args: string[], input?: string) => Promise<Run>;

describe('every group of commands before a server that', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-faults-'));
  let tls: TlsFiles;
  let request: string;
  let lease: string;
  let calmDoctor: string[];
  let runs = 0;

  const admin = (args: string[], input = ''): Promise<ProcessResult> =>
    runProcess(kubectl, [...args, '-n', namespace], {
      env: { KUBECONFIG: cluster.kubeconfig, HOME: home },
      input,
    });

  async function listed(kind: string): Promise<KubeObject[]> {
    const { stdout, stderr, exitCode } = await admin(['get', kind, '-o', 'json']);
    expect(exitCode, stderr).toBe(0);
    return (JSON.parse(stdout) as KubeList).items;
  }

  const deploymentOf = (weather: number, round: number): string => `checkout-${weather}-${round}`;

  /** A program, with a server of its own for each run. */
  function before({ rules, idleCloseMs }: Weather, command: 'remedyctl' | 'kubectl'): Program {
    return async (args, input = '') => {
      const server = await startFaultServer({ tls, behind: cluster.server, rules: rules?.() ?? [] });
      server.idleCloseMs = idleCloseMs;
      const own = path.join(home, `run-${(runs += 1)}`);
      mkdirSync(own);
      const kubeconfig = path.join(own, 'config');
      writeFileSync(kubeconfig, server.kubeconfig(cluster.tokens.admin, namespace));
      const env = { PATH: process.env['PATH'] ?? '', HOME: own, KUBECONFIG: kubeconfig };
      try {
        const result = await (command === 'kubectl'
          ? runProcess(kubectl, args, { env, input })
          : runProgram([...args, '--target', 'cluster', '-n', namespace], { env, input }));
        const met = server.requests.filter(({ fault }) => fault !== undefined).length;
        return { ...result, asked: server.requests.length, met };
      } finally {
        await server.close();
      }
    };
  }

  beforeAll(async () => {
    tls = makeTlsFiles()!;
    const labels = { 'kubernaut.ai/managed': 'true' };
    const deployments = weathers.flatMap(({ rounds }, weather) =>
      Array.from({ length: rounds }, (_, round) => bareDeployment(namespace, deploymentOf(weather, round))),
    );
    const items = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
      bareDeployment(namespace, 'calm'),
      ...deployments,
    ];
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const applied = await runProcess(kubectl, ['apply', '-f', '-'], {
      env: { KUBECONFIG: cluster.kubeconfig, HOME: home },
      input: list,
    });
    expect(applied.exitCode, applied.stderr).toBe(0);
    const calm = before({ name: 'calm', rounds: 1 }, 'remedyctl');
    const ingested = await calm(['signal', 'ingest', '-'], signalsAbout('calm'));
    expect(ingested.exitCode, ingested.stderr).toBe(0);
    request = (await listed('remediationrequests'))[0]!.metadata.name;
    // Long enough for the lease doctor to name it.
    const acquired = await calm(['lease', 'acquire', 'a-key-that-stays-taken', '--raw-key', '--ttl', '1h']);
    expect(acquired.exitCode, acquired.stderr).toBe(0);
    lease = (await listed('leases'))[0]!.metadata.name;
    calmDoctor = statesOf(await calm(['doctor', '-o', 'json']));
  });

  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
    rmSync(tls.directory, { recursive: true, force: true });
  });

  /** What each command has to come to. Where kubectl has the command, its answer is the same. */
  function commands(deployment: string, ours: Program, theirs: Program): (() => Promise<Verdict>)[] {
    const key = `a-key-of-${deployment}`;
    const alone = async (args: string[], input?: string): Promise<Verdict> => {
      const run = await ours(args, input);
      return { run, command: args.join(' '), fault: run.exitCode === 0 ? undefined : run.stderr };
    };
    const asKubectl = async (args: string[], kubectls: string[]): Promise<Verdict> => {
      const [verdict, run] = [await alone(args), await theirs(kubectls)];
      const differs = run.exitCode === 0 && verdict.run.stdout !== run.stdout;
      return {
        ...verdict,
        kubectl: run.exitCode === 0,
        fault: verdict.fault ?? (differs ? `${verdict.run.stdout} is not ${run.stdout}` : undefined),
      };
    };
    return [
      () => alone(['request', 'list']),
      () => asKubectl(['request', 'get', request, '-o', 'name'], ['get', 'rr', request, '-o', 'name']),
      () => alone(['lease', 'list']),
      () => asKubectl(['lease', 'get', lease, '-o', 'name'], ['get', 'lease', lease, '-o', 'name']),
      async () => {
        const taken = await alone(['lease', 'acquire', key, '--raw-key', '-o', 'jsonpath={.holder}']);
        if (taken.fault !== undefined) return taken;
        const holder = taken.run.stdout.trim();
        return alone(['lease', 'release', key, '--raw-key', '--if-holder', holder, '--yes']);
      },
      async () => {
        const verdict = await alone(['lease', 'doctor', '-o', 'name']);
        const { exitCode, stdout, stderr } = verdict.run;
        const isFound = exitCode === 3 && stdout.includes(lease);
        return { ...verdict, fault: isFound ? undefined : `exit ${exitCode}: ${stdout}${stderr}` };
      },
      () => alone(['dedup', 'list']),
      () => alone(['dedup', 'show', request]),
      () => alone(['signal', 'explain', '-'], signalsAbout('calm')),
      () => alone(['signal', 'ingest', '-'], signalsAbout(deployment)),
      async () => {
        const verdict = await alone(['doctor', '-o', 'json']);
        const states = statesOf(verdict.run);
        const differs = JSON.stringify(states) !== JSON.stringify(calmDoctor);
        return { ...verdict, fault: differs ? `${states.join()} is not ${calmDoctor.join()}` : undefined };
      },
    ];
  }

  it.each(weathers.map((weather, index) => ({ ...weather, index })))(
    '$name',
    { timeout: 120_000 },
    async (weather) => {
      const [ours, theirs] = [before(weather, 'remedyctl'), before(weather, 'kubectl')];
      const names = Array.from({ length: weather.rounds }, (_, round) => deploymentOf(weather.index, round));
      const verdicts = await pooled(names.flatMap((name) => commands(name, ours, theirs)));

      expect(
        verdicts.flatMap(({ command, fault }) => (fault === undefined ? [] : `${command}: ${fault}`)),
      ).toEqual([]);
      for (const { run, command } of verdicts) expect(run.asked, command).toBeGreaterThan(0);
      const compared = verdicts.filter((verdict) => verdict.kubectl !== undefined);
      expect(compared).toHaveLength(2 * weather.rounds);
      const met = verdicts.reduce((sum, { run }) => sum + run.met, 0);
      if (weather.rules !== undefined) expect(met).toBeGreaterThan(0);

      const requests = await listed('remediationrequests');
      for (const name of names) {
        const about = requests.filter((object) => targetOf(object) === name);
        expect(about.map(countOf), name).toEqual([2]);
      }
      expect((await listed('leases')).map(({ metadata }) => metadata.name)).toEqual([lease]);
    },
  );
});

/** What one command came to; `fault` is what was wrong with it. */
interface Verdict {
  command: string;
  run: Run;
  fault: string | undefined;
  /** Whether kubectl succeeded on the same faults, where it was asked. */
  kubectl?: boolean;
}

/** Two alerts about one Deployment: a request is made, and counted once more. */
function signalsAbout(deployment: string): string {
  const about = (alertname: string): object => alert(deployment, { labels: { alertname, namespace } });
  return webhook([about('Slow'), about('Down')]);
}

async function pooled<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const left = [...works.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results[next[0]] = await next[1]();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

function statesOf({ stdout }: ProcessResult): string[] {
  const { checks } = JSON.parse(stdout) as { checks: { name: string; status: string }[] };
  // How fast the server is depends on the machine: a warning is none here.
  return checks.map(({ name, status }) => `${name} ${status === 'warn' ? 'ok' : status}`);
}

function targetOf(request: KubeObject): string | undefined {
  return (request['spec'] as { targetResource?: { name?: string } }).targetResource?.name;
}

function countOf(request: KubeObject): number | undefined {
  const status = request['status'] as { deduplication?: { occurrenceCount?: number } } | undefined;
  return status?.deduplication?.occurrenceCount;
}
