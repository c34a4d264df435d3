import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../../unit/cli/command-line.ts';

const examples = path.resolve(import.meta.dirname, '../../../examples');
const webhook = path.join(examples, 'webhook.json');
const events = path.join(examples, 'events.yaml');
const embedded = ['--target', 'embedded'];

interface Item {
  source: { file: string; document: number; index: number };
  outcome: string;
  reason?: { code: string };
  request?: { name: string };
  deduplication?: { occurrenceCount: number };
}
interface Result {
  items: Item[];
  summary: Record<string, unknown>;
}

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  line.remove();
});

const ingest = (...argv: string[]): ReturnType<CommandLine['run']> =>
  line.run(['signal', 'ingest', ...embedded, ...argv]);

describe('signal ingest', () => {
  it('has one outcome per signal, in the order of the input', async () => {
    const { code, stdout } = await ingest(webhook, events, '-o', 'json');
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as Result & { kind: string; target: object };
    expect(result).toMatchObject({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'IngestResult',
      target: { kind: 'embedded', store: line.store, namespace: 'kubernaut-system' },
    });
    expect(result.items.map(({ outcome }) => outcome)).toEqual([
      'created',
      'duplicate',
      'created',
      'skipped',
      'created',
      'created',
      'skipped',
    ]);
    expect(result.items[0]).toMatchObject({
      source: { file: webhook, document: 0, index: 0 },
      outcome: 'created',
      resolution: 'resource',
      ownerChain: ['Deployment/checkout'],
      signal: {
        fingerprint: '6d1a895f68c481a1ea6a977b880cc1233fdb70b0b96b9d447a06e1b4cb90594f',
        signalName: 'CheckoutReplicasMissing',
        namespace: 'shop',
      },
      request: { namespace: 'kubernaut-system' },
      deduplication: { occurrenceCount: 1, persisted: true },
      attempts: 1,
    });
    expect(result.items[1]?.request?.name).toBe(result.items[0]?.request?.name);
    expect(result.items[1]?.deduplication?.occurrenceCount).toBe(2);
    expect(result.items[3]?.reason?.code).toBe('RESOLVED_ALERT');
    expect(result.summary).toMatchObject({
      total: 7,
      created: 4,
      duplicate: 1,
      skipped: 2,
      failed: 0,
      notRun: 0,
    });
  });

  it('prints the same as YAML, as JSON lines and as names', async () => {
    const yaml = parse((await ingest(webhook, '-o', 'yaml')).stdout) as Result;
    expect(yaml.items.map(({ outcome }) => outcome)).toEqual(['created', 'duplicate', 'created', 'skipped']);
    const lines = (await ingest(webhook, '-o', 'jsonl')).stdout.trimEnd().split('\n');
    const outcomes = lines.map((text) => (JSON.parse(text) as { outcome?: string }).outcome);
    expect(outcomes).toEqual(['duplicate', 'duplicate', 'duplicate', 'skipped', undefined]);
    expect(JSON.parse(lines[4]!)).toHaveProperty('summary.duplicate', 3);
    const names = (await ingest(webhook, '-o', 'name')).stdout.trimEnd().split('\n');
    expect(names).toHaveLength(3);
    expect(names[0]).toMatch(/^remediationrequest\.kubernaut\.ai\/rr-6d1a895f68c4-[0-9a-f]{8}$/);
  });

  it('shows a table and a summary line', async () => {
    const { stdout } = await ingest(webhook);
    const shown = stdout.trimEnd().split('\n');
    expect(shown[0]).toMatch(/^SOURCE +SIGNAL +TARGET +OUTCOME +REQUEST +COUNT +REASON$/);
    expect(shown.at(-1)).toBe('4 signals: 2 created, 1 duplicate, 1 skipped');
  });

  it('writes nothing in a dry run, and says what it would do', async () => {
    const { code, stdout } = await ingest(webhook, '--dry-run', '-o', 'json');
    expect(code).toBe(0);
    const { items, dryRun } = JSON.parse(stdout) as Result & { dryRun: string };
    expect({ dryRun, outcomes: items.map(({ outcome }) => outcome) }).toEqual({
      dryRun: 'client',
      outcomes: ['wouldCreate', 'wouldDuplicate', 'wouldCreate', 'skipped'],
    });
    const list = await line.run(['request', 'list', ...embedded, '-o', 'json']);
    expect(JSON.parse(list.stdout)).toMatchObject({ kind: 'RemediationRequestList', items: [] });
  });

  it('reads stdin', async () => {
    const { code, stdout } = await line.run(['signal', 'ingest', '-', ...embedded, '-o', 'jsonl'], {
      stdin: readFileSync(webhook, 'utf8'),
    });
    expect(code).toBe(0);
    expect(stdout).toContain('"outcome":"created"');
  });

  it('stamps received times with --now', async () => {
    const { stdout } = await ingest(webhook, '--now', '2026-11-02T09:00:00Z', '-o', 'jsonl');
    expect(stdout).toContain('"receivedTime":"2026-11-02T09:00:00Z"');
  });

  it.each([
    ['nothing but broken input', ['{"version":'], 2, ['INVALID_DOCUMENT']],
    ['nothing but something else', ['{"a":1}'], 2, ['UNKNOWN_FORMAT']],
  ])('exits by its outcomes: %s', async (_name, texts, exit, codes) => {
    const files = texts.map((text, index) => {
      const file = path.join(line.home, `${index}.json`);
      writeFileSync(file, text);
      return file;
    });
    const { code, stdout } = await ingest(...files, '-o', 'json');
    expect(code).toBe(exit);
    const { items } = JSON.parse(stdout) as Result;
    expect(items.map(({ reason }) => reason?.code)).toEqual(codes);
  });

  it('exits 4 where some are taken and some are not', async () => {
    const broken = path.join(line.home, 'broken.json');
    writeFileSync(broken, '[1,');
    expect((await ingest(webhook, broken)).code).toBe(4);
  });

  it('names a file that does not exist', async () => {
    const { code, stdout } = await ingest(path.join(line.home, 'absent.json'), '-o', 'json');
    expect(code).toBe(2);
    expect((JSON.parse(stdout) as Result).items[0]?.reason?.code).toBe('INPUT_NOT_FOUND');
  });

  it.each([
    ['a time that is none', ['--now', 'yesterday'], 'RFC 3339'],
    ['too much at once', ['--concurrency', '1000'], 'a whole number from 1 to 256'],
    ['a duration without a unit', ['--lock-wait', '40'], 'a duration'],
  ])('refuses %s before it reads anything', async (_name, argv, text) => {
    const { code, stderr } = await ingest(webhook, ...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
  });

  it('leaves everything alone under a profile that forbids writes', async () => {
    const config = path.join(line.home, 'c.yaml');
    writeFileSync(
      config,
      'apiVersion: remedyctl.dev/v1\nkind: Config\nprofiles:\n  look:\n    readOnly: true\n',
    );
    const safe = ['--config', config, '--profile', 'look'];
    const refused = await ingest(webhook, ...safe);
    expect(refused.code).toBe(6);
    expect(refused.stderr).toContain('READ_ONLY_PROFILE');
    expect((await ingest(webhook, ...safe, '--dry-run')).code).toBe(0);
  });

  it('writes a trace and metrics', async () => {
    const trace = path.join(line.home, 'trace.ndjson');
    const metrics = path.join(line.home, 'remedyctl.prom');
    expect((await ingest(webhook, '--record', trace, '--metrics-file', metrics)).code).toBe(0);
    const lines = readFileSync(trace, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(lines[0]!)).toMatchObject({ kind: 'RetryTrace' });
    expect(lines.some((text) => text.includes('create_remediation_request'))).toBe(true);
    const text = readFileSync(metrics, 'utf8');
    expect(text).toContain('gateway_crds_created_total{source_type="prometheus",status="created"} 2');
    expect(text.trimEnd().endsWith('# EOF')).toBe(true);
  });

  it('lists what was not run when it is stopped', async () => {
    const stopped = new AbortController();
    stopped.abort(new DOMException('stopped by SIGINT', 'AbortError'));
    const { code } = await line.run(['signal', 'ingest', webhook, ...embedded, '-o', 'json'], {
      signal: stopped.signal,
      interruption: () => 'SIGINT',
    });
    expect(code).toBe(130);
  });
});

describe('the embedded store', () => {
  it('takes objects in, finds owners among them, and gives them out again', async () => {
    const objects = path.join(examples, 'objects.yaml');
    const imported = await line.run(['store', 'import', objects, '-o', 'json']);
    expect(JSON.parse(imported.stdout)).toMatchObject({
      kind: 'StoreImport',
      target: { kind: 'embedded', store: line.store },
      namespacesCreated: [],
    });
    const { stdout } = await line.run(['signal', 'normalize', events, ...embedded, '-o', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'SignalList',
      items: [
        { resolution: 'owner', ownerChain: ['Pod/orders-db-0', 'StatefulSet/orders-db'] },
        { ownerChain: ['Job/report-29384', 'CronJob/report'] },
        { outcome: 'skipped' },
      ],
      summary: { total: 3, normalized: 2, skipped: 1 },
    });
    const exported = await line.run(['store', 'export']);
    const file = path.join(line.home, 'export.json');
    writeFileSync(file, exported.stdout);
    expect((await line.run(['store', 'reset', '--yes', '-o', 'json'])).code).toBe(0);
    expect((await line.run(['store', 'import', file])).code).toBe(0);
    const info = JSON.parse((await line.run(['store', 'info', '-o', 'json'])).stdout) as {
      kind: string;
      objects: { kind: string; count: number }[];
    };
    expect(info.kind).toBe('StoreInfo');
    expect(info.objects.find(({ kind }) => kind === 'CronJob')?.count).toBe(1);
  });

  it('is not emptied unasked', async () => {
    const { code, stderr } = await line.run(['store', 'reset']);
    expect(code).toBe(6);
    expect(stderr).toContain('NEEDS_YES');
  });

  it.each([
    ['no object', '[1]', 'is no Kubernetes object'],
    ['an object without a name', '{"apiVersion":"v1","kind":"Pod","metadata":{}}', 'metadata.name'],
    ['a list with a stranger', '{"apiVersion":"v1","kind":"List","items":[{"a":1}]}', 'item 0'],
  ])('refuses %s, and takes nothing', async (_name, text, problem) => {
    const file = path.join(line.home, 'x.json');
    writeFileSync(file, text);
    const { code, stderr } = await line.run(['store', 'import', path.join(examples, 'objects.yaml'), file]);
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
    const { stdout } = await line.run(['store', 'info', '-o', 'name']);
    expect(stdout).not.toContain('StatefulSet');
  });
});

describe('request', () => {
  it('prints requests as the API server has them', async () => {
    await ingest(webhook);
    const { stdout } = await line.run(['request', 'list', ...embedded, '-o', 'json']);
    const list = JSON.parse(stdout) as { items: { metadata: { name: string } }[] };
    expect(list).toMatchObject({ apiVersion: 'kubernaut.ai/v1alpha1', kind: 'RemediationRequestList' });
    const name = list.items[0]!.metadata.name;
    const got = await line.run(['request', 'get', name, ...embedded, '-o', 'json']);
    expect(JSON.parse(got.stdout)).toEqual(list.items[0]);
    const missing = await line.run(['request', 'get', 'nope', ...embedded, '-o', 'json']);
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.stdout)).toMatchObject({ kind: 'Error', error: { code: 'NOT_FOUND' } });
  });
});
