import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/objects.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { CommandLine, type Ran } from '../../unit/cli/command-line.ts';
import { fingerprintLike, lockOf, podOf, request } from './planted-locks.ts';

const nowMs = Date.parse('2026-08-22T12:00:00Z');

class StoppedClock extends RealClock {
  override now(): number {
    return nowMs;
  }
}

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  line.remove();
});

async function given(items: readonly KubeObject[]): Promise<void> {
  const file = path.join(line.home, 'objects.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  expect(await line.run(['store', 'import', file])).toMatchObject({ code: 0 });
}

const doctor = (...argv: string[]): Promise<Ran> =>
  line.run(['lease', 'doctor', ...argv, '--target', 'embedded'], { clock: new StoppedClock() });

describe('lease doctor', () => {
  it('judges a lock by what it blocks: one that lasts for hours, a minute and a half old, is told', async () => {
    const blocking = fingerprintLike('eeee5555');
    const counted = fingerprintLike('ffff6666');
    await given([
      lockOf(blocking, nowMs, { acquired: 93, duration: 7200, holder: 'gateway-0' }),
      lockOf(counted, nowMs, { acquired: 93, duration: 7200, holder: 'gateway-1' }),
      request(counted, 'Executing'),
      podOf('gateway-0', new Date(nowMs - 60_000).toISOString()),
    ]);
    const { code, stdout } = await doctor();
    expect(code).toBe(3);
    expect(stdout).toContain('longHeld  kubernaut-system/gw-lock-eeee555500000000  held by gateway-0');
    expect(stdout).toMatch(
      /blocks: signals of fingerprint eeee5.*, for 93s already and until .*: it lasts 7200s/,
    );
    expect(stdout).toMatch(
      /holder: pod kubernaut-system\/gateway-0 is there: Running, since .*, so only after/,
    );
    expect(stdout).toMatch(/blocks: nothing while a request of its fingerprint is under way.*\(Executing\)/);
    const { stdout: json } = await doctor('-o', 'json');
    expect((JSON.parse(json) as { items: unknown[] }).items).toMatchObject([
      { finding: 'longHeld', holderPod: { name: 'gateway-0', found: true, namespace: 'kubernaut-system' } },
      { finding: 'longHeld' },
    ]);
  });

  it('tells of a held lock without a fault that signals wait for in vain', async () => {
    await given([lockOf(fingerprintLike('eeee5555'), nowMs, { acquired: 93, renewed: 1, holder: 'me/7' })]);
    const { code, stderr } = await doctor();
    expect(code).toBe(0);
    expect(stderr).toContain('gw-lock-eeee555500000000 is held by me/7 for 93s: until it is released');
  });
});

describe('lease get', () => {
  const one = fingerprintLike('aaaa1111bbbb');
  const other = fingerprintLike('aaaa2222cccc');
  const get = (...argv: string[]): Promise<Ran> =>
    line.run(['lease', 'get', ...argv, '--target', 'embedded', '-o', 'name']);
  beforeEach(() =>
    given([
      lockOf(one, nowMs, { acquired: 20 }),
      lockOf(other, nowMs, { acquired: 20 }),
      request(one, 'Executing'),
    ]),
  );

  it.each(['gw-lock-aaaa1', 'rr-aaaa1', 'gw-lock-aaaa1111bbbb0000'])(
    'reads a lock by the beginning of a name: %s',
    async (key) => {
      expect(await get(key)).toMatchObject({
        code: 0,
        stdout: 'lease.coordination.k8s.io/gw-lock-aaaa1111bbbb0000\n',
      });
    },
  );

  it('names all of those that a beginning may mean, and none for what begins nothing', async () => {
    const { code, stderr } = await get('gw-lock-aaaa');
    expect(code).toBe(2);
    expect(stderr).toContain('AMBIGUOUS_KEY');
    expect(stderr).toContain('gw-lock-aaaa2222cccc0000');
    expect((await get('gw-lock-bbbb')).stderr).toContain('NOT_FOUND');
    expect((await get('rr-bbbb')).stderr).toContain('NOT_FOUND');
  });

  it('is the only one: what is released is named whole', async () => {
    const { code, stderr } = await line.run([
      'lease',
      'release',
      'gw-lock-aaaa1',
      '--target',
      'embedded',
      '--yes',
    ]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(await get('gw-lock-aaaa1')).toMatchObject({ code: 0 });
  });
});
