import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { alertOf, eventOf, webhookText } from '../../support/gateway-objects.ts';
import { openSendBench, type SendBench } from '../../support/send-bench.ts';

const payment = { namespace: 'prod', deployment: 'payment-api' };
const checkout = { namespace: 'prod', deployment: 'checkout' };
const html = {
  body: '<html><title>Sign in</title></html>',
  headers: { 'content-type': 'text/html; charset=utf-8' },
};

let bench: SendBench;

beforeEach(async () => {
  bench = await openSendBench();
});

afterEach(() => bench.close());

function webhookFile(...alerts: object[]): string {
  return bench.file('alerts.json', webhookText(alerts));
}

/** A text with this in it in place of the first `{`. */
function begun(text: string, members: string): string {
  return text.replace('{', `{${members},`);
}

describe('what answers in the place of a gateway', () => {
  it.each([
    ['200', 200, 'unknown'],
    ['a login page where a signal was to be created', 201, 'unknown'],
    ['403 of a web filter', 403, 'failed'],
    ['404', 404, 'failed'],
    ['502 of a balancer, behind which it may be at it still', 502, 'unknown'],
    ['503 of a balancer', 503, 'failed'],
    ['504 of a balancer', 504, 'unknown'],
  ])('with HTML, %s: never taken for a gateway’s word', async (_, status, outcome) => {
    bench.gateway.next.push({ status, ...html });
    const { items, code } = await bench.send([webhookFile(alertOf(payment))]);
    expect(items[0]).toMatchObject({ outcome, gateway: { status, body: html.body } });
    // nothing of the page stands in a sentence
    expect(JSON.stringify([items[0]?.error, items[0]?.reason])).not.toContain('Sign in');
    expect(code).toBe(1);
  });

  it('a redirect is said, its place is not asked, and nothing more is sent', async () => {
    bench.gateway.next.push({ status: 302, headers: { location: `${bench.gateway.url}/login` }, body: '' });
    const { items, code } = await bench.send([
      webhookFile(alertOf(payment), alertOf(checkout)),
      ...['--concurrency', '1'],
    ]);
    expect(items.map(({ outcome }) => outcome)).toEqual(['failed', 'notRun']);
    expect(items[0]?.error?.message).toContain('leads to another place');
    expect(bench.gateway.seen).toEqual([]);
    expect(code).toBe(1);
  });

  it('half a body: what came of it is read from the cluster', async () => {
    bench.gateway.next.push('half');
    const { items, code } = await bench.send([webhookFile(alertOf(payment))]);
    expect(items[0]).toMatchObject({
      outcome: 'created',
      deduplication: { occurrenceCount: 1, persisted: true },
    });
    expect(items[0]?.warnings?.map((one) => one.code)).toEqual(['OUTCOME_LOOKED_UP']);
    expect(bench.gateway.seen).toHaveLength(1);
    expect(code).toBe(0);
  });

  it('one that is always overloaded: six attempts, and no more', async () => {
    for (let times = 0; times < 7; times += 1) {
      bench.gateway.next.push({
        status: 429,
        headers: { 'retry-after': '0' },
        body: 'Server capacity exceeded.\n',
      });
    }
    const { items, code } = await bench.send([webhookFile(alertOf(payment)), '-v']);
    expect(items[0]).toMatchObject({ outcome: 'failed', attempts: 6, gateway: { status: 429 } });
    expect(bench.gateway.next).toHaveLength(1);
    expect(bench.gateway.seen).toEqual([]);
    expect(code).toBe(1);
  });
});

