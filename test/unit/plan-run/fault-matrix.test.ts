import { describe, expect, it } from 'vitest';
import type { Action } from '../../../src/plan/plan.ts';
import type { Fault } from './remote-world.ts';
import { escalate, limitedSupport, note, report, serviceLog, silence, title } from './plan-under-test.ts';
import { RunUnderTest } from './run-under-test.ts';

const actions: readonly Action[] = [
  serviceLog,
  limitedSupport,
  report,
  note,
  title,
  { ...silence, withoutRemedy: true } as Action,
  escalate,
];

/** What a write that meets the fault is: refused for good, refused for now, or of unknown outcome. */
type Meaning = 'final' | 'passing' | 'unknown';

const faults: readonly {
  name: string;
  fault: Fault;
  meaning: Meaning;
  landed?: true;
  waitSeconds?: number;
}[] = [
  { name: '429', fault: { status: 429 }, meaning: 'passing' },
  {
    name: '429 with a reset of 7 s',
    fault: { status: 429, retryAfterSeconds: 7 },
    meaning: 'passing',
    waitSeconds: 7,
  },
  { name: '429 with a reset of an hour', fault: { status: 429, retryAfterSeconds: 3600 }, meaning: 'final' },
  { name: '503', fault: { status: 503 }, meaning: 'passing' },
  {
    name: '503 with Retry-After 3',
    fault: { status: 503, retryAfterSeconds: 3 },
    meaning: 'passing',
    waitSeconds: 3,
  },
  { name: 'connection refused', fault: 'refused', meaning: 'passing' },
  { name: '400', fault: { status: 400, messages: ['timeout 429 rate limit'] }, meaning: 'final' },
  { name: '401', fault: { status: 401 }, meaning: 'final' },
  { name: '404', fault: { status: 404 }, meaning: 'final' },
  { name: '500 before the effect', fault: { status: 500 }, meaning: 'unknown' },
  { name: '504 after the effect', fault: { status: 504, after: true }, meaning: 'unknown', landed: true },
  { name: 'reset before the effect', fault: 'lostBefore', meaning: 'unknown' },
  { name: 'time-out after the effect', fault: 'lostAfter', meaning: 'unknown', landed: true },
  { name: 'unreadable success', fault: 'unreadable', meaning: 'unknown', landed: true },
];

function effectCount({ world }: RunUnderTest): number {
  const { serviceLogs, limitedSupports, reports, notes, escalations } = world;
  const changed = Number(world.policy !== 'PNORMAL') + Number(world.title !== 'cluster has gone missing');
  return serviceLogs.length + limitedSupports.length + reports.length + notes.length + escalations + changed;
}

function writeCount({ world }: RunUnderTest): number {
  return world.writes().length;
}

describe('a fault at a write', () => {
  for (const action of actions) {
    for (const { name, fault, meaning, landed, waitSeconds } of faults) {
      // an escalation cannot be looked up; a status of success decides where there is one
      const isBlind = action.type === 'escalate_incident' && meaning === 'unknown' && fault !== 'unreadable';

      it(`once: ${action.type}, ${name}`, async () => {
        const under = new RunUnderTest([action]);
        let left = 1;
        under.world.fault = ({ method }) => (method !== 'GET' && left-- > 0 ? fault : undefined);
        const startedMs = under.clock.monotonicMs();
        const { progress } = await under.execute();
        const [done] = progress.actions;
        const outcome = isBlind ? 'unknown' : meaning === 'final' ? 'failed' : 'succeeded';
        expect(done?.outcome).toBe(outcome);
        expect(effectCount(under)).toBe(outcome === 'succeeded' || landed === true ? 1 : 0);
        const sentTwice = !isBlind && meaning !== 'final' && landed !== true;
        expect(writeCount(under)).toBe(sentTwice && fault !== 'refused' ? 2 : 1);
        const waited = (under.clock.monotonicMs() - startedMs) / 1000;
        if (meaning === 'final') expect(waited).toBe(0);
        else {
          expect(waited).toBeGreaterThanOrEqual(waitSeconds ?? 1);
          expect(waited).toBeLessThanOrEqual((waitSeconds ?? 1) * 1.1);
        }
      });

      it(`for ever: ${action.type}, ${name}`, async () => {
        const under = new RunUnderTest([action]);
        under.world.fault = ({ method }) => (method === 'GET' ? undefined : fault);
        const startedMs = under.clock.monotonicMs();
        const { progress, state } = await under.execute();
        const [done] = progress.actions;
        const isFound = landed === true && !isBlind;
        expect(done?.outcome).toBe(isBlind ? 'unknown' : isFound ? 'succeeded' : 'failed');
        expect(state).toBe(isBlind ? 'partial' : isFound ? 'succeeded' : 'failed');
        expect(effectCount(under)).toBe(landed === true ? 1 : 0);
        if (done?.outcome === 'failed') expect(done.settled?.error?.code).not.toBe('OUTCOME_UNKNOWN');
        if (done?.outcome === 'failed' && meaning === 'unknown') {
          expect(done.settled?.error?.message).toBe('nobody knows; it was looked for and is not there');
        }
        const writes = meaning === 'final' || isFound || isBlind ? 1 : 4;
        expect(writeCount(under)).toBe(fault === 'refused' ? 0 : writes);
        if (writes === 1) return;
        expect(done?.attempts).toBe(4);
        const waited = (under.clock.monotonicMs() - startedMs) / 1000;
        // 1, 4 and 9 s, or longer where the system says so; one more look where the last write is unknown
        const least = [1, 4, 9].reduce((sum, wait) => sum + Math.max(wait * 0.9, waitSeconds ?? 1), 0);
        expect(waited).toBeGreaterThanOrEqual(least);
        expect(waited).toBeLessThanOrEqual(Math.max(14, 3 * (waitSeconds ?? 0)) * 1.3 + 1);
      });
    }
  }
});

