import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-metrics-'));
const file = (name: string): string => path.join(folder, name);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('signal ingest of the built program', () => {
  it('leaves metrics and a trace behind', async () => {
    const { exitCode, stderr } = await runProgram(
      [
        ...['signal', 'ingest', 'examples/webhook.json', '--target', 'embedded', '--store', file('store')],
        ...['--metrics-file', file('run.prom'), '--record', file('run.ndjson')],
      ],
      { env: { HOME: folder } },
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const metrics = readFileSync(file('run.prom'), 'utf8');
    expect(metrics).toContain('gateway_crds_created_total{source_type="prometheus",status="created"} 2');
    expect(metrics).toContain('gateway_signals_deduplicated_total{signal_name="CheckoutErrorBudgetBurn"} 1');
    expect(metrics).toContain('gateway_circuit_breaker_state{name="creation"} 0');
    expect(metrics.endsWith('# EOF\n')).toBe(true);
    const [header, ...operations] = readFileSync(file('run.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind?: string; operation?: string; result?: string });
    expect(header?.kind).toBe('RetryTrace');
    const results = new Map(operations.map(({ operation, result }) => [operation, result]));
    expect(Object.fromEntries(results)).toEqual({
      // The store knows no such objects: the look-up of an owner is an attempt like any other.
      'get deployments.apps': 'error',
      'get persistentvolumeclaims': 'error',
      check_deduplication: 'ok',
      acquire_lock: 'ok',
      create_remediation_request: 'ok',
      update_status: 'ok',
      'list remediationrequests.kubernaut.ai': 'ok',
      release_lock: 'ok',
    });
  });
});