describe('what is sent is what stands in the input', () => {
  const large = '"seen":9007199254740993,"size":1e400,"seen":12345678901234567890';

  it('of a webhook: digits, repeated keys and spaces', async () => {
    const text = begun(webhookText([alertOf(payment), alertOf(checkout)]), large).replace(
      '"labels"',
      `${large}, "labels"`,
    );
    const { items } = await bench.send([bench.file('a.json', text), '--concurrency', '1']);
    expect(items.map(({ outcome }) => outcome)).toEqual(['created', 'created']);
    const [first, second] = bench.gateway.seen.map((one) => one.text);
    expect(first?.split(large)).toHaveLength(3);
    expect(second?.split(large)).toHaveLength(2);
    expect((JSON.parse(second ?? '') as { alerts: unknown[] }).alerts).toHaveLength(1);
  });

  it('of an event, alone and in a list', async () => {
    const event = begun(JSON.stringify(eventOf('standalone')), large);
    const list = `{"kind":"List","apiVersion":"v1","items":[ ${event} ]}`;
    await bench.send([bench.file('a.json', event), bench.file('b.json', list)]);
    expect(bench.gateway.seen.map((one) => one.text)).toEqual([event, event]);
  });

  it('of a batch, but for the mark at its beginning that a gateway refuses', async () => {
    const text = begun(webhookText([alertOf(payment), alertOf(checkout)]), large);
    const { items } = await bench.send([bench.file('a.json', `\u{feff}${text}\n`), '--batch']);
    expect(items.map(({ outcome }) => outcome)).toEqual(['created', 'created']);
    expect(bench.gateway.seen.map((one) => one.text)).toEqual([text]);
  });

  it('but not the spaces that would make it too long', async () => {
    const text = begun(webhookText([alertOf(payment)]), ' '.repeat(103_000).concat('"a":1'));
    const { items } = await bench.send([bench.file('a.json', text)]);
    expect(items[0]?.outcome).toBe('created');
    expect(bench.gateway.seen[0]?.text.length).toBeLessThan(1_000);
  });

  it('of YAML: JSON', async () => {
    const text = `kind: Event\napiVersion: v1\nmetadata: {name: e}\ntype: Warning\nreason: BackOff\ninvolvedObject: {kind: Pod, namespace: prod, name: standalone}\nlastTimestamp: ${new Date().toISOString().replace(/\.\d+/, '')}\n`;
    const { items } = await bench.send([bench.file('a.yaml', text)]);
    expect(items[0]?.outcome).toBe('created');
    expect(JSON.parse(bench.gateway.seen[0]?.text ?? '')).toMatchObject({ reason: 'BackOff' });
  });
});

describe('--batch with fewer results than alerts', () => {
  it('that nobody foresaw: what has several ways to have come about is unknown, and nothing is sent again', async () => {
    const alerts = [alertOf(payment), alertOf(checkout), alertOf(payment)];
    const fingerprint = await bench
      .send([webhookFile(alertOf(payment)), '--dry-run'])
      .then(({ items }) => items[0]?.signal?.fingerprint);
    // two alerts have this fingerprint, and only one result came
    const results = [{ status: 'duplicate', fingerprint, message: 'Duplicate signal' }];
    bench.gateway.next.push({ status: 207, body: { results, summary: { total: 1 } } });
    const { items, code } = await bench.send([webhookFile(...alerts), '--batch']);
    expect(items.map(({ outcome }) => outcome)).toEqual(['unknown', 'dropped', 'unknown']);
    expect(items[0]?.reason?.hint).toContain('one by one');
    expect(bench.gateway.seen).toEqual([]);
    expect(code).toBe(1);
  });

  it('of which all but one were dropped: an answer to that one alone is its', async () => {
    const alerts = [alertOf({ namespace: 'prod', pod: 'gone' }), alertOf(payment)];
    const { items, code } = await bench.send([webhookFile(...alerts), '--batch']);
    expect(items.map(({ outcome, gateway }) => [outcome, gateway?.status])).toEqual([
      ['dropped', 201],
      ['created', 201],
    ]);
    expect(items[0]?.reason?.code).toBe('GATEWAY_DROPPED');
    expect(code).toBe(4);
  });

  it.each([
    ['more results than alerts', [{ status: 'created' }, { status: 'created' }, { status: 'created' }]],
    ['a status that no gateway gives', [{ status: 'ok' }]],
    ['no list', 'none'],
  ])('%s: nothing is made of them', async (_, results) => {
    bench.gateway.next.push({ status: 207, body: { results } });
    const { items, code } = await bench.send([webhookFile(alertOf(payment), alertOf(checkout)), '--batch']);
    expect(items.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown']);
    expect(code).toBe(1);
  });

  it('a lost answer to a batch is looked up, signal by signal', async () => {
    bench.gateway.next.push('half');
    const { items } = await bench.send([webhookFile(alertOf(payment), alertOf(checkout)), '--batch']);
    expect(items.map(({ outcome }) => outcome)).toEqual(['created', 'created']);
    expect(bench.gateway.seen).toHaveLength(1);
  });
});

describe('a run that is stopped', () => {
  it('ends with the last answer, and leaves nothing behind that would be waited for', async () => {
    const clock = new MockClock(Date.now());
    const stop = new AbortController();
    let release = (): void => undefined;
    bench.gateway.hold = new Promise((resolve) => {
      release = resolve;
    });
    const running = bench.send([webhookFile(alertOf(payment), alertOf(checkout)), '--concurrency', '1'], {
      clock,
      signal: stop.signal,
      interruption: () => 'SIGINT',
    });
    const isThere = (): void => {
      expect(bench.gateway.seen).toHaveLength(1);
    };
    await vi.waitFor(isThere, { timeout: 30_000 });
    stop.abort(new DOMException('stopped by SIGINT', 'AbortError'));
    release();
    const { items, code } = await running;
    expect(items.map(({ outcome }) => outcome)).toEqual(['created', 'notRun']);
    expect(clock.sleepers).toBe(0);
    expect(code).toBe(130);
  });
});
