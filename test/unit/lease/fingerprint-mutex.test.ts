import { describe, expect, it } from 'vitest';
import { FingerprintMutex } from '../../../src/lease/fingerprint-mutex.ts';

describe('the mutex of a fingerprint', () => {
  it('lets one in at a time, in the order of asking', async () => {
    const mutex = new FingerprintMutex();
    const order: string[] = [];
    const run = async (name: string): Promise<void> => {
      const leave = await mutex.enter('fp');
      order.push(`${name} in`);
      await Promise.resolve();
      order.push(`${name} out`);
      leave();
    };
    await Promise.all([run('a'), run('b'), run('c')]);
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    expect(mutex.isHeld('fp')).toBe(false);
  });

  it('keeps fingerprints apart', async () => {
    const mutex = new FingerprintMutex();
    await mutex.enter('a');
    await expect(mutex.enter('b')).resolves.toBeTypeOf('function');
  });

  it('takes an aborted wait out of the queue, with its reason', async () => {
    const mutex = new FingerprintMutex();
    const leave = await mutex.enter('fp');
    const controller = new AbortController();
    const aborted = mutex.enter('fp', controller.signal);
    const third = mutex.enter('fp');
    const reason = new Error('stop');
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    leave();
    await expect(third).resolves.toBeTypeOf('function');
  });

  it('is not entered by a signal that has aborted already', async () => {
    const mutex = new FingerprintMutex();
    await expect(mutex.enter('fp', AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(mutex.isHeld('fp')).toBe(false);
  });

  it('is not let in twice by a second leave', async () => {
    const mutex = new FingerprintMutex();
    const leaveFirst = await mutex.enter('fp');
    const second = mutex.enter('fp');
    const third = mutex.enter('fp');
    let thirdIn = false;
    void third.then(() => (thirdIn = true));
    leaveFirst();
    leaveFirst();
    await second;
    await Promise.resolve();
    expect(thirdIn).toBe(false);
  });
});
