import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { eventLines } from '../../../bench/event-lines.ts';
import { runMeasured } from '../../support/measured-program.ts';
import { type WebhookLines, webhookLines } from '../../support/webhook-lines.ts';

/** The whole process, Node itself (some 45 MiB) included. */
const limitMib = 150;
/**
 * Documents of megabytes go one at a time, each as bytes, as text (two bytes a character here) and as values, and the
 * collector is late by one or two of them: 277 to 352 MiB were seen. All kept, as values alone, would be over 450.
 */
const largeDocuments = { count: 16, limitMib: 400 };

describe('memory of signal ingest on the embedded store', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'remedyctl-memory-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  it.each<[string, WebhookLines, string, number]>([
    [
      'lines of 64 KiB, each another resource',
      { count: 900, lineBytes: 65_536, targets: 900 },
      'jsonl',
      limitMib,
    ],
    [
      'lines of 64 KiB, most of them duplicates',
      { count: 900, lineBytes: 65_536, targets: 20 },
      'jsonl',
      limitMib,
    ],
    ['short lines', { count: 5_000, targets: 2_500 }, 'jsonl', limitMib],
    ['a table', { count: 600, lineBytes: 65_536, targets: 300 }, 'table', limitMib],
    [
      'single documents of megabytes',
      { count: largeDocuments.count, lineBytes: 9 * 1024 * 1024, targets: 3 },
      'jsonl',
      largeDocuments.limitMib,
    ],
  ])('is bounded for %s', async (_name, lines, output, limit) => {
    let newlines = 0;
    const args = ['signal', 'ingest', '-', '--target', 'embedded', '-o', output];
    const { exitCode, maxRssKib, stderr } = await runMeasured(args, {
      env: { HOME: home },
      input: webhookLines(lines),
      onOutput: (chunk) => {
        for (const byte of chunk) if (byte === 0x0a) newlines += 1;
      },
    });
    expect(stderr).not.toContain('rror');
    expect(exitCode).toBe(0);
    expect(newlines).toBeGreaterThanOrEqual(lines.count ?? 0);
    expect(maxRssKib / 1024).toBeLessThanOrEqual(limit);
  });

  /** Some thirty megabytes, several times what one document may be. */
  const events = 40_000;
  it.each([
    ['JSON', () => jsonList(events)],
    ['YAML', () => yamlList(events)],
  ])('is bounded for one List in %s', async (_name, input) => {
    let items = 0;
    const args = ['signal', 'normalize', '-', '--target', 'embedded', '-o', 'jsonl'];
    const { exitCode, maxRssKib, stderr } = await runMeasured(args, {
      env: { HOME: home },
      input: input(),
      onOutput: (chunk) => {
        for (const byte of chunk) if (byte === 0x0a) items += 1;
      },
    });
    expect(stderr).not.toContain('rror');
    expect(exitCode).toBe(0);
    expect(items).toBeGreaterThanOrEqual(events);
    expect(maxRssKib / 1024).toBeLessThanOrEqual(limitMib);
  });
});

function* jsonList(count: number): Generator<Buffer, void> {
  let before = '{"apiVersion":"v1","items":[\n';
  for (const line of eventLines(count, 'list-')) {
    yield Buffer.from(before + JSON.stringify(JSON.parse(line.toString()), null, 4));
    before = ',\n';
  }
  yield Buffer.from('],"kind":"List","metadata":{"resourceVersion":""}}\n');
}

function* yamlList(count: number): Generator<Buffer, void> {
  yield Buffer.from('apiVersion: v1\nitems:\n');
  for (const line of eventLines(count, 'list-')) {
    yield Buffer.from(stringify([JSON.parse(line.toString())]));
  }
  yield Buffer.from('kind: List\nmetadata:\n  resourceVersion: ""\n');
}
