import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { isRunning, linesOf, parentOf, startLeaseRun, until, type LeaseTarget } from './lease-process.ts';

const workers = 8;
const soakSeconds = Number(process.env['REMEDYCTL_SOAK_SECONDS'] ?? 15);
const withinMs = (soakSeconds + 120) * 1000;
/** The shortest lease, and patience for one that has to expire first. */
const short = ['--ttl', '10s', '--wait', '2m'];

/** Each line is one append of a few bytes: it arrives whole, and in the order of writing. */
const enterAndExit = `
echo "enter $REMEDYCTL_LEASE_TOKEN" >> "$FILE"
sleep 0.02
echo "exit $REMEDYCTL_LEASE_TOKEN" >> "$FILE"`;

const stayInside = `
echo "pid $$" >> "$FILE.pids"
while echo "in $REMEDYCTL_LEASE_TOKEN" >> "$FILE"; do sleep 0.05; done`;

const tokenOf = (line: string): number => Number(line.split(' ')[1]);

/** Lines of a holder that came after those of a later one: what the token gives away. */
function lateLines(lines: readonly string[]): string[] {
  let highest = 0;
  return lines.filter((line) => {
    const late = tokenOf(line) < highest;
    highest = Math.max(highest, tokenOf(line));
    return late;
  });
}

/** What `lease run` rests on, over any API server. */
export function describeMutualExclusion(open: () => Promise<LeaseTarget>): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-inside-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const fileIn = async (name: string): Promise<{ target: LeaseTarget; file: string }> => {
    const target = await open();
    const file = path.join(folder, name);
    return { file, target: { ...target, env: { ...target.env, FILE: file } } };
  };

  it(
    `eight processes for ${soakSeconds} s: never two inside, and every token is higher than the one before`,
    async () => {
      const { target, file } = await fileIn('calm');
      const stop = AbortSignal.timeout(soakSeconds * 1000);
      const work = async (): Promise<number> => {
        let runs = 0;
        for (; !stop.aborted; runs += 1) {
          const { code, stderr } = await startLeaseRun(target, ['sh', '-c', enterAndExit], { flags: short })
            .ended;
          expect(code, stderr).toBe(0);
        }
        return runs;
      };
      const runs = await Promise.all(Array.from({ length: workers }, work));

      const lines = linesOf(file);
      const entered = lines.filter((line) => line.startsWith('enter'));
      expect(entered).toHaveLength(runs.reduce((sum, count) => sum + count, 0));
      expect(lines).toEqual(entered.flatMap((line) => [line, line.replace('enter', 'exit')]));
      const tokens = entered.map(tokenOf);
      expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
    },
    withinMs,
  );

  // Whose child is whose is read from /proc.
  it.runIf(process.platform === 'linux')(
    'holders killed with SIGKILL: their commands are gone before the next one enters',
    async () => {
      const { target, file } = await fileIn('killed');
      const holders = Array.from({ length: 3 }, () =>
        startLeaseRun(target, ['sh', '-c', stayInside], { flags: short }),
      );
      const waiting = new Set(holders);
      for (let entered = 1; entered <= holders.length; entered += 1) {
        await until('the next holder is inside', () => linesOf(`${file}.pids`).length === entered);
        const inside = tokenOf(linesOf(`${file}.pids`).at(-1) ?? '');
        await pause(300);
        const running = [...waiting].filter(
          ({ child }) => child.pid !== undefined && parentOf(inside) === child.pid,
        );
        expect(running).toHaveLength(1);
        waiting.delete(running[0]!);
        running[0]!.child.kill('SIGKILL');
        await until('the command of the killed one is gone', () => !isRunning(inside), 8000);
      }
      await Promise.all(holders.map(({ ended }) => ended));
      expect(new Set(linesOf(file)).size).toBe(holders.length);
      expect(lateLines(linesOf(file))).toEqual([]);
    },
    withinMs,
  );

  it(
    'a holder stopped with SIGSTOP for longer than its lease: its command runs on beside the next one, which the token shows',
    async () => {
      const { target, file } = await fileIn('stopped');
      const first = startLeaseRun(target, ['sh', '-c', stayInside], { flags: short });
      await until('the first is inside', () => linesOf(file).length > 0);
      first.child.kill('SIGSTOP');
      const second = startLeaseRun(target, ['sh', '-c', stayInside], { flags: short });
      await until('the second is inside', () => new Set(linesOf(file)).size === 2);
      await pause(1000);

      // Two are inside. Nobody could prevent it; whoever compares tokens can tell who must not write any more.
      const late = lateLines(linesOf(file));
      expect(late.length).toBeGreaterThan(3);
      expect(new Set(late)).toEqual(new Set([linesOf(file)[0]]));

      first.child.kill('SIGCONT');
      const ended = await first.ended;
      expect(ended.code, ended.stderr).toBe(5);
      expect(ended.stderr).toContain('code: LOCK_LOST');
      const lateAtEnd = lateLines(linesOf(file)).length;
      await pause(500);
      expect(lateLines(linesOf(file))).toHaveLength(lateAtEnd);

      second.child.kill('SIGTERM');
      expect((await second.ended).code).toBe(143);
    },
    withinMs,
  );
}
