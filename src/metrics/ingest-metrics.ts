import type * as PromClient from 'prom-client';
import type { Counter, Gauge, OpenMetricsContentType, Registry } from 'prom-client';

type CircuitStateName = 'closed' | 'half-open' | 'open';

/** The numbering of the gateway's gauge. */
const circuitStateValue: Readonly<Record<CircuitStateName, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** Names and labels as the gateway exports them. */
const counters = {
  received: {
    name: 'gateway_signals_received_total',
    help: 'Signals read, by source type and severity.',
    labelNames: ['source_type', 'severity'],
  },
  deduplicated: {
    name: 'gateway_signals_deduplicated_total',
    help: 'Signals counted on an existing RemediationRequest, by signal name.',
    labelNames: ['signal_name'],
  },
  created: {
    name: 'gateway_crds_created_total',
    help: 'RemediationRequests created, by source type.',
    labelNames: ['source_type', 'status'],
  },
  creationErrors: {
    name: 'gateway_crd_creation_errors_total',
    help: 'Failed creations of RemediationRequests, by error type.',
    labelNames: ['error_type'],
  },
  rejected: {
    name: 'gateway_signals_rejected_total',
    help: 'Signals not taken, by reason.',
    labelNames: ['reason'],
  },
} as const;

const circuitGauge = {
  name: 'gateway_circuit_breaker_state',
  help: 'State of a circuit breaker: 0 closed, 1 half-open, 2 open.',
  labelNames: ['name'],
} as const;

/** Of a run that lasts: remedyctl's own, the gateway has none. */
const lagGauge = {
  name: 'remedyctl_signal_lag_seconds',
  help: 'From reading a signal to its outcome: the slowest of the last ten seconds, or one that still waits.',
} as const;

/** Characters of a label value. */
const longestValue = 256;

type CounterName = keyof typeof counters;

/**
 * The counts of one run. Every label set costs memory until the run ends, so labels are bounded: text
 * from outside is cut to 256 characters, and beyond `seriesLimit` series of one metric whatever is new is
 * counted under the label value `other`.
 */
export class IngestMetrics {
  readonly #registry: Registry<OpenMetricsContentType>;
  readonly #counters: Readonly<Record<CounterName, Counter>>;
  readonly #circuit: Gauge;
  readonly #newLag: () => Gauge;
  #lag: Gauge | undefined;
  readonly #seen = new Map<CounterName, Set<string>>();
  readonly #seriesLimit: number;

  private constructor(
    client: Pick<typeof PromClient, 'Registry' | 'Counter' | 'Gauge'>,
    seriesLimit: number,
  ) {
    const registry = new client.Registry<OpenMetricsContentType>();
    registry.setContentType(client.Registry.OPENMETRICS_CONTENT_TYPE);
    const counter = (name: CounterName): Counter =>
      new client.Counter({
        ...counters[name],
        labelNames: [...counters[name].labelNames],
        registers: [registry],
      });
    this.#registry = registry;
    this.#seriesLimit = seriesLimit;
    this.#counters = {
      received: counter('received'),
      deduplicated: counter('deduplicated'),
      created: counter('created'),
      creationErrors: counter('creationErrors'),
      rejected: counter('rejected'),
    };
    this.#circuit = new client.Gauge({
      ...circuitGauge,
      labelNames: [...circuitGauge.labelNames],
      registers: [registry],
    });
    this.#newLag = () => new client.Gauge({ ...lagGauge, registers: [registry] });
  }

  /** Loads prom-client; a run without metrics never does. `seriesLimit`: of each metric, default 10,000. */
  static async load(seriesLimit = 10_000): Promise<IngestMetrics> {
    // A CommonJS module has its exports as its default, bundled or not.
    const { default: client } = await import('prom-client');
    return new IngestMetrics(client, seriesLimit);
  }

  received(sourceType: string, severity: string): void {
    this.#count('received', { source_type: sourceType, severity });
  }

  deduplicated(signalName: string): void {
    this.#count('deduplicated', { signal_name: signalName });
  }

  created(sourceType: string): void {
    this.#count('created', { source_type: sourceType, status: 'created' });
  }

  creationError(errorType: string): void {
    this.#count('creationErrors', { error_type: errorType });
  }

  rejected(reason: string): void {
    this.#count('rejected', { reason });
  }

  circuitState(name: string, state: CircuitStateName): void {
    this.#circuit.set({ name }, circuitStateValue[state]);
  }

  /** Only a run that was asked for it has this one. */
  signalLag(milliseconds: number): void {
    this.#lag ??= this.#newLag();
    this.#lag.set(milliseconds / 1000);
  }

  /** OpenMetrics 1.0 text, ending in `# EOF`. */
  render(): Promise<string> {
    return this.#registry.metrics();
  }

  #count(name: CounterName, labels: Readonly<Record<string, string>>): void {
    const bounded = Object.fromEntries(
      Object.entries(labels).map(([label, value]) => [label, boundedValue(value)]),
    );
    this.#counters[name].inc(this.#withinLimit(name, bounded));
  }

  #withinLimit(name: CounterName, labels: Record<string, string>): Record<string, string> {
    const seen = this.#seen.get(name) ?? new Set();
    this.#seen.set(name, seen);
    const key = JSON.stringify(labels);
    if (seen.has(key)) return labels;
    if (seen.size >= this.#seriesLimit)
      return Object.fromEntries(Object.keys(labels).map((label) => [label, 'other']));
    seen.add(key);
    return labels;
  }
}

function boundedValue(value: string): string {
  // Lone surrogates become U+FFFD here: two that do so only when written would be one series twice.
  const wellFormed = Buffer.from(value.slice(0, 2 * longestValue)).toString();
  return Array.from(wellFormed).slice(0, longestValue).join('');
}
