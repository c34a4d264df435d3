import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../../unit/cli/command-line.ts';
import { hasShared, sharedPath } from '../../support/shared.ts';

interface Item {
  source: { document: number; index: number; wrapper?: string };
  outcome: string;
  signal?: { signalName: string; fingerprint: string; resource: { kind: string; name: string } };
  request?: { name: string };
  deduplication?: { occurrenceCount: number };
  reason?: { code: string; message: string; hint?: string };
  warnings?: { code: string; message: string }[];
}

/** A signal, by its target; or why there is none, and a word that the message has. */
interface Wanted {
  target?: string;
  reason?: string;
  says?: RegExp;
  warning?: string;
  wrapper?: string;
}

const checkout: Wanted = { target: 'shop/Deployment/checkout' };
const cart: Wanted = { target: 'shop/Deployment/cart' };
const inC: Wanted = { target: 'shop/Deployment/c' };
const apiAlerts: Wanted[] = [
  checkout,
  { reason: 'SUPPRESSED', says: /silence/ },
  { target: 'shop/Deployment/cart' },
  { reason: 'RESOLVED_ALERT' },
];
const nearMiss = (label: string): Wanted[] => [{ reason: 'NO_TARGET', says: new RegExp(label) }];

/** What each file is; the time is that of the files. */
const answers: Record<string, Wanted[]> = {
  'alertmanager-api-v2-alerts.json': apiAlerts,
  'alertmanager-api-v2-groups.json': [checkout],
  'alertmanager-api-v2-postable.json': [checkout],
  'array-of-events.json': [checkout, cart],
  'array-of-webhooks.json': [inC],
  'cadvisor-pod-and-node.json': [{ target: 'shop/Node/worker-1', warning: 'AMBIGUOUS_TARGET' }],
  'elasticsearch-hit.json': [{ ...checkout, wrapper: 'elasticsearch' }],
  'eventrouter.ndjson': [
    { ...checkout, wrapper: 'eventrouter' },
    { ...checkout, wrapper: 'eventrouter' },
  ],
  'exported-node.json': [{ target: 'monitoring/Node/sick-1', warning: 'EXPORTED_LABEL' }],
  'exported-pod.json': [{ target: 'shop/Pod/checkout-7d5c87b77c-zvd4t', warning: 'EXPORTED_LABEL' }],
  'group-resolved-alert-without-status.json': [{ reason: 'RESOLVED_ALERT' }],
  'kubectl-table.txt': [{ reason: 'UNKNOWN_FORMAT', says: /table/ }],
  'log-lines-then-ndjson.log': [checkout, { ...cart, warning: 'TEXT_SKIPPED' }],
  'loki-logcli.ndjson': [{ ...checkout, wrapper: 'loki' }],
  'near-miss-cluster-operator.json': nearMiss('name'),
  'near-miss-old-cadvisor.json': nearMiss('pod_name'),
  'near-miss-otel-dotted.json': nearMiss('k8s\\.pod\\.name'),
  'near-miss-otel-underscore.json': nearMiss('k8s_deployment_name'),
  'near-miss-owner.json': nearMiss('owner_name'),
  'near-miss-relabelled.json': nearMiss('kubernetes_pod_name'),
  'near-miss-workload.json': nearMiss('workload'),
  'otel-log-record.json': [{ ...checkout, wrapper: 'otlp' }],
  'powershell-utf16.json': [checkout],
  'prometheus-api-v1-alerts.json': [checkout, { reason: 'PENDING_ALERT' }],
  'request-capture.json': [{ ...inC, wrapper: 'request' }],
  'scraped-exporter.json': [{ target: 'monitoring/Pod/node-exporter-x2x7k', warning: 'TARGET_IS_EXPORTER' }],
  'truncated.json': [{ ...inC, warning: 'TRUNCATED_ALERTS' }],
  'warning-line-then-list.txt': [{ ...checkout, warning: 'TEXT_SKIPPED' }],
};

const now = ['--now', '2026-11-28T16:00:00Z'];
const embedded = ['--target', 'embedded'];
const files = hasShared ? readdirSync(sharedPath('cases', 'inputs')) : [];

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  line.remove();
});

