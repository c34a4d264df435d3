import { beforeEach, describe, expect, it } from 'vitest';
import { IngestMetrics } from '../../../src/metrics/ingest-metrics.ts';

let metrics: IngestMetrics;

beforeEach(async () => {
  metrics = await IngestMetrics.load();
});

async function samples(): Promise<string[]> {
  const text = await metrics.render();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe("the gateway's metric names and labels", () => {
  const cases: [string, () => void, string][] = [
    [
      'received',
      () => {
        metrics.received('prometheus', 'warning');
      },
      'gateway_signals_received_total{source_type="prometheus",severity="warning"} 1',
    ],
    [
      'deduplicated',
      () => {
        metrics.deduplicated('KubePodCrashLooping');
      },
      'gateway_signals_deduplicated_total{signal_name="KubePodCrashLooping"} 1',
    ],
    [
      'created',
      () => {
        metrics.created('kubernetes-events');
      },
      'gateway_crds_created_total{source_type="kubernetes-events",status="created"} 1',
    ],
    [
      'creation error',
      () => {
        metrics.creationError('service_unavailable');
      },
      'gateway_crd_creation_errors_total{error_type="service_unavailable"} 1',
    ],
    [
      'rejected',
      () => {
        metrics.rejected('UNMANAGED');
      },
      'gateway_signals_rejected_total{reason="UNMANAGED"} 1',
    ],
  ];

  it.each(cases)('%s', async (_name, count, line) => {
    count();
    expect(await samples()).toEqual([line]);
  });

  it.each([
    ['closed', 0],
    ['half-open', 1],
    ['open', 2],
  ] as const)('shows the state %s of a circuit as %d', async (state, value) => {
    metrics.circuitState('kubernetes-api', 'open');
    metrics.circuitState('kubernetes-api', state);
    expect(await samples()).toEqual([`gateway_circuit_breaker_state{name="kubernetes-api"} ${value}`]);
  });
});

describe('the text', () => {
  it('is OpenMetrics: families without _total, an end mark, no metrics of the process', async () => {
    metrics.received('prometheus', 'critical');
    const text = await metrics.render();
    expect(text).toContain('# TYPE gateway_signals_received counter\n');
    expect(text.endsWith('# EOF\n')).toBe(true);
    expect(text).not.toMatch(/process_|nodejs_/);
  });

  it('adds up what has the same labels', async () => {
    metrics.received('prometheus', 'critical');
    metrics.received('prometheus', 'critical');
    metrics.received('prometheus', 'warning');
    expect((await samples()).map((line) => line.split(' ').at(-1))).toEqual(['2', '1']);
  });

  it('keeps two runs apart', async () => {
    const other = await IngestMetrics.load();
    other.rejected('STALE');
    expect(await samples()).toEqual([]);
  });
});

describe('label values from outside', () => {
  it('escapes what would end a value or a line', async () => {
    metrics.deduplicated('a"} 1\nfake_total 7 \\');
    expect(await samples()).toEqual([
      'gateway_signals_deduplicated_total{signal_name="a\\"} 1\\nfake_total 7 \\\\"} 1',
    ]);
  });

  it('cuts long ones at a character boundary', async () => {
    metrics.deduplicated('😀'.repeat(1_000));
    expect(await samples()).toEqual([
      `gateway_signals_deduplicated_total{signal_name="${'😀'.repeat(256)}"} 1`,
    ]);
  });

  it('does not let two lone surrogates become one series twice', async () => {
    metrics.deduplicated('\ud800');
    metrics.deduplicated('\ud801');
    expect(await samples()).toEqual(['gateway_signals_deduplicated_total{signal_name="\ufffd"} 2']);
  });

  it('counts what is beyond the limit of series under "other"', async () => {
    metrics = await IngestMetrics.load(2);
    for (const name of ['a', 'b', 'c', 'd', 'a']) metrics.deduplicated(name);
    expect(await samples()).toEqual([
      'gateway_signals_deduplicated_total{signal_name="a"} 2',
      'gateway_signals_deduplicated_total{signal_name="b"} 1',
      'gateway_signals_deduplicated_total{signal_name="other"} 2',
    ]);
  });
});
