import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { EventLedger, type EventVersion, type TakenEvent } from '../../../src/follow/event-ledger.ts';

const version = (uid: string, resourceVersion: number | string): EventVersion => ({
  uid,
  resourceVersion: String(resourceVersion),
});

let ledger: EventLedger;

beforeEach(() => {
  ledger = new EventLedger();
});

function begun(uid: string, at: number, place: string | undefined = String(at)): TakenEvent {
  const taken = ledger.take(version(uid, at), place);
  ledger.begin(taken);
  return taken;
}

describe('the place to go on from', () => {
  it('follows what has ended, in the order in which it came', () => {
    const [first, second] = [begun('a', 5), begun('b', 6)];
    ledger.end(second);
    expect(ledger.state()).toMatchObject({
      place: undefined,
      inFlight: [version('a', 5)],
      ahead: [version('b', 6)],
    });
    ledger.end(first);
    expect(ledger.state()).toMatchObject({ place: '6', inFlight: [], ahead: [] });
  });

  it('is that of the listing only when everything that it showed has ended', () => {
    const listed = ledger.take(version('a', 5));
    ledger.listed(new Set(['a']), '9');
    ledger.mark('12');
    expect(ledger.place).toBeUndefined();
    ledger.end(listed);
    expect(ledger.place).toBe('12');
  });

  it('stays before what was not begun, which is not in flight', () => {
    const taken = begun('a', 5);
    ledger.end(begun('b', 6));
    ledger.leave(taken);
    expect(ledger.state()).toMatchObject({ place: undefined, inFlight: [], ahead: [version('b', 6)] });
  });
});

describe('what is remembered', () => {
  it('knows a version that was done, is held, or lies ahead, and no other', () => {
    begun('a', 5);
    ledger.end(begun('b', 6));
    const next = new EventLedger(ledger.state());
    expect(ledger.has(version('a', 5))).toBe(true);
    expect(next.has(version('a', 5))).toBe(false);
    expect(next.has(version('b', 6))).toBe(true);
    expect(next.has(version('b', 7))).toBe(false);
  });

  it('forgets what lies ahead once it was told again', () => {
    begun('a', 5);
    ledger.end(begun('b', 6));
    ledger = new EventLedger(ledger.state());
    ledger.end(begun('a', 5));
    ledger.again(version('b', 6), '6');
    expect(ledger.state()).toMatchObject({ place: '6', ahead: [] });
  });

  it('is what there is: events that were deleted, or that a listing lacks, are forgotten', () => {
    for (const [uid, at] of [
      ['a', 5],
      ['b', 6],
      ['c', 7],
    ] as const)
      ledger.end(begun(uid, at));
    ledger.gone('a', '8');
    ledger.listed(new Set(['c']), '9');
    expect(ledger.state().seen).toEqual([version('c', 7)]);
  });

  it('keeps what came after a listing that is not done with yet', () => {
    const listed = ledger.take(version('a', 5));
    ledger.listed(new Set(['a']), '6');
    ledger.end(begun('new', 7));
    ledger.end(listed);
    expect(
      ledger
        .state()
        .seen.map(({ uid }) => uid)
        .toSorted(),
    ).toEqual(['a', 'new']);
  });

  it('does not remember an event that was deleted while it was under way', () => {
    const taken = begun('a', 5);
    ledger.gone('a', '6');
    ledger.end(taken);
    expect(ledger.state()).toMatchObject({ place: '6', seen: [] });
  });
});

/** What a server remembers: every version in its order. A watch tells what comes after a place. */
const histories = fc.array(fc.record({ uid: fc.constantFrom('a', 'b', 'c', 'd'), ends: fc.boolean() }), {
  maxLength: 40,
});

describe('a crash at any time', () => {
  it('takes again what had not ended, and nothing else', () => {
    fc.assert(
      fc.property(histories, fc.array(fc.nat(39), { maxLength: 5 }), (history, crashes) => {
        const done = new Map<string, number>();
        let running = new EventLedger();
        const crash = new Set(crashes);
        const replay = (upTo: number): void => {
          for (let at = Number(running.place ?? 0) + 1; at <= upTo; at += 1) take(at, true);
        };
        const take = (at: number, ends: boolean): void => {
          const event = version(history[at - 1]?.uid ?? '', at);
          if (running.has(event)) {
            running.again(event, event.resourceVersion);
            return;
          }
          const taken = running.take(event, event.resourceVersion);
          running.begin(taken);
          if (!ends) return;
          done.set(event.resourceVersion, (done.get(event.resourceVersion) ?? 0) + 1);
          running.end(taken);
        };
        for (const [index, { ends }] of history.entries()) {
          take(index + 1, ends);
          if (!crash.has(index)) continue;
          running = new EventLedger(
            JSON.parse(JSON.stringify(running.state())) as ReturnType<EventLedger['state']>,
          );
          replay(index + 1);
        }
        running = new EventLedger(running.state());
        replay(history.length);
        expect([...done].toSorted(([one], [other]) => Number(one) - Number(other))).toEqual(
          history.map((_, index) => [String(index + 1), 1]),
        );
        expect(running.state()).toMatchObject({ inFlight: [], ahead: [] });
      }),
    );
  });
});