async function itemsOf(command: string, file: string, ...flags: string[]): Promise<Item[]> {
  const { code, stdout } = await line.run([
    'signal',
    command,
    ...embedded,
    ...now,
    '-o',
    'json',
    sharedPath('cases', 'inputs', file),
    ...flags,
  ]);
  expect(code, stdout).not.toBe(70);
  return (JSON.parse(stdout) as { items: Item[] }).items;
}

function targetOf({ signal }: Item): string | undefined {
  if (signal === undefined) return undefined;
  const {
    namespace = '',
    kind,
    name,
  } = signal.resource as { namespace?: string; kind: string; name: string };
  return `${namespace}/${kind}/${name}`;
}

function expectItem(item: Item | undefined, { target, reason, says, warning, wrapper }: Wanted): void {
  expect({ target: item && targetOf(item), reason: item?.reason?.code }).toEqual({ target, reason });
  if (says !== undefined) expect(item?.reason?.message).toMatch(says);
  if (warning !== undefined) expect((item?.warnings ?? []).map(({ code }) => code)).toContain(warning);
  if (wrapper !== undefined) expect(item?.source.wrapper).toContain(wrapper);
}

describe.skipIf(!hasShared)('what people hold in their hands', () => {
  it.skipIf(!hasShared)('is all here', () => {
    expect(files).toEqual(Object.keys(answers).sort());
  });

  describe.each(files)('%s', (file) => {
    const wanted = answers[file] ?? [];

    it('is normalised to what it is', async () => {
      const items = await itemsOf('normalize', file);
      expect(items.map(({ outcome }) => outcome)).toHaveLength(wanted.length);
      for (const [index, one] of wanted.entries()) expectItem(items[index], one);
    });

    it('is ingested once, and counted the second time', async () => {
      const first = await itemsOf('ingest', file);
      const again = await itemsOf('ingest', file);
      for (const items of [first, again]) {
        expect(items).toHaveLength(wanted.length);
        for (const [index, one] of wanted.entries()) expectItem(items[index], one);
      }
      const taken = first.filter(({ signal }) => signal !== undefined);
      const created = new Set(taken.map(({ signal }) => signal?.fingerprint));
      expect(first.filter(({ outcome }) => outcome === 'created')).toHaveLength(created.size);
      const counted = again.filter(({ signal }) => signal !== undefined);
      expect(counted.map(({ outcome }) => outcome)).toEqual(counted.map(() => 'duplicate'));
      expect(counted.map(({ request }) => request?.name)).toEqual(taken.map(({ request }) => request?.name));
    });

    it('is explained, each of it', async () => {
      const { code, stdout } = await line.run([
        'signal',
        'explain',
        ...embedded,
        ...now,
        '-o',
        'json',
        sharedPath('cases', 'inputs', file),
      ]);
      expect([0, 2]).toContain(code);
      const explained = JSON.parse(stdout) as { items?: unknown[]; stages?: unknown[] };
      expect(explained.items ?? [explained]).toHaveLength(wanted.length);
    });

    it('can be a case of signal test', async () => {
      const cases = path.join(line.home, 'cases.yaml');
      const expected = wanted.map((one) =>
        one.reason === undefined
          ? { outcome: { matches: '^would' } }
          : { outcome: outcomeOf(one), reason: one.reason },
      );
      writeFileSync(
        cases,
        JSON.stringify({
          apiVersion: 'remedyctl.dev/v1',
          kind: 'SignalTests',
          now: '2026-11-28T16:00:00Z',
          cases: [
            {
              name: 'held',
              signalFile: sharedPath('cases', 'inputs', file),
              expect: expected.length === 1 ? (expected[0] ?? {}) : expected,
            },
          ],
        }),
      );
      const { code, stdout, stderr } = await line.run(['signal', 'test', cases]);
      expect(code, `${stdout}${stderr}`).toBe(0);
    });
  });
});

function outcomeOf({ reason }: Wanted): string {
  const skips = ['SUPPRESSED', 'PENDING_ALERT', 'RESOLVED_ALERT'];
  return skips.includes(reason ?? '') ? 'skipped' : 'rejected';
}
