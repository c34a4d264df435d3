import { describe, expect, it } from 'vitest';
import { FingerprintQueue } from '../../../src/ingest/fingerprint-queue.ts';
import { OrderedWindow } from '../../../src/ingest/ordered-window.ts';
import { Semaphore } from '../../../src/ingest/semaphore.ts';

interface Deferred<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (cause: unknown) => void;
}

function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (cause: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('OrderedWindow', () => {
  it('hands results on in the order of the input, however they end', async () => {
    const window = new OrderedWindow<string>({ items: 10, bytes: 100 });
    const first = deferred<string>();
    window.push(first.promise, 1);
    window.push(Promise.resolve('second'), 1);
    window.end();
    first.resolve('first');
    const seen: string[] = [];
    for await (const item of window) seen.push(item);
    expect(seen).toEqual(['first', 'second']);
  });

  it.each([
    ['items', { items: 1, bytes: 100 }, 1],
    ['bytes', { items: 10, bytes: 100 }, 60],
  ])('makes the producer wait at its limit of %s', async (_, limits, bytes) => {
    const window = new OrderedWindow<number>(limits);
    window.push(Promise.resolve(1), bytes);
    let entered = false;
    const producer = window.room(bytes).then(() => {
      entered = true;
      window.push(Promise.resolve(2), bytes);
      window.end();
    });
    await settle();
    expect(entered).toBe(false);
    const seen: number[] = [];
    for await (const item of window) seen.push(item);
    await producer;
    expect(seen).toEqual([1, 2]);
  });

  it('lets an item above the byte limit in when it is alone', async () => {
    const window = new OrderedWindow<number>({ items: 10, bytes: 100 });
    await window.room(5_000);
    window.push(Promise.resolve(1), 5_000);
    window.end();
    const seen: number[] = [];
    for await (const item of window) seen.push(item);
    expect(seen).toEqual([1]);
  });

  it('throws a failure after the results that came before it', async () => {
    const window = new OrderedWindow<number>({ items: 10, bytes: 100 });
    window.push(Promise.resolve(1), 1);
    window.end({ cause: new Error('the input broke') });
    const seen: number[] = [];
    const iterate = async (): Promise<void> => {
      for await (const item of window) seen.push(item);
    };
    await expect(iterate()).rejects.toThrow('the input broke');
    expect(seen).toEqual([1]);
  });

  it('frees a waiting producer when the consumer leaves', async () => {
    const window = new OrderedWindow<number>({ items: 1, bytes: 100 });
    window.push(Promise.resolve(1), 1);
    const producer = window.room(1);
    for await (const item of window) {
      expect(item).toBe(1);
      break;
    }
    await producer;
    expect(window.isEnded).toBe(true);
  });
});

describe('FingerprintQueue', () => {
  it('runs one group of a fingerprint at a time and merges what waits, in order', async () => {
    const groups: string[] = [];
    const gates: Deferred<undefined>[] = [];
    const queue = new FingerprintQueue<number>(async (fingerprint, group) => {
      groups.push(`${fingerprint}:${group.join(',')}`);
      const gate = deferred<undefined>();
      gates.push(gate);
      await gate.promise;
    });
    queue.add('a', 1);
    await settle();
    queue.add('a', 2);
    queue.add('b', 3);
    queue.add('a', 4);
    await settle();
    expect(groups).toEqual(['a:1', 'b:3']);
    gates[0]?.resolve(undefined);
    await settle();
    expect(groups).toEqual(['a:1', 'b:3', 'a:2,4']);
  });
});

describe('Semaphore', () => {
  it('runs no more than its slots, urgent work first', async () => {
    const semaphore = new Semaphore(1);
    const order: string[] = [];
    const gate = deferred<undefined>();
    const running = semaphore.run(() => gate.promise);
    const ordinary = semaphore.run(() => Promise.resolve(order.push('ordinary')));
    const urgent = semaphore.run(() => Promise.resolve(order.push('urgent')), 'urgent');
    await settle();
    expect(order).toEqual([]);
    gate.resolve(undefined);
    await Promise.all([running, ordinary, urgent]);
    expect(order).toEqual(['urgent', 'ordinary']);
  });

  it('frees the slot of work that fails', async () => {
    const semaphore = new Semaphore(1);
    await expect(semaphore.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(semaphore.run(() => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
