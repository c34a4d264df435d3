import { Chalk } from 'chalk';
import { afterEach, describe, expect, it } from 'vitest';
import type { Send } from '../../../src/api/wire.ts';
import { ingestColumns } from '../../../src/cli/render/ingest-columns.ts';
import { BlockTable } from '../../../src/cli/render/table.ts';
import type { IngestItem } from '../../../src/ingest/ingest-item.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { FaultSend } from '../../support/fault-send.ts';
import { htmlFault, statusFault, type Fault } from '../../support/fault-server.ts';
import {
  decideOnce,
  openStoreBench,
  runContext,
  withDecider,
  type OpenStoreBench,
} from '../../support/ingest-context.ts';

let bench: OpenStoreBench;
afterEach(() => bench.close());

const cases: [string, Fault][] = [
  ['429', statusFault(429)],
  ['503', statusFault(503)],
  ['502 of a balancer', htmlFault(502)],
  ['a reset', { kind: 'reset' }],
];

/** Every write of a status meets it; the rest passes. */
function meeting(fault: Fault): (request: Parameters<Send>[0], pass: Send) => ReturnType<Send> {
  const rules = [{ methods: ['PATCH', 'PUT'], path: /\/status/, fault }];
  return (request, pass) => new FaultSend(pass, { clock: new RealClock(), rules }).send(request);
}

function drawn(items: readonly IngestItem[]): string {
  const style = { header: true, maxWidth: undefined, paintHeader: (text: string) => text };
  return new BlockTable(ingestColumns(new Chalk({ level: 0 })), style).block(items);
}

describe('a count that could not be written', () => {
  it.each(cases)('is shown as none, of a new request and of a duplicate: %s', async (_, fault) => {
    bench = await openStoreBench();
    const context = await runContext(bench, { signalTimeoutMs: 2_000 });
    bench.intercept = meeting(fault);
    const items = await withDecider(context, async (decider) => [
      ...(await decideOnce(decider, 'api')),
      ...(await decideOnce(decider, 'api')),
    ]);
    expect(items.map(({ outcome }) => outcome)).toEqual(['created', 'duplicate']);
    for (const { deduplication, warnings = [] } of items) {
      expect(deduplication).toEqual({ persisted: false });
      expect(warnings.map(({ code }) => code)).toEqual(['STATUS_NOT_PERSISTED']);
    }
    const [header = '', ...lines] = drawn(items).trimEnd().split('\n');
    for (const line of lines) {
      expect(line.slice(header.indexOf('COUNT')).trim()).toMatch(/^- /);
      expect(line).not.toContain('undefined');
    }
  });

  it.each(cases)('is the count that stands, where one does: %s', async (_, fault) => {
    bench = await openStoreBench();
    const context = await runContext(bench, { signalTimeoutMs: 2_000 });
    const items = await withDecider(context, async (decider) => {
      await decideOnce(decider, 'api');
      bench.intercept = meeting(fault);
      return decideOnce(decider, 'api');
    });
    expect(items).toMatchObject([
      { outcome: 'duplicate', deduplication: { occurrenceCount: 1, persisted: false } },
    ]);
    expect(drawn(items)).not.toContain('undefined');
  });
});
