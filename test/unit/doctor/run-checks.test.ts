import { describe, expect, it } from 'vitest';
import { ok, skip, type Check } from '../../../src/doctor/check.ts';
import { runChecks } from '../../../src/doctor/run-checks.ts';
import { RemedyError } from '../../../src/errors/remedy-error.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';

const never = new AbortController().signal;
const check = (name: string, run: Check['run'], more: Partial<Check> = {}): Check => ({
  name,
  group: 'server',
  run,
  ...more,
});
const run = (checks: readonly Check[]): ReturnType<typeof runChecks> =>
  runChecks(checks, { clock: new MockClock(), signal: never });

describe('runChecks', () => {
  it('gives every check a result, in the order given', async () => {
    const slow = (): Promise<ReturnType<typeof ok>> => Promise.resolve().then(() => ok('late'));
    const results = await run([check('a', slow), check('b', () => ok('soon'))]);
    expect(results).toEqual([
      { name: 'a', group: 'server', status: 'ok', message: 'late' },
      { name: 'b', group: 'server', status: 'ok', message: 'soon' },
    ]);
  });

  it('fails one that throws with what it says to do, and no other', async () => {
    const error = new RemedyError('FORBIDDEN', 'not you', { hint: 'ask', details: { verb: 'get' } });
    const results = await run([
      check('a', () => Promise.reject(error)),
      check('b', () => {
        throw new TypeError('x is not a function');
      }),
      check('c', () => ok('fine')),
    ]);
    expect(results.map(({ status, message, fix, details }) => ({ status, message, fix, details }))).toEqual([
      { status: 'fail', message: 'not you', fix: 'ask', details: { verb: 'get', code: 'FORBIDDEN' } },
      {
        status: 'fail',
        message: 'this check broke: x is not a function',
        fix: 'This is a bug in remedyctl: keep this message for whoever mends it.',
        details: undefined,
      },
      { status: 'ok', message: 'fine', fix: undefined, details: undefined },
    ]);
  });

  it('skips what needs a failure, down the chain, and says what began it', async () => {
    const results = await run([
      check('root', () => Promise.reject(new RemedyError('UNREACHABLE', 'gone'))),
      check('child', () => ok('never'), { needs: ['root'] }),
      check('grandchild', () => ok('never'), { needs: ['child'] }),
      check('sibling', () => ok('runs'), { after: ['root'] }),
    ]);
    expect(results.map(({ status, message }) => [status, message])).toEqual([
      ['fail', 'gone'],
      ['skip', 'not looked at: "root" failed'],
      ['skip', 'not looked at: "root" failed'],
      ['ok', 'runs'],
    ]);
  });

  it('goes on after a warning, and hands on the reason of a skip', async () => {
    const results = await run([
      check('warned', () => ({ status: 'warn', message: 'hm' })),
      check('runs', () => ok('yes'), { needs: ['warned'] }),
      check('skipped', () => skip('there is none')),
      check('follows', () => ok('never'), { needs: ['skipped'] }),
    ]);
    expect(results.map(({ status, message }) => [status, message])).toEqual([
      ['warn', 'hm'],
      ['ok', 'yes'],
      ['skip', 'there is none'],
      ['skip', 'there is none'],
    ]);
  });

  it('ends a check at its limit, stops its requests and leaves no timer', async () => {
    const clock = new MockClock();
    let stopped = false;
    const silent = check(
      'silent',
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            stopped = true;
            reject(new Error('aborted'));
          });
        }),
      { limitMs: 5_000 },
    );
    const running = runChecks([silent, check('quick', () => ok('done'))], { clock, signal: never });
    await clock.advance(4_999);
    expect(stopped).toBe(false);
    await clock.advance(1);
    const results = await running;
    expect(results[0]).toMatchObject({
      status: 'fail',
      message: 'no answer within 5 s',
      details: { code: 'TIMEOUT' },
    });
    expect(stopped).toBe(true);
    expect(clock.sleepers).toBe(0);
  });

  it('rejects with INTERRUPTED when it is stopped, at once', async () => {
    const stop = new AbortController();
    const hung = check('hung', () => new Promise(() => undefined));
    const running = runChecks([hung], { clock: new MockClock(), signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
