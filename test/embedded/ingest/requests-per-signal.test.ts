import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideOnce, openStoreBench, runContext, withDecider } from '../../support/ingest-context.ts';
import type { StoreBench } from '../../support/ingest-context.ts';

const newWay = [
  'LIST remediationrequests?0',
  'POST leases',
  'LIST remediationrequests',
  // The look-up of other fingerprints, which is none of the signal's own.
  'LIST remediationrequests',
  'POST remediationrequests',
  'PUT remediationrequests/NAME/status',
  'DELETE leases/LOCK',
];

describe('API requests of a decision', () => {
  let bench: StoreBench;

  beforeEach(async () => {
    bench = await openStoreBench();
  });

  afterEach(() => bench.close());

  it('a new signal costs a hint, the lock, one consistent list and three writes', async () => {
    const context = await runContext(bench);
    const [item] = await withDecider(context, (decider) => decideOnce(decider, 'a'));
    expect(item).toMatchObject({
      outcome: 'created',
      deduplication: { occurrenceCount: 1, persisted: true },
    });
    expect(bench.sent).toEqual(newWay);
    expect(item?.apiRequests).toBe(newWay.length - 1);
  });

  it('a duplicate costs a hint and one patch', async () => {
    const context = await runContext(bench);
    await withDecider(context, async (decider) => {
      await decideOnce(decider, 'a');
      bench.sent.length = 0;
      const [item] = await decideOnce(decider, 'a');
      expect(item).toMatchObject({
        outcome: 'duplicate',
        decision: { reason: 'active' },
        deduplication: { occurrenceCount: 2, persisted: true },
        apiRequests: 2,
      });
      expect(bench.sent).toEqual(['LIST remediationrequests?0', 'PATCH remediationrequests/NAME/status']);
    });
  });

  it('in bulk a new signal costs four and a duplicate one, after three for the run', async () => {
    const context = await runContext(bench, { bulk: true });
    await withDecider(context, async (decider) => {
      const [created] = await decideOnce(decider, 'a');
      expect(bench.sent).toEqual([
        'WATCH leases',
        'LIST remediationrequests',
        'WATCH remediationrequests',
        'POST leases',
        'POST remediationrequests',
        'PUT remediationrequests/NAME/status',
        'DELETE leases/LOCK',
      ]);
      expect(created).toMatchObject({ outcome: 'created', apiRequests: 4 });
      expect(decider.sharedRequests).toBe(3);
      bench.sent.length = 0;
      const [duplicate] = await decideOnce(decider, 'a');
      expect(duplicate).toMatchObject({ outcome: 'duplicate', apiRequests: 1 });
      expect(bench.sent).toEqual(['PATCH remediationrequests/NAME/status']);
    });
  });

  it('the ninth decision of a run opens the shared view', async () => {
    const context = await runContext(bench);
    await withDecider(context, async (decider) => {
      for (let nth = 1; nth <= 8; nth += 1) await decideOnce(decider, `d${nth}`);
      expect(decider.sharedRequests).toBe(0);
      const [ninth] = await decideOnce(decider, 'd9');
      expect(decider.sharedRequests).toBe(3);
      expect(ninth?.apiRequests).toBe(4);
    });
  });

  it('merged duplicates share one write, and each shows the count as if written alone', async () => {
    const context = await runContext(bench);
    const items = await withDecider(context, (decider) => decideOnce(decider, 'a', 4));
    expect(items.map(({ outcome }) => outcome)).toEqual(['created', 'duplicate', 'duplicate', 'duplicate']);
    expect(items.map(({ deduplication }) => deduplication?.occurrenceCount)).toEqual([1, 2, 3, 4]);
    expect(items.map(({ apiRequests }) => apiRequests)).toEqual([6, 1, 0, 0]);
  });
});
