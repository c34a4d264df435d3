import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DoctorReport } from '../../../src/doctor/doctor-report.ts';
import { judgeGatewaySkew } from '../../../src/doctor/gateway-checks.ts';
import { alertOf, webhookText } from '../../support/gateway-objects.ts';
import { openSendBench, type SendBench } from '../../support/send-bench.ts';

let bench: SendBench;

beforeEach(async () => {
  bench = await openSendBench();
});

afterEach(() => bench.close());

async function examined(
  words: readonly string[] = [],
): Promise<Record<string, { status: string; message: string; fix?: string }>> {
  const named = words.includes('--gateway') ? [] : ['--gateway', bench.gateway.url];
  const token = words.includes('--token-file') ? [] : ['--token-file', 'token'];
  const { stdout } = await bench.line.run(['doctor', ...named, ...token, ...words, '-o', 'json']);
  const { checks } = JSON.parse(stdout) as DoctorReport;
  return Object.fromEntries(
    checks.filter(({ group }) => group === 'gateway').map((check) => [check.name, check]),
  );
}

describe('doctor --gateway', () => {
  it('finds a gateway that is well, without sending it a signal', async () => {
    bench.gateway.readiness = 200;
    const checks = await examined();
    const statuses = Object.entries(checks).map(([name, { status }]) => `${name}: ${status}`);
    expect(statuses).toEqual([
      'gateway: ok',
      'gateway readiness: ok',
      'gateway token: ok',
      'gateway permission: ok',
      'gateway clock: ok',
      'gateway sample: skip',
    ]);
    expect(bench.gateway.seen.map(({ text }) => text)).toEqual(['']);
    expect(
      bench.cluster.log.filter((line) => line.startsWith('POST') && /leases|requests/.test(line)),
    ).toEqual([]);
  });

  it('is in no report where no gateway is named', async () => {
    const { stdout } = await bench.line.run(['doctor', '-o', 'json']);
    expect(stdout).not.toContain('"gateway"');
  });

  it('without a cluster leaves out which signals it would drop', async () => {
    const file = bench.file('a.json', webhookText([alertOf({ namespace: 'prod', deployment: 'checkout' })]));
    const checks = await examined(['--target', 'embedded', '--sample', file]);
    expect(checks['gateway token']?.status).toBe('ok');
    expect(checks['gateway sample']?.status).toBe('skip');
  });

  it('says what a gateway that is not ready answers', async () => {
    bench.gateway.readiness = 503;
    const checks = await examined();
    expect(checks['gateway readiness']).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('503') as string,
    });
  });

  it('tells a token that is unknown from one whose user may not send', async () => {
    bench.file('unknown', 'no-token');
    const unknown = await examined(['--token-file', 'unknown']);
    expect(unknown['gateway token']).toMatchObject({ status: 'fail' });
    expect(unknown['gateway permission']).toMatchObject({ status: 'skip' });
    bench.file('jane', 'of-nobody');
    const jane = await examined(['--token-file', 'jane']);
    expect(jane['gateway token']).toMatchObject({ status: 'ok' });
    expect(jane['gateway permission']).toMatchObject({
      status: 'fail',
      fix: expect.stringContaining('--resource=services --resource-name=gateway-service') as string,
    });
  });

  it('tells a gateway that cannot ask whose the token is', async () => {
    bench.gateway.tokenReview = 'error';
    expect((await examined())['gateway token']).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('Authentication service unavailable') as string,
    });
  });

  it('foretells which signals of a sample are dropped', async () => {
    bench.file(
      'sample.json',
      webhookText([
        alertOf({ namespace: 'prod', deployment: 'payment-api' }),
        alertOf({ namespace: 'prod', pod: 'gone' }),
        alertOf({ alertname: 'NothingNamed' }),
        alertOf({ namespace: 'prod', deployment: 'checkout' }, { startsAt: '2999-01-01T00:00:00Z' }),
      ]),
    );
    const { 'gateway sample': sample } = await examined(['--sample', 'sample.json']);
    expect(sample).toMatchObject({ status: 'warn', details: { signals: 4 } });
    expect(sample?.message).toContain('3 of 4');
    expect(sample?.message).toContain('Pod/gone in namespace prod does not exist');
  });

  it('a gateway that is not there fails one check, and the others are not looked at', async () => {
    const checks = await examined(['--gateway', 'http://127.0.0.1:9']);
    expect(checks['gateway']).toMatchObject({ status: 'fail' });
    expect(checks['gateway token']).toMatchObject({ status: 'skip' });
  });
});

describe('the clocks of a gateway and of this machine', () => {
  it.each([
    ['no measurable difference', 400, 'ok'],
    ['a minute', 60_000, 'ok'],
    ['its clock six minutes ahead: our stamps are too old', 360_000, 'fail'],
    ['its clock three minutes behind: our stamps are of the future', -180_000, 'fail'],
  ])('%s', (_, skewMs, status) => {
    expect(judgeGatewaySkew({ skewMs, errorMs: 500 }).status).toBe(status);
  });
});
