import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemedyError } from '../../../src/errors/remedy-error.ts';
import type { Action } from '../../../src/plan/plan.ts';
import { resumeRun } from '../../../src/plan-run/resume-run.ts';
import { runPlans, type RunPlansOptions } from '../../../src/plan-run/run-plans.ts';
import { listRuns } from '../../../src/plan-run/run-status.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { limitedSupport, planOf } from './plan-under-test.ts';
import { RemoteWorld } from './remote-world.ts';

const note: Action = { type: 'pagerduty_note', content: 'looked at it' };
const plan = planOf([note]);

let folder: string;
let world: RemoteWorld;
let steps: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'run-plans-'));
  world = new RemoteWorld(new RealClock());
  steps = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function step(name: string): () => Promise<undefined> {
  return () => {
    steps.push(name);
    return Promise.resolve(undefined);
  };
}

/** No more than a run needs. */
function needed(): RunPlansOptions {
  const systems = {
    pagerduty: () => world.pagerduty(),
    ocm: () => world.ocm(),
    backplane: () => world.backplane(),
    close: step('close the systems'),
  };
  return {
    settings: {
      store: path.join(folder, 'store'),
      leaseNamespace: 'default',
      'pagerduty.url': 'http://127.0.0.1:1',
      'pagerduty.from': 'sre@example.com',
      'pagerduty.tokenFile': undefined,
      'pagerduty.silentPolicy': undefined,
      'pagerduty.escalationLevel': 2,
      'ocm.url': 'http://127.0.0.1:1',
      'ocm.tokenUrl': 'http://127.0.0.1:1',
      'ocm.tokenFile': undefined,
      'ocm.clientId': undefined,
      'ocm.clientSecretFile': undefined,
      'backplane.url': undefined,
      'remote.timeout': 1_000,
    },
    clock: new RealClock(),
    random: new SystemRandom(),
    signal: new AbortController().signal,
    env: {},
    cwd: folder,
    version: 'test',
    identity: { user: 'tester', host: 'here', pid: 1 },
    notes: { say: () => undefined, sayOnce: () => undefined, warn: () => undefined, detail: () => undefined },
    openSystems: async () => {
      await step('open the systems')();
      return systems;
    },
  };
}

/** The same with each call back to the caller written down. */
function options(more: Partial<RunPlansOptions> = {}): RunPlansOptions {
  return {
    ...needed(),
    refuseWrites: () => {
      steps.push('may it write');
    },
    confirm: step('confirm'),
    tell: async () => {
      await step('begin')();
      return {
        entry: ({ kind }) => steps.push(kind),
        wait: () => undefined,
        aside: (work) => work(),
        end: () => undefined,
      };
    },
    show: step('show'),
    ...more,
  };
}

describe('the run of plans', () => {
  it('keeps the order of its safety', async () => {
    world.at = (point) => {
      steps.push(point);
    };
    const [run] = await runPlans([plan], options());
    expect(run).toMatchObject({ kind: 'PlanRun', state: 'succeeded' });
    expect(steps).toEqual([
      'may it write',
      'open the systems',
      'confirm',
      'before GET /incidents/Q1',
      'after GET /incidents/Q1',
      'begin',
      'begun',
      'sending',
      'before POST /incidents/Q1/notes',
      'after POST /incidents/Q1/notes',
      'answered',
      'settled',
      'close the systems',
      'show',
    ]);
  });

  it('asks and tells nobody where nobody is given', async () => {
    expect(await runPlans([plan], needed())).toHaveLength(1);
    expect(world.writes()).toEqual(['POST /incidents/Q1/notes']);
  });

  it('leaves nothing behind when it is not confirmed', async () => {
    const declined = options({
      confirm: () => Promise.reject(new RemedyError('DECLINED', 'no')),
    });
    await expect(runPlans([plan], declined)).rejects.toMatchObject({ code: 'DECLINED' });
    expect(world.calls).toEqual([]);
    expect(steps.at(-1)).toBe('close the systems');
    // neither in the journal nor locked
    expect(await runPlans([plan], options())).toHaveLength(1);
  });

  it('runs a plan once, unless it shall be run again', async () => {
    const [first] = await runPlans([plan], options());
    await expect(runPlans([plan], options())).rejects.toMatchObject({
      code: 'PLAN_FINISHED',
      hint: expect.stringContaining('--again') as string,
    });
    const [second] = await runPlans([plan], options({ again: true }));
    const { settings, clock, random } = needed();
    const listed = await listRuns({ directory: settings.store, clock, random });
    expect(listed.map(({ run }) => run)).toEqual([second?.run, first?.run]);
    await expect(resumeRun(first?.run ?? '', options())).rejects.toMatchObject({ code: 'PLAN_FINISHED' });
  });

  it('writes its counters to a file beside the working directory that it was given', async () => {
    const remedy = planOf([limitedSupport]);
    await runPlans([remedy], options({ metricsFile: 'counters.prom' }));
    expect(readFileSync(path.join(folder, 'counters.prom'), 'utf8')).toContain(
      'cad_investigate_limitedsupport_set_total{alert_type="chgm",ls_summary="StoppedInstances"} 1\n',
    );
  });

  it.each<[string, Partial<RunPlansOptions>, string]>([
    ['another hash', { expectHash: 'a'.repeat(64) }, 'PLAN_CHANGED'],
    ['a file of counters in no folder', { metricsFile: 'none/counters.prom' }, 'OUTPUT_FAILED'],
    ['an empty name of that file', { metricsFile: '' }, 'INVALID_OPTION'],
    ['a push gateway that is no URL', { pushgateway: 'gateway' }, 'INVALID_OPTION'],
    ['no time', { timeoutMs: 0 }, 'INVALID_OPTION'],
  ])('opens nothing with %s', async (_, wrong, code) => {
    await expect(runPlans([plan], options(wrong))).rejects.toMatchObject({ code });
    expect(steps).not.toContain('open the systems');
  });

  it('says that the counters were not written, and what was done', async () => {
    const unreported: string[] = [];
    const runs = await runPlans(
      [plan],
      // by then the folder of the store stands where the file shall be
      options({ metricsFile: 'store', onUnreported: ({ code }) => unreported.push(code) }),
    );
    expect(runs).toMatchObject([{ state: 'succeeded' }]);
    expect(unreported).toEqual(['OUTPUT_FAILED']);
  });
});
