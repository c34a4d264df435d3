import { describe, expect, it } from 'vitest';
import { policySchedule } from '../../../src/cli/retry/schedule-view.ts';
import { drawSvg } from '../../../src/cli/retry/schedule-svg.ts';
import { drawStorm } from '../../../src/cli/retry/storm-chart.ts';
import { timeTicks } from '../../../src/cli/retry/time-axis.ts';
import { drawTimeline } from '../../../src/cli/retry/timeline-text.ts';
import { parseInlinePolicy } from '../../../src/retry/policy-notation.ts';

const scheduleOf = (text: string): ReturnType<typeof policySchedule> =>
  policySchedule(parseInlinePolicy(text));
const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

describe('the timeline of a policy', () => {
  it('has a bar from the start of each attempt to that of the next one', () => {
    const [, ...rows] = linesOf(drawTimeline([scheduleOf('lock,jitter=0')], { width: 80, utf8: true }));
    const attempts = rows.slice(0, 10);
    attempts.forEach((row, index) => {
      const next = attempts[index + 1];
      const end = /━(?=[^━]*$)/.exec(row)?.index ?? row.indexOf('●');
      if (next !== undefined) expect(next.indexOf('●') - end, row).toBeLessThanOrEqual(1);
      expect(row).toMatch(/●━* (?:100ms|200ms|400ms|800ms|1s|last, at 6\.5s)$/);
    });
    expect(rows.at(-1)).toMatch(/^ +0s +2s +4s +6s$/);
  });

  it('leaves out attempts that a screen has no room for, and never the last one', () => {
    const text = drawTimeline([scheduleOf('creation,maxAttempts=500')], { width: 80, utf8: true });
    expect(linesOf(text)).toHaveLength(15);
    expect(text).toContain('… 489 more');
    expect(text).toMatch(/^ 500 .*● last, at /m);
  });

  it('is not drawn where nobody waits', () => {
    const once = [scheduleOf('creation,maxAttempts=1')];
    expect(drawTimeline(once, { width: 80, utf8: true })).toBe('');
    expect(drawSvg(once, 'once')).toBe('');
  });
});

describe('the timeline as SVG', () => {
  const svg = drawSvg(
    ['creation', 'lock', 'status', 'plan', 'kind=constant,initial=9s,max=9s,jitter=1'].map(scheduleOf),
    'Retries',
  );
  const numbers = (attribute: string): number[] =>
    [...svg.matchAll(new RegExp(` ${attribute}="([\\d.]+)"`, 'g'))].map(([, value]) => Number(value));

  it('has a title, titles of both axes, units and a legend', () => {
    for (const part of [
      '<title>Retries</title>',
      '>attempt</text>',
      '>time since the first attempt, if every attempt fails at once</text>',
      '>10s</text>',
      '>wait after it (nominal)</text>',
      '>where jitter may end that wait</text>',
    ])
      expect(svg).toContain(part);
  });

  it('keeps within its frame, and its rows apart', () => {
    const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
    expect(Math.max(...['x', 'x1', 'x2'].flatMap(numbers))).toBeLessThan(width);
    expect(Math.max(...['y', 'y1', 'y2'].flatMap(numbers))).toBeLessThan(height);
    const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="(\d+)"/g)].map(([, , y]) => y);
    expect(new Set(bars).size).toBe(bars.length);
    // the label that stands furthest to the right ends within it too
    const labels = [...svg.matchAll(/<text x="([\d.]+)"[^>]*>([^<]*s(?: \([^<]*\))?)</g)];
    for (const [, x = '', label = ''] of labels) expect(Number(x) + label.length * 7).toBeLessThan(width);
  });
});

describe('the chart of a storm', () => {
  const storm = (requests: [number, number][]): Parameters<typeof drawStorm>[0] => ({
    clients: 9,
    bucketSeconds: 0.1,
    requests: requests.map(([atSeconds, count]) => ({ atSeconds, requests: count })),
    total: 0,
    peak: Math.max(...requests.map(([, count]) => count)),
  });

  it.each([true, false])('shows every tenth of a second in which there were requests: UTF-8 %s', (utf8) => {
    const text = drawStorm(
      storm([
        [0, 500],
        [3, 1],
        [10, 250],
      ]),
      { width: 60, utf8 },
    );
    expect(text).toMatchSnapshot();
    for (const line of linesOf(text)) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('is not drawn where all requests came at once', () => {
    expect(drawStorm(storm([[0, 500]]), { width: 60, utf8: true })).toBe('');
  });
});

describe('the ticks of a time axis', () => {
  it.each([
    [0.3, [0, 0.1, 0.2, 0.3]],
    [14, [0, 5, 10]],
    [127, [0, 60, 120]],
    [5_000, [0, 1_800, 3_600]],
  ])('of %f seconds are %j', (end, ticks) => {
    expect(timeTicks(end, 4)).toEqual(ticks);
  });

  it('are few, however long it is', () => {
    for (let end = 1e-6; end < 1e9; end *= 1.7) {
      const { length } = timeTicks(end, 6);
      expect(length).toBeGreaterThanOrEqual(2);
      expect(length).toBeLessThanOrEqual(6);
    }
  });
});
