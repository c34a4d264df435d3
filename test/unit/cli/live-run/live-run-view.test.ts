import { beforeEach, describe, expect, it } from 'vitest';
import { createPaint } from '../../../../src/cli/colour.ts';
import { LiveRunView } from '../../../../src/cli/plan-run/live/live-run-view.ts';
import { RunActivity } from '../../../../src/cli/plan-run/live/run-activity.ts';
import type { Action, PlanOptions } from '../../../../src/plan/plan.ts';
import { limitedSupport, serviceLog, silence } from '../../plan-run/plan-under-test.ts';
import { RunUnderTest } from '../../plan-run/run-under-test.ts';
import { ScreenStream } from './screen-stream.ts';

/** A run whose view is on a terminal; `pictures` has what that showed at each wait. */
class ViewedRun {
  readonly under: RunUnderTest;
  readonly stream: ScreenStream;
  readonly pictures: string[][] = [];
  readonly stop = new AbortController();
  onWait: () => void = () => undefined;
  ask: () => Promise<boolean | undefined> = () => Promise.resolve(undefined);

  constructor(actions: readonly Action[], size: [number, number], options: Partial<PlanOptions> = {}) {
    this.under = new RunUnderTest(actions, options);
    this.stream = new ScreenStream(...size);
    this.stream.write('$ remedyctl plan run plan.yaml\n');
  }

  get lines(): string[] {
    return this.stream.screen.lines;
  }

  async run(keepsReasons = true): Promise<string[]> {
    const { under, stream, stop } = this;
    const view = await LiveRunView.begin({
      stream,
      clock: under.clock,
      paint: createPaint(true),
      activity: new RunActivity(under.run.steps, under.journal.entries(), 4),
      terminal: 'xterm-256color',
      stop: stop.signal,
      keepsReasons,
    });
    await under.execute({
      signal: stop.signal,
      ask: () => view.aside(() => this.ask()),
      onEntry: (entry) => {
        view.entry(entry);
      },
      onWait: (index, waitMs, thrown) => {
        view.wait(index, waitMs, (thrown as Error).message);
        this.pictures.push(this.lines);
        this.onWait();
      },
    });
    view.end();
    return this.lines;
  }
}

let viewed: ViewedRun;
beforeEach(() => {
  viewed = new ViewedRun([limitedSupport, serviceLog, silence], [90, 12]);
});

