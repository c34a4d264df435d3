import { describe, expect, it } from 'vitest';
import { createPaint } from '../../../src/cli/colour.ts';
import { takesUtf8 } from '../../../src/cli/charset.ts';
import { doctorText } from '../../../src/cli/render/doctor-text.ts';
import { textWidth } from '../../../src/cli/text-width.ts';
import type { CheckResult } from '../../../src/doctor/check.ts';
import { doctorReport } from '../../../src/doctor/doctor-report.ts';

const none = 'leases may not be listed there';
const checks: CheckResult[] = [
  { name: 'node', group: 'program', status: 'ok', message: 'v20.20.2 on linux-x64', fix: 'never shown' },
  {
    name: 'environment',
    group: 'configuration',
    status: 'warn',
    message: 'REMEDYCTL_NAMESPAC is not read by anything; REMEDYCTL_NAMESPACE is',
    fix: 'unset REMEDYCTL_NAMESPAC\nremedyctl config show',
  },
  {
    name: 'target',
    group: 'server',
    status: 'ok',
    message:
      'context \u001b[31mprod\u202e: https://prod-east.kubernetes.example.com:6443/with/a/long/path/behind/it',
  },
  {
    name: 'signal ingest',
    group: 'permissions',
    status: 'fail',
    message:
      'may not create leases.coordination.k8s.io in namespace kubernaut-system, delete leases.coordination.k8s.io in namespace kubernaut-system',
    fix: 'kubectl create role remedyctl-leases-coordination-k8s-io-create-delete -n kubernaut-system --verb=create,delete --resource=leases.coordination.k8s.io',
  },
  { name: 'locks', group: 'locks', status: 'skip', message: none },
  { name: 'locks elsewhere', group: 'locks', status: 'skip', message: none },
  { name: 'integrity', group: 'store', status: 'skip', message: 'there is no store yet' },
  { name: 'free space', group: 'store', status: 'ok', message: '1.2 TiB free' },
];
const report = doctorReport(checks, undefined);

describe('doctorText', () => {
  it.each([60, 80, 200])('fits a terminal of %i columns, commands apart', (maxWidth) => {
    const text = doctorText(report, { maxWidth, symbols: true, paint: createPaint(false) });
    expect(text).toMatchSnapshot();
    const breakable = text
      .split('\n')
      .filter((line) => !line.startsWith('      > ') && !line.includes('://'));
    expect(Math.max(...breakable.map(textWidth))).toBeLessThanOrEqual(maxWidth);
  });

  it('shows every check by its group where all are asked for', () => {
    const style = { maxWidth: 80, symbols: true, paint: createPaint(false) };
    expect(doctorText(report, { ...style, detail: 'all' })).toMatchSnapshot();
  });

  it('shows those that failed alone, or nothing', () => {
    const style = { maxWidth: 80, symbols: true, paint: createPaint(false), detail: 'failed' } as const;
    expect(doctorText(report, style)).toMatchSnapshot();
    const well = doctorReport(
      checks.filter(({ status }) => status !== 'fail'),
      undefined,
    );
    expect(doctorText(well, style)).toBe('');
  });

  it('says in words what it may not draw, and breaks nothing off a terminal', () => {
    const text = doctorText(report, { maxWidth: undefined, symbols: false, paint: createPaint(false) });
    expect(text).toMatchSnapshot();
    expect(Buffer.from(text).every((byte) => byte < 0x80)).toBe(true);
  });

  it('colours by status, and nothing of what others wrote', () => {
    const text = doctorText(report, { maxWidth: 80, symbols: true, paint: createPaint(true) });
    expect(text).toContain('\u001b[31m✗\u001b[39m permissions: signal ingest');
    expect(text).toContain('\u001b[33m!\u001b[39m configuration: environment');
    const all = doctorText(report, { maxWidth: 80, symbols: true, paint: createPaint(true), detail: 'all' });
    expect(all).toContain('context \\x1b[31mprod\\u202e:');
  });
});

describe('the report', () => {
  it('is healthy with warnings, and not with a failure', () => {
    expect(report).toMatchObject({
      healthy: false,
      summary: { total: 8, ok: 3, warn: 1, fail: 1, skip: 3 },
    });
    expect(
      doctorReport(
        checks.filter(({ status }) => status !== 'fail'),
        undefined,
      ).healthy,
    ).toBe(true);
  });
});

describe('takesUtf8', () => {
  it.each([
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'C.utf8' }, true],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, false],
    [{ LANG: 'de_DE.ISO-8859-1', LC_CTYPE: 'en_US.UTF-8' }, true],
    [{ LC_ALL: '', LANG: 'C.UTF-8' }, true],
    [{}, false],
  ])('%o: %s', (env, expected) => {
    expect(takesUtf8(env)).toBe(expected);
  });
});
