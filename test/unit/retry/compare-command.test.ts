import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../cli/command-line.ts';

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  line.remove();
});

describe('retry compare', () => {
  it('finds the fewest attempts with which an outage is always survived', async () => {
    const words = ['creation', 'lock', '--outage', '4s,100ms', '--runs', '50', '--find', '-o', 'json'];
    const { stdout } = await line.run(['retry', 'compare', ...words]);
    const { kind, items, found } = JSON.parse(stdout) as {
      kind: string;
      items: { policy: { name: string }; outageSeconds: number; survives: boolean }[];
      found: { outageSeconds: number; policies: { policy: { name: string; maxAttempts: number } }[] }[];
    };
    expect(kind).toBe('RetryComparison');
    expect(
      items.map(({ policy, outageSeconds, survives }) => [policy.name, outageSeconds, survives]),
    ).toEqual([
      ['creation', 0.1, true],
      ['creation', 4, false],
      ['lock', 0.1, false],
      ['lock', 4, false],
    ]);
    const { name, maxAttempts } = found[1]!.policies[0]!.policy;
    const survives = async (attempts: number): Promise<boolean> => {
      const policy = `${name},maxAttempts=${attempts}`;
      const ran = await line.run([
        'retry',
        'compare',
        policy,
        '--outage',
        '4s',
        '--runs',
        '2000',
        '-o',
        'json',
      ]);
      return (JSON.parse(ran.stdout) as { items: { survives: boolean }[] }).items[0]!.survives;
    };
    expect([await survives(maxAttempts), await survives(maxAttempts - 1)]).toEqual([true, false]);
  });
});

describe('retry compare, by what each policy retries', () => {
  interface Compared {
    items: { policy: { name: string }; retried: boolean; successShare: number; note?: string }[];
    found: { policies: { policy: { name: string } }[]; notRetried: { policy: { name: string } }[] }[];
  }
  const compared = async (...words: string[]): Promise<Compared> => {
    const { stdout } = await line.run([
      ...['retry', 'compare', ...words],
      ...['--outage', '150ms', '--runs', '20', '--find', '-o', 'json'],
    ]);
    return JSON.parse(stdout) as Compared;
  };

  it.each([
    ['503', ['creation', 'plan']],
    ['500', ['plan']],
    ['429', ['creation', 'plan']],
    ['409', ['lock', 'status']],
    ['403', []],
    ['ECONNRESET', ['creation', 'plan']],
    ['too many requests', ['creation']],
  ])('%s is retried by %j', async (failure, retried) => {
    const { items, found } = await compared('--failure', failure);
    expect(items.filter((item) => item.retried).map(({ policy }) => policy.name)).toEqual(retried);
    expect(items.filter((item) => item.successShare > 0).map(({ policy }) => policy.name)).toEqual(retried);
    const [{ policies, notRetried } = { policies: [], notRetried: [] }] = found;
    expect(policies.map(({ policy }) => policy.name).sort()).toEqual(retried);
    expect(notRetried).toHaveLength(4 - retried.length);
    for (const { retried: again, note } of items) expect(note === undefined).toBe(again);
  });

  it('takes a policy for what its name begins with, and any other for the creation', async () => {
    const { items } = await compared('lock,maxAttempts=30', 'kind=constant,initial=100ms,maxAttempts=5');
    expect(items.map(({ retried }) => retried)).toEqual([false, true]);
  });

  it('heeds a Retry-After as each does: plan waits for ten minutes at most', async () => {
    const { items } = await compared('creation', 'plan', '--failure', '429', '--retry-after', '11m');
    expect(items.map(({ retried }) => retried)).toEqual([true, false]);
  });

  it('says in the row and once below the table that more attempts would not help', async () => {
    const words = ['creation', 'lock', '--outage', '150ms,3s', '--find'];
    const { stdout } = await line.run(['retry', 'compare', ...words]);
    expect(stdout.match(/no, not retried/g)).toHaveLength(2);
    expect(stdout.match(/lock ends at the first 503: not retried by lock, which waits/g)).toHaveLength(1);
    expect(stdout).toContain('more attempts do not help lock\n');
  });
});
