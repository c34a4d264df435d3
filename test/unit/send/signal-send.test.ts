import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertOf, eventOf, webhookText } from '../../support/gateway-objects.ts';
import { openSendBench, type SendBench } from '../../support/send-bench.ts';

const payment = { namespace: 'prod', deployment: 'payment-api' };
const checkout = { namespace: 'prod', deployment: 'checkout' };

let bench: SendBench;

beforeEach(async () => {
  bench = await openSendBench();
});

afterEach(() => bench.close());

function outcomes(items: readonly { outcome: string }[]): string[] {
  return items.map(({ outcome }) => outcome);
}

describe('signal send', () => {
  it('sends every alert alone, with what is common, and says what became of each', async () => {
    const file = bench.file(
      'alerts.json',
      webhookText([alertOf(payment), alertOf(checkout), alertOf(payment)], { team: 'shop' }),
    );
    const { code, items, summary } = await bench.send([file]);
    expect(outcomes(items)).toEqual(['created', 'created', 'duplicate']);
    expect(code).toBe(0);
    expect(summary).toMatchObject({ total: 3, created: 2, duplicate: 1 });
    const bodies = bench.gateway.seen.map(
      ({ text }) => JSON.parse(text) as { alerts: unknown[]; commonLabels: object },
    );
    expect(bodies.map(({ alerts }) => alerts.length)).toEqual([1, 1, 1]);
    expect(bodies.every(({ commonLabels }) => 'team' in commonLabels)).toBe(true);
    expect(items[2]).toMatchObject({
      gateway: { status: 202, body: { status: 'duplicate' } },
      request: { namespace: 'kubernaut-system', name: expect.stringMatching(/^rr-91fce8d5c494-/) as string },
      deduplication: { occurrenceCount: 2, claimedCount: 2, persisted: true },
      signal: { fingerprint: expect.stringMatching(/^91fce8d5c494/) as string },
    });
  });

  it('sends the token trimmed and no X-Timestamp unless it is asked for', async () => {
    const file = bench.file('a.json', webhookText([alertOf(payment)]));
    await bench.send([file]);
    await bench.send([file, '--x-timestamp']);
    const [first, second] = bench.gateway.seen;
    expect(first?.headers.authorization).toBe('Bearer good-token');
    expect(first?.headers['x-timestamp']).toBeUndefined();
    expect(Math.abs(Number(second?.headers['x-timestamp']) - Date.now() / 1_000)).toBeLessThan(60);
  });

  it('gives events of the newer API the fields and times that a gateway reads', async () => {
    const event = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'e', namespace: 'prod' },
      eventTime: new Date().toISOString(),
      regarding: { kind: 'Pod', namespace: 'prod', name: 'standalone' },
      reason: 'FailedScheduling',
      note: 'no room',
      type: 'Warning',
    };
    const normal = eventOf('standalone', { type: 'Normal' });
    const { items, code } = await bench.send([bench.file('e.json', JSON.stringify([event, normal]))]);
    expect(outcomes(items)).toEqual(['created', 'skipped']);
    expect(bench.gateway.seen).toHaveLength(1);
    expect(code).toBe(0);
  });

  it('puts what speaks against a signal from here beside an answer that hides it', async () => {
    const file = bench.file(
      'bad.json',
      webhookText([
        alertOf({ namespace: 'prod', pod: 'gone' }),
        alertOf({ alertname: 'NothingNamed', namespace: 'prod' }),
        alertOf({ namespace: 'legacy', deployment: 'notebook' }),
        alertOf({ ...payment, severity: 's'.repeat(60) }),
        alertOf(payment, { startsAt: new Date(Date.now() + 600_000).toISOString() }),
      ]),
    );
    const { items, code } = await bench.send([file]);
    expect(items.map(({ outcome, reason, gateway }) => [outcome, reason?.code, gateway?.status])).toEqual([
      ['rejected', 'OWNER_NOT_FOUND', 400],
      ['rejected', 'NO_TARGET', 500],
      ['rejected', 'UNMANAGED', 200],
      ['rejected', 'INVALID_FIELD', 500],
      ['rejected', 'STALE', 400],
    ]);
    expect(code).toBe(2);
  });

  it('never shows a count that was not written', async () => {
    const file = bench.file('a.json', webhookText([alertOf(payment)]));
    await bench.send([file]);
    // the gateway's own write of the status fails, and its answer says 2 all the same
    bench.gateway.failsToCount = true;
    const { items, code } = await bench.send([file]);
    expect(items[0]).toMatchObject({
      outcome: 'duplicate',
      deduplication: { occurrenceCount: 1, claimedCount: 2, persisted: false },
    });
    expect(code).toBe(4);
  });

  it('refuses bodies that a gateway does not read before they are sent', async () => {
    const file = bench.file(
      'large.json',
      webhookText([alertOf(payment, { annotations: { text: 'x'.repeat(103_000) } })]),
    );
    const { items } = await bench.send([file]);
    expect(items[0]).toMatchObject({ outcome: 'rejected', reason: { code: 'DOCUMENT_TOO_LARGE' } });
    expect(bench.gateway.seen).toHaveLength(0);
  });

  it.each([
    ['http to another machine', ['--gateway', 'http://gateway.example.com'], 'clear text'],
    ['credentials in the URL', ['--gateway', 'https://u:p@gateway.example.com'], 'credentials'],
    ['no URL', ['--gateway', 'gateway'], '--gateway: must be a URL'],
    ['two tokens', ['--token-from', 'kubeconfig', '--service-account', 'a'], 'two tokens'],
    ['a time-out that leaves locks behind', ['--gateway-timeout', '5s'], '--gateway-timeout: must be'],
  ])('%s: USAGE, and nothing is sent', async (_, words, text) => {
    const file = bench.file('a.json', webhookText([alertOf(payment)]));
    const { code, stderr } = await bench.send([file, ...words]);
    expect(stderr).toContain(text);
    expect(code).toBe(2);
    expect(bench.gateway.seen).toHaveLength(0);
  });

  it('a token that is refused: the rest is not sent', async () => {
    const token = bench.file('other', 'of-nobody');
    const file = bench.file('a.json', webhookText([alertOf(payment), alertOf(checkout), alertOf(payment)]));
    const { items, code } = await bench.send([file, '--token-file', token, '--concurrency', '1']);
    expect(outcomes(items)).toEqual(['failed', 'notRun', 'notRun']);
    expect(items[0]?.error).toMatchObject({ code: 'FORBIDDEN' });
    expect(code).toBe(1);
  });

  it('follows no redirect', async () => {
    bench.gateway.next.push({ status: 307, headers: { location: 'http://127.0.0.1:9/' } });
    const { items } = await bench.send([bench.file('a.json', webhookText([alertOf(payment)]))]);
    expect(items[0]).toMatchObject({ outcome: 'failed', gateway: { status: 307 } });
  });

  it('sends again after the 429 of a gateway that is overloaded, and after no other', async () => {
    const file = bench.file('a.json', webhookText([alertOf(payment)]));
    bench.gateway.next.push({ status: 429, body: 'Server capacity exceeded.' });
    const patient = await bench.send([file]);
    expect(patient.items[0]).toMatchObject({ outcome: 'created', attempts: 2 });
    bench.gateway.next.push({ status: 429, body: 'slow down' });
    const once = await bench.send([file]);
    expect(once.items[0]).toMatchObject({ outcome: 'failed', gateway: { status: 429, body: 'slow down' } });
  });

  it.each([
    ['an answer that was lost after the work', 'cut' as const, 'created'],
    ['one that was lost before it', 'cut before' as const, 'unknown'],
  ])('%s is looked up', async (_, cut, outcome) => {
    bench.gateway.next.push(cut);
    const { items, code } = await bench.send([bench.file('a.json', webhookText([alertOf(payment)]))]);
    expect(items[0]?.outcome).toBe(outcome);
    expect(code).toBe(outcome === 'created' ? 0 : 1);
    expect(bench.gateway.seen).toHaveLength(outcome === 'created' ? 1 : 0);
  });

  it('a duplicate whose answer was lost shows by its count', async () => {
    const file = bench.file('a.json', webhookText([alertOf(payment)]));
    await bench.send([file]);
    bench.gateway.next.push('cut');
    const { items } = await bench.send([file]);
    expect(items[0]).toMatchObject({ outcome: 'duplicate', deduplication: { occurrenceCount: 2 } });
  });

  it('500 and 504 after the start: what is not in the cluster has failed', async () => {
    const file = bench.file('a.json', webhookText([alertOf(payment), alertOf(checkout)]));
    const problem = (status: number, detail: string): object => ({ status, detail, title: '', type: '' });
    bench.gateway.next.push({ status: 500, body: problem(500, 'Internal server error') });
    bench.gateway.next.push({ status: 504, body: problem(504, 'Request processing timed out') });
    const { items } = await bench.send([file, '--concurrency', '1']);
    expect(outcomes(items)).toEqual(['failed', 'failed']);
    expect(items[1]?.reason?.hint).toContain('lease get gw-lock-');
  });

  it('a gateway that is not there: one signal waits for it, the others do not', async () => {
    await bench.gateway.stop();
    const { items, code } = await bench.send([
      bench.file('a.json', webhookText([alertOf(payment), alertOf(checkout)])),
      ...['--concurrency', '1', '--gateway', 'http://127.0.0.1:9'],
    ]);
    expect(items.map(({ attempts = 1 }) => attempts)).toEqual([6, 1]);
    expect(outcomes(items)).toEqual(['failed', 'failed']);
    expect(code).toBe(1);
    await bench.gateway.start();
  }, 60_000);

  it('--dry-run shows what would be sent', async () => {
    const { items, code } = await bench.send([
      bench.file('a.json', webhookText([alertOf(payment)])),
      '--dry-run',
    ]);
    expect(items[0]).toMatchObject({
      outcome: 'wouldSend',
      delivery: {
        url: `${bench.gateway.url}/api/v1/signals/prometheus`,
        body: { alerts: [{ labels: payment }] },
      },
    });
    expect(code).toBe(0);
    expect(bench.gateway.seen).toHaveLength(0);
  });

  it('--compare says what we would have made of it, and what differs', async () => {
    const own = { ...payment, cluster: 'prod-east' };
    const { items, summary } = await bench.send([
      bench.file('a.json', webhookText([alertOf(checkout), alertOf(own)])),
      ...['--compare', '--concurrency', '1'],
    ]);
    expect(items[0]).toMatchObject({ differs: false, ours: { outcome: 'wouldCreate' } });
    const ours = createHash('sha256').update('prod-east:prod:Deployment:payment-api').digest('hex');
    expect(items[1]).toMatchObject({ outcome: 'created', differs: true, ours: { fingerprint: ours } });
    expect(summary.differs).toBe(1);
  });

  it('--batch sends a webhook as it is and finds each alert in the answer', async () => {
    const text = webhookText([
      alertOf(payment),
      alertOf({ namespace: 'prod', pod: 'gone' }),
      alertOf(checkout),
      alertOf({ namespace: 'legacy', deployment: 'notebook' }),
      alertOf(checkout),
    ]);
    const { items, code } = await bench.send([bench.file('a.json', text), '--batch']);
    expect(bench.gateway.seen.map((one) => one.text)).toEqual([text]);
    expect(outcomes(items)).toEqual(['created', 'dropped', 'created', 'rejected', 'duplicate']);
    expect(items.map(({ gateway }) => gateway?.result)).toEqual([0, undefined, 1, 2, 3]);
    expect(items[0]?.request?.name).toMatch(/^rr-91fce8d5c494-/);
    expect(code).toBe(4);
  });
});
