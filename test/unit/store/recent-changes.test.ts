import { describe, expect, it } from 'vitest';
import { NotedChanges, RecentChanges } from '../../../src/store/recent-changes.ts';

function noted(since: number, count: number, after = '{}'): NotedChanges {
  const changes = new NotedChanges(since);
  for (let rv = since + 1; rv <= since + count; rv += 1) {
    changes.add({ rv, type: 'ADDED', res: 'leases', ns: 'team', name: `l${rv}`, after });
  }
  return changes;
}

function versionsAfter(recent: RecentChanges, version: number): number[] | undefined {
  return recent.after(version)?.map(({ rv }) => rv);
}

describe('recent changes', () => {
  it('hand out what follows a version that they know', () => {
    const recent = new RecentChanges();
    recent.add(noted(10, 2));
    recent.add(noted(12, 1));
    expect(versionsAfter(recent, 10)).toEqual([11, 12, 13]);
    expect(versionsAfter(recent, 12)).toEqual([13]);
    expect(versionsAfter(recent, 13)).toEqual([]);
  });

  it('do not know what was before them, nor what is not there yet', () => {
    const recent = new RecentChanges();
    expect(recent.after(0)).toBeUndefined();
    recent.add(noted(10, 2));
    expect([recent.after(9), recent.after(13)]).toEqual([undefined, undefined]);
  });

  it('begin anew after a version that others have written', () => {
    const recent = new RecentChanges();
    recent.add(noted(10, 2));
    recent.add(noted(15, 1));
    expect(recent.after(12)).toBeUndefined();
    expect(versionsAfter(recent, 15)).toEqual([16]);
  });

  it('know nothing once they are cleared', () => {
    const recent = new RecentChanges();
    recent.add(noted(10, 2));
    recent.clear();
    expect(recent.after(12)).toBeUndefined();
  });

  it('forget the oldest beyond 1,024', () => {
    const recent = new RecentChanges();
    for (let since = 0; since < 1_100; since += 100) recent.add(noted(since, 100));
    expect(recent.after(75)).toBeUndefined();
    expect(versionsAfter(recent, 76)?.length).toBe(1_024);
  });

  it('forget the oldest beyond 2 Mi characters', () => {
    const recent = new RecentChanges();
    for (let since = 0; since < 3; since += 1) recent.add(noted(since, 1, 'x'.repeat(1_000_000)));
    expect(recent.after(0)).toBeUndefined();
    expect(versionsAfter(recent, 1)).toEqual([2, 3]);
  });

  it('leave a transaction that is too large to be read', () => {
    const recent = new RecentChanges();
    recent.add(noted(0, 1));
    recent.add(noted(1, 2_000));
    expect([recent.after(1), recent.after(2_001)]).toEqual([undefined, undefined]);
  });
});
