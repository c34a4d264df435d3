import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiResponse } from '../../../src/api/wire.ts';
import { openStoreBench, decideOnce, runContext, withDecider } from '../../support/ingest-context.ts';
import type { StoreBench } from '../../support/ingest-context.ts';

let bench: StoreBench;
beforeEach(async () => {
  bench = await openStoreBench();
});
afterEach(() => bench.close());

function refusal(): ApiResponse {
  const status = { kind: 'Status', code: 503, reason: 'ServiceUnavailable', message: 'not now' };
  const body = (async function* () {
    await Promise.resolve();
    yield Buffer.from(JSON.stringify(status));
  })();
  return { status: 503, headers: { 'content-type': 'application/json' }, body };
}

it('says of each attempt that is repeated why, and when', async () => {
  const notes: string[] = [];
  const context = await runContext(bench, { note: (message) => notes.push(message) });
  let refused = 0;
  bench.intercept = (request, pass) => {
    const isCreation = request.method === 'POST' && request.path.includes('/remediationrequests');
    return isCreation && (refused += 1) <= 2 ? Promise.resolve(refusal()) : pass(request);
  };
  const [item] = await withDecider(context, (decider) => decideOnce(decider, 'a'));
  expect(item).toMatchObject({ outcome: 'created' });
  expect(notes).toEqual([
    expect.stringMatching(/^attempt 1 of \d+ failed: .*not now; again in \d+ms$/),
    expect.stringMatching(/^attempt 2 of \d+ failed: .*not now; again in \d+ms$/),
  ]);
});