describe('the live view of a run', () => {
  it('is drawn in place, and stays with the states at the end', async () => {
    viewed.under.world.fault = ({ path, method }, count) =>
      method === 'POST' && path.includes('cluster_logs') && count < 6 ? { status: 503 } : undefined;
    const lines = await viewed.run();
    expect(viewed.pictures.length).toBeGreaterThan(0);
    expect(viewed.pictures[0]).toEqual([
      '$ remedyctl plan run plan.yaml',
      '✓ 0 limited_support  succeeded              Cluster is in Limited Support',
      expect.stringMatching(/^. 1 service_log {6}again in \d s \(2\/4\) {5}Action required: network$/),
      expect.stringMatching(/^ {4}.*503/),
      '· 2 silence_incident waiting                in limited support',
      expect.stringMatching(/^1 of 3 ended, \d s$/),
    ]);
    expect(lines).toEqual([
      '$ remedyctl plan run plan.yaml',
      '✓ 0 limited_support  succeeded              Cluster is in Limited Support',
      '✓ 1 service_log      succeeded              Action required: network',
      '✓ 2 silence_incident succeeded              in limited support',
    ]);
    expect(viewed.stream.screen.isCursorShown).toBe(true);
  });

  it('has the escalation that takes the place of a silence', async () => {
    viewed.under.world.fault = ({ path, method }) =>
      method === 'POST' && path.includes('limited_support') ? { status: 403 } : undefined;
    expect(await viewed.run()).toEqual([
      '$ remedyctl plan run plan.yaml',
      '✗ 0 limited_support   failed                 Cluster is in Limited Support',
      expect.stringContaining('403'),
      '✓ 1 service_log       succeeded              Action required: network',
      '- 2 silence_incident  skipped_dependency     in limited support',
      '    not silenced, because its remedy did not come about (limited_support 0)',
      '✓ 3 escalate_incident succeeded              in place of 2',
    ]);
  });

  it('leaves nothing behind of more actions than the terminal has lines', async () => {
    const many = Array.from({ length: 30 }, (_, index): Action => ({
      type: 'service_log',
      severity: 'Info',
      summary: `${index} ⚠ 日本語 \u202e\u001b[2J`,
      description: '',
      serviceName: 'SREManualAction',
      internalOnly: false,
      allowDuplicates: false,
    }));
    viewed = new ViewedRun(many, [50, 9], { concurrent: true });
    viewed.under.world.fault = (_called, count) =>
      count < 60 && count % 3 === 0 ? { status: 503 } : undefined;
    const lines = await viewed.run();
    expect(viewed.pictures.length).toBeGreaterThan(5);
    expect(lines).toHaveLength(31);
    expect(lines.slice(1).map((line) => line.slice(0, 16).trim())).toEqual(
      many.map((_, index) => `✓ ${index} service_log`),
    );
  });

  it('is drawn anew when the terminal changes its size', async () => {
    viewed.under.world.fault = (_called, count) => (count === 2 ? { status: 503 } : undefined);
    viewed.onWait = () => {
      viewed.stream.resize(60, 12);
      viewed.stream.resize(120, 8);
      viewed.pictures.push(viewed.lines);
    };
    const lines = await viewed.run();
    expect(viewed.pictures[1]?.slice(1)).toEqual(viewed.pictures[0]?.slice(1));
    expect(lines).toHaveLength(4);
    expect(viewed.stream.listenerCount('resize')).toBe(0);
  });

  it('makes way for a question, and comes back below it', async () => {
    viewed.under.world.fault = ({ method }) =>
      method === 'POST' ? { status: 403 } : method === 'PUT' ? 'lostAfter' : undefined;
    const asked: { lines: string[]; isCursorShown: boolean }[] = [];
    viewed.ask = async () => {
      // as long as a person takes
      await viewed.under.clock.sleep(20_000);
      viewed.stream.write('Was it? [y/n] y\n');
      asked.push({ lines: viewed.lines, isCursorShown: viewed.stream.screen.isCursorShown });
      return true;
    };
    const lines = await viewed.run(false);
    expect(asked).toEqual([
      { lines: ['$ remedyctl plan run plan.yaml', 'Was it? [y/n] y'], isCursorShown: true },
    ]);
    expect(lines).toEqual([
      '$ remedyctl plan run plan.yaml',
      'Was it? [y/n] y',
      '✗ 0 limited_support   failed                 Cluster is in Limited Support',
      '✗ 1 service_log       failed                 Action required: network',
      '- 2 silence_incident  skipped_dependency     in limited support',
      '✓ 3 escalate_incident succeeded              in place of 2',
    ]);
  });

  it('says that the run is being stopped, wipes off the ^C, and ends with what was not run', async () => {
    viewed.under.world.fault = (_called, count) => (count === 2 ? { status: 503 } : undefined);
    viewed.onWait = () => {
      viewed.stream.write('^C');
      viewed.stop.abort(new Error('stopped by SIGINT'));
      viewed.pictures.push(viewed.lines);
    };
    const lines = await viewed.run(false);
    expect(viewed.pictures[1]?.at(-1)).toMatch(/^0 of 3 ended, \d s; stopping, nothing more is begun$/);
    expect(lines).toEqual([
      '$ remedyctl plan run plan.yaml',
      '- 0 limited_support  not_run                Cluster is in Limited Support',
      '- 1 service_log      not_run                Action required: network',
      '- 2 silence_incident not_run                in limited support',
    ]);
    expect(viewed.stream.screen.isCursorShown).toBe(true);
  });
});