describe('a refusal that is none', () => {
  const resolved = { status: 400, messages: ['Invalid Input', 'Incident Already Resolved'] };
  it.each([title, escalate, { ...silence, withoutRemedy: true } as Action])(
    '$type of a resolved incident is done',
    async (action) => {
      const under = new RunUnderTest([action]);
      under.world.fault = ({ method }) => (method === 'PUT' ? resolved : undefined);
      expect((await under.execute()).progress.actions[0]?.outcome).toBe('succeeded');
    },
  );

  it('limited support of a cluster that is uninstalling is skipped, and a silence may follow', async () => {
    const under = new RunUnderTest([limitedSupport, silence]);
    const messages = ["Operation is not allowed for a cluster in 'uninstalling' state"];
    under.world.fault = ({ method, system }) =>
      method === 'POST' && system === 'ocm' ? { status: 400, messages } : undefined;
    const { progress, state } = await under.execute();
    expect(progress.actions.map(({ outcome }) => outcome)).toEqual(['skipped_uninstalling', 'succeeded']);
    expect(state).toBe('succeeded');
  });
});

describe('what is there already', () => {
  it('is not sent again, and does not count as sent', async () => {
    const under = new RunUnderTest([serviceLog, limitedSupport, title]);
    await under.execute();
    const again = new RunUnderTest([serviceLog, limitedSupport, title]);
    Object.assign(again, { world: under.world });
    const { progress, state } = await again.execute();
    expect(progress.actions.map(({ outcome }) => outcome)).toEqual(
      Array<string>(3).fill('skipped_duplicate'),
    );
    expect(state).toBe('succeeded');
    expect(under.world.writes()).toHaveLength(3);
  });

  it('is another one where the description differs', async () => {
    const under = new RunUnderTest([serviceLog, { ...serviceLog, description: 'Something else.' } as Action]);
    await under.execute();
    expect(under.world.serviceLogs).toHaveLength(2);
  });

  it('cannot be asked for: the action fails loudly after its retries, with nothing sent', async () => {
    const under = new RunUnderTest([serviceLog]);
    under.world.fault = ({ method }) => (method === 'GET' ? { status: 500 } : undefined);
    const { progress } = await under.execute();
    expect(progress.actions[0]?.outcome).toBe('failed');
    expect(under.world.serviceLogs).toHaveLength(0);
  });
});

describe('two title updates', () => {
  it('add up', async () => {
    const under = new RunUnderTest([title, { ...title, prefix: '[SL]' } as Action]);
    await under.execute();
    expect(under.world.title).toBe('[SL] [LS] cluster has gone missing');
  });
});

describe('stopping', () => {
  it('begins nothing more, and a later run does the rest', async () => {
    const under = new RunUnderTest([limitedSupport, note, title]);
    const stop = new AbortController();
    under.world.at = (point) => {
      if (point.startsWith('after POST')) stop.abort(new Error('Ctrl-C'));
    };
    const { state, progress } = await under.execute({ signal: stop.signal });
    expect(state).toBe('interrupted');
    expect(progress.actions.map(({ outcome }) => outcome)).toEqual(['succeeded', 'not_run', 'not_run']);
    under.world.at = () => undefined;
    expect((await under.execute()).state).toBe('succeeded');
    expect(under.world.writes()).toHaveLength(3);
  });

  it('ends a wait between attempts at once', async () => {
    const under = new RunUnderTest([note]);
    const stop = new AbortController();
    under.world.fault = () => ({ status: 503 });
    const end = await under.execute({
      signal: stop.signal,
      onWait: () => {
        stop.abort(new Error('Ctrl-C'));
      },
    });
    expect(end.state).toBe('interrupted');
    expect(under.world.calls).toHaveLength(1);
  });

  it('announces no other attempt for what was under way', async () => {
    const under = new RunUnderTest([note]);
    const stop = new AbortController();
    const told: unknown[] = [];
    under.world.at = (point) => {
      if (point.startsWith('before POST')) stop.abort(new Error('Ctrl-C'));
    };
    under.world.fault = ({ method }) => (method === 'POST' ? 'lostAfter' : undefined);
    const end = await under.execute({ signal: stop.signal, onWait: (...wait) => told.push(wait) });
    expect([end.state, told]).toEqual(['interrupted', []]);
    expect(end.progress.actions[0]?.lastError?.hint).toMatch(/^plan resume finds out/);
  });
});
