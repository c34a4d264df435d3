import { beforeEach, describe, expect, it } from 'vitest';
import { LeaseHistory } from '../../../src/ingest/lease-history.ts';

const lease = 'gw-lock-91fce8d5c4949766';
const own = 'host/1/own';

describe('LeaseHistory', () => {
  let history: LeaseHistory;
  const shows = (holder: string, deleted = false, leaseName = lease): void => {
    history.observe({ leaseName, holder, deleted });
  };

  beforeEach(() => {
    history = new LeaseHistory();
  });

  it('has not seen an acquisition before its own event has come', () => {
    history.begin(lease, own);
    expect(history.hasSeenOwn(own)).toBe(false);
    shows(own);
    expect(history.hasSeenOwn(own)).toBe(true);
  });

  it('wakes whoever waits for the own event, once', () => {
    let woken = 0;
    history.begin(lease, own);
    history.onSeen(own, () => (woken += 1));
    shows(own);
    shows(own);
    expect(woken).toBe(1);
  });

  it('knows of no other holder when only we have held the lease', () => {
    history.begin(lease, own);
    shows(own);
    expect(history.othersSeen(lease, own)).toBe(false);
  });

  it.each([
    ['a gateway', 'gateway-7d9f-abcde'],
    ['a process with our host and pid', 'host/1/other'],
    ['a lease without a holder id', ''],
  ])('takes %s for another holder', (_, holder) => {
    shows(holder);
    shows(holder, true);
    history.begin(lease, own);
    shows(own);
    expect(history.othersSeen(lease, own)).toBe(true);
  });

  it('does not hold the holders of one lease against another', () => {
    shows('gateway', false, 'gw-lock-0000000000000000');
    history.begin(lease, own);
    shows(own);
    expect(history.othersSeen(lease, own)).toBe(false);
  });

  it('vouches for an earlier acquisition of this process whose create was answered', () => {
    history.begin(lease, 'host/1/earlier');
    shows('host/1/earlier');
    history.settle('host/1/earlier', true);
    shows('host/1/earlier', true);
    history.begin(lease, own);
    shows(own);
    expect(history.othersSeen(lease, own)).toBe(false);
  });

  it('vouches also when the events of the earlier acquisition come after its end', () => {
    history.begin(lease, 'host/1/earlier');
    history.settle('host/1/earlier', true);
    shows('host/1/earlier');
    shows('host/1/earlier', true);
    history.begin(lease, own);
    shows(own);
    expect(history.othersSeen(lease, own)).toBe(false);
  });

  it('takes an earlier acquisition without a definite answer for a stranger, for ever', () => {
    history.begin(lease, 'host/1/earlier');
    shows('host/1/earlier');
    history.settle('host/1/earlier', false);
    history.begin(lease, own);
    shows(own);
    expect(history.othersSeen(lease, own)).toBe(true);
  });

  it('knows at the time of asking, not of the event, whether an acquisition is vouched for', () => {
    history.begin(lease, 'host/1/earlier');
    shows('host/1/earlier');
    history.begin(lease, own);
    shows(own);
    expect(history.othersSeen(lease, own)).toBe(true);
    history.settle('host/1/earlier', true);
    expect(history.othersSeen(lease, own)).toBe(false);
  });

  it.each([
    ['another holder', 'gateway', false],
    ['a deletion', own, true],
  ])('says that the lock is lost after %s', (_, holder, deleted) => {
    history.begin(lease, own);
    shows(own);
    expect(history.isLost(own)).toBe(false);
    shows(holder, deleted);
    expect(history.isLost(own)).toBe(true);
  });

  it('does not take its own renewal for a loss', () => {
    history.begin(lease, own);
    shows(own);
    shows(own);
    expect(history.isLost(own)).toBe(false);
  });

  it('forgets with a new watch what the old one has shown, but not who is doubtful', () => {
    shows('gateway');
    history.begin(lease, 'host/1/doubtful');
    history.settle('host/1/doubtful', false);
    history.restart();
    history.begin(lease, own);
    shows(own);
    expect(history.othersSeen(lease, own)).toBe(false);
    shows('host/1/doubtful');
    expect(history.othersSeen(lease, own)).toBe(true);
  });

  it('asks an acquisition under way to be seen again on a new watch', () => {
    history.begin(lease, own);
    shows(own);
    history.restart();
    expect(history.hasSeenOwn(own)).toBe(false);
  });
});
