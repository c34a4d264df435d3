import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  decideOnce,
  openStoreBench,
  runContext,
  shortened,
  type StoreBench,
  withDecider,
} from '../../support/ingest-context.ts';

const refusal = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  reason: 'Forbidden',
  code: 403,
  message: 'leases.coordination.k8s.io is forbidden: User "jane" cannot delete resource "leases"',
};

describe('a lock that may not be deleted', () => {
  let bench: StoreBench;
  beforeEach(async () => {
    bench = await openStoreBench();
    bench.intercept = (request, pass) =>
      shortened(request) === 'DELETE leases/LOCK' ? Promise.resolve(forbidden()) : pass(request);
  });
  afterEach(() => bench.close());

  it.each([1, 3])('is warned about, whatever comes first: %i signals', async (times) => {
    const items = await withDecider(await runContext(bench), (decider) => decideOnce(decider, 'a', times));
    expect(items.map(({ outcome }) => outcome)).toEqual(
      ['created', 'duplicate', 'duplicate'].slice(0, times),
    );
    const message = expect.stringMatching(
      /^gw-lock-\w{16} stays until it expires: .*cannot delete resource "leases"/,
    ) as string;
    expect(items.flatMap(({ warnings = [] }) => warnings)).toEqual([{ code: 'LOCK_NOT_RELEASED', message }]);
  });
});

function forbidden(): { status: number; headers: Record<string, string>; body: AsyncIterable<Uint8Array> } {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from(JSON.stringify(refusal)));
  }
  return { status: 403, headers: { 'content-type': 'application/json' }, body: body() };
}
