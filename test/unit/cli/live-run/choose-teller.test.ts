import { Readable } from 'node:stream';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chooseTeller } from '../../../../src/cli/plan-run/choose-teller.ts';
import type { OutputStream, Runtime } from '../../../../src/cli/runtime.ts';
import { openSession } from '../../../../src/cli/session.ts';
import { MockClock } from '../../../../src/time/mock-clock.ts';
import { SystemRandom } from '../../../../src/time/system-random.ts';
import { MemoryStream } from '../memory-stream.ts';
import { limitedSupport, planOf, runOf } from '../../plan-run/plan-under-test.ts';
import { ScreenStream } from './screen-stream.ts';

const home = mkdtempSync(path.join(tmpdir(), 'choose-teller-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

class OutputText extends ScreenStream {
  text = '';

  override _write(chunk: Buffer, encoding: string, done: (error?: Error | null) => void): void {
    this.text += chunk.toString('utf8');
    super._write(chunk, encoding, done);
  }
}

function runtimeOn(stderr: OutputStream, env: Record<string, string>): Runtime {
  return {
    bin: 'remedyctl',
    version: '1.2.3',
    env: { HOME: home, ...env },
    cwd: home,
    stdin: Readable.from([]),
    stdout: new MemoryStream(),
    stderr,
    clock: new MockClock(),
    random: new SystemRandom(),
    signal: new AbortController().signal,
    interruption: () => undefined,
    ignoreInterruption: () => undefined,
    outliveReader: () => undefined,
    setExitCode: () => undefined,
  };
}

async function told(
  stderr: OutputStream,
  env: Record<string, string>,
  flags: Record<string, string | boolean>,
): Promise<void> {
  const session = await openSession(runtimeOn(stderr, env), flags);
  const stop = new AbortController().signal;
  const teller = await chooseTeller(session, { run: runOf(planOf([limitedSupport])), entries: [], stop });
  teller.entry({ kind: 'settled', action: 0, at: 0, outcome: 'failed', attempts: 1, lines: [] });
  teller.end();
}

describe('how a run is told', () => {
  const view = '✗ 0 limited_support failed';
  const line = '0 limited_support: failed\n';
  const terminal = { TERM: 'xterm' };
  const cases: {
    where: string;
    env?: Record<string, string>;
    flags?: Record<string, string | boolean>;
    size?: [number, number];
    is: 'live' | 'coloured' | 'lines' | 'silent';
  }[] = [
    { where: 'on a terminal', is: 'coloured' },
    { where: 'on a terminal with NO_COLOR', env: { NO_COLOR: '1' }, is: 'live' },
    { where: 'on a terminal with --color never', flags: { color: 'never' }, is: 'live' },
    { where: 'with CI=false', env: { CI: 'false' }, is: 'coloured' },
    { where: 'in CI', env: { CI: 'true' }, is: 'lines' },
    { where: 'on a dumb terminal', env: { TERM: 'dumb' }, is: 'lines' },
    { where: 'on a terminal without a size', size: [0, 0], is: 'lines' },
    { where: 'with -q', flags: { quiet: true }, is: 'silent' },
  ];
  for (const { where, env = {}, flags = {}, size: [columns, rows] = [80, 24], is } of cases) {
    it(`is ${is} ${where}`, async () => {
      const stderr = new OutputText(columns, rows);
      await told(stderr, { ...terminal, ...env }, flags);
      if (is === 'lines') expect(stderr.text).toBe(line);
      else if (is === 'silent') expect(stderr.text).toBe('');
      else {
        expect(stderr.screen.lines).toEqual([expect.stringContaining(view)]);
        expect(stderr.text.includes('\u001b[31m')).toBe(is === 'coloured');
        expect(stderr.screen.isCursorShown).toBe(true);
      }
    });
  }

  it('is lines off a terminal', async () => {
    const stderr = new MemoryStream();
    await told(stderr, terminal, { color: 'always' });
    expect(stderr.text).toBe(line);
  });
});
