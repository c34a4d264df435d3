import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { commandTable } from '../../../src/commands/command-table.ts';
import { CommandLine, type Ran } from './command-line.ts';
import { MemoryStream } from './memory-stream.ts';

const examples = path.resolve(import.meta.dirname, '../../../examples');
const webhook = path.join(examples, 'webhook.json');
const plan = path.join(examples, 'plans/egress-blocked.yaml');
const line = new CommandLine();
const trace = path.join(line.home, 'run.ndjson');
let fingerprint = '';
let request = '';
let reviewed = '';
let files = 0;

interface Row {
  argv: () => string[];
  /** What the examples make of it; default 0. */
  code?: number;
  /** Values of `-o` that only this command has. */
  own?: string[];
  /** Goes on until it is stopped, which is done when it has printed. */
  endless?: boolean;
  /** Prints one document although it goes on. */
  single?: boolean;
  /** Prints one text, whatever `-o` says. */
  textOnly?: boolean;
}

const incident = ['--incident-id', 'Q2I4AV3ZURABC'];
const values = ['--set', 'cluster=1a2b3c', '--set', 'incident=Q2I4AV3ZURABC'];
const cluster = ['--cluster-id', '1a2b3c'];
const dry = '--dry-run';

function gatewayToken(): string {
  const file = path.join(line.home, 'gateway-token');
  writeFileSync(file, 'a-token', { mode: 0o600 });
  return file;
}

/** Every command of the table has a row here; what is over examples/ prints something in every format. */
const rows: Record<string, Row> = {
  'signal:ingest': { argv: () => [webhook, path.join(examples, 'events.yaml')] },
  'signal:send': {
    // it is sent nowhere: the client is examined up to there
    argv: () => [
      ...[webhook, path.join(examples, 'events.yaml'), '--gateway', 'http://localhost:1'],
      ...['--token-file', gatewayToken(), dry],
    ],
  },
  'signal:normalize': { argv: () => [webhook, path.join(examples, 'events.yaml')] },
  'signal:explain': { argv: () => [webhook, path.join(examples, 'events.yaml')] },
  'signal:test': { argv: () => [path.join(examples, 'signal-tests.yaml')] },
  'dedup:show': { argv: () => [fingerprint] },
  'dedup:list': { argv: () => [] },
  'request:list': { argv: () => [] },
  'request:get': { argv: () => [request] },
  'request:watch': { argv: () => [], endless: true },
  'request:ack': { argv: () => [reviewed, dry] },
  'lease:run': { argv: () => ['--raw-key', 'r', '--', 'true'], textOnly: true },
  'lease:list': { argv: () => [] },
  'lease:watch': { argv: () => [], endless: true },
  'lease:get': { argv: () => ['--raw-key', 'held'] },
  'lease:acquire': { argv: () => ['--raw-key', `k${(files += 1)}`] },
  'lease:renew': { argv: () => ['--raw-key', 'held', '--if-holder', 'h'] },
  'lease:release': { argv: () => ['--raw-key', 'held', '--if-holder', 'h', dry] },
  'lease:doctor': { argv: () => ['--long-held', '1ms'], code: 3 },
  'retry:schedule': { argv: () => ['creation', 'lock'] },
  'retry:replay': { argv: () => [trace] },
  'retry:compare': { argv: () => ['creation', '--outage', '1s', '--runs', '5'] },
  'retry:schema': { argv: () => [] },
  'plan:new': { argv: () => [] },
  // there are no credentials, which is a finding that it prints
  'plan:validate': { argv: () => [plan, ...values], code: 2 },
  'plan:show': { argv: () => [plan, ...values], own: ['markdown'] },
  'plan:run': { argv: () => [plan, ...values, dry], own: ['markdown'] },
  'plan:resume': { argv: () => ['no-such-run'], code: 1 },
  'plan:status': { argv: () => [] },
  'plan:schema': { argv: () => [] },
  'pd:note': { own: ['markdown'], argv: () => [...incident, '--content', 'looked at it', dry] },
  'pd:title': { own: ['markdown'], argv: () => [...incident, '--prefix', '[LIMITED SUPPORT]', dry] },
  'pd:silence': { own: ['markdown'], argv: () => [...incident, '--silent-policy', 'PSILENT', dry] },
  'pd:escalate': { own: ['markdown'], argv: () => [...incident, '--reason', 'a person has to look', dry] },
  'ocm:service-log': {
    own: ['markdown'],
    argv: () => [
      ...[...cluster, '--external-id', '6e7f4c10-0000-4000-8000-000000000001', '--severity', 'Major'],
      ...['--summary', 'Action required: review the network', '--description', 'Egress is blocked.', dry],
    ],
  },
  'ocm:limited-support': {
    own: ['markdown'],
    argv: () => [
      ...[...cluster, '--summary', 'Cluster is in Limited Support', '--details', 'Instances were stopped.'],
      ...['--metric-context', 'StoppedInstances', dry],
    ],
  },
  'backplane:report': {
    own: ['markdown'],
    argv: () => [...cluster, '--summary', 'chgm', '--data-file', webhook, dry],
  },
  'store:info': { argv: () => [] },
  'store:serve': {
    argv: () => ['--write-kubeconfig', path.join(line.home, `served-${(files += 1)}`)],
    endless: true,
    single: true,
  },
  'store:export': { argv: () => [] },
  'store:import': { argv: () => [path.join(examples, 'objects.yaml')] },
  'store:reset': { argv: () => ['--store', path.join(line.home, 'other'), '--yes'] },
  'config:show': { argv: () => [] },
  'config:init': { argv: () => ['--config', path.join(line.home, `config-${(files += 1)}.yaml`)] },
  'config:path': { argv: () => [] },
  doctor: { argv: () => [] },
  autocomplete: { argv: () => ['bash'], textOnly: true },
  version: { argv: () => [] },
};

const common = [
  'table',
  'wide',
  'json',
  'jsonl',
  'yaml',
  'name',
  'jsonpath={.kind}{"\\n"}',
  'custom-columns=K:.kind,O:.outcome',
];
const target = ['--target', 'embedded'];

async function run(id: string, format: string): Promise<Ran> {
  const { argv, endless } = rows[id] ?? { argv: () => [] };
  const words = argv();
  const end = words.indexOf('--');
  const own = end === -1 ? words : words.slice(0, end);
  const command = end === -1 ? [] : words.slice(end);
  const flags = [...target, '-o', format];
  if (endless !== true) return line.run([...id.split(':'), ...own, ...flags, ...command]);
  const stop = new AbortController();
  const stdout = new (class extends MemoryStream {
    override _write(chunk: Buffer, encoding: string, done: (error?: Error | null) => void): void {
      super._write(chunk, encoding, done);
      stop.abort();
    }
  })();
  return line.run([...id.split(':'), ...own, ...flags], { stdout, signal: stop.signal });
}

/** Throws where the text is not what the format says. */
function check(format: string, text: string, single: boolean): void {
  expect(text).not.toMatch(/\[object |\bundefined\b|\bNaN\b|\(\) => /);
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  if (text !== '') expect(text.endsWith('\n')).toBe(true);
  if (format === 'json' || format === 'jsonl') {
    if (format === 'json') expect(text).not.toBe('');
    const texts = format === 'json' && single ? [text] : text.split('\n').slice(0, -1);
    for (const one of texts) expect(JSON.parse(one)).toBeTypeOf('object');
  }
  if (format === 'yaml') {
    const documents = parseAllDocuments(text);
    expect(documents).not.toHaveLength(0);
    for (const { errors } of documents as { errors: unknown[] }[]) expect(errors).toEqual([]);
  }
  if (format === 'name') expect(text.split('\n').slice(0, -1)).not.toContain('');
  if (format.startsWith('custom-columns')) expect(text).toMatch(/^(K +O\n.*)?$/s);
}

beforeAll(async () => {
  const config = path.join(line.home, 'config.yaml');
  writeFileSync(
    config,
    'apiVersion: remedyctl.dev/v1\nkind: Config\npagerduty: { from: a@example.com, silentPolicy: PSILENT }\nbackplane: { url: "https://backplane.example.com" }\n',
  );
  line.env = { REMEDYCTL_CONFIG: config };
  const ok = async (argv: string[]): Promise<string> => {
    const { code, stdout, stderr } = await line.run([...argv, ...target]);
    expect({ argv, code, stderr: code === 0 ? '' : stderr }).toEqual({ argv, code: 0, stderr: '' });
    return stdout;
  };
  await ok(['store', 'import', path.join(examples, 'objects.yaml')]);
  await ok(['signal', 'ingest', webhook, '--record', trace]);
  await ok(['lease', 'acquire', '--raw-key', 'held', '--holder', 'h', '--ttl', '10m']);
  const { items } = JSON.parse(await ok(['request', 'list', '-o', 'json'])) as {
    items: { metadata: Record<string, unknown>; spec: { signalFingerprint: string } }[];
  };
  const [first] = items;
  if (first === undefined) throw new Error('the examples make no request');
  request = String(first.metadata['name']);
  fingerprint = first.spec.signalFingerprint;
  reviewed = 'rr-reviewed';
  const waiting = {
    ...first,
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: { ...first.metadata, name: reviewed, uid: 'another', resourceVersion: undefined },
    status: { overallPhase: 'Failed', outcome: 'ManualReviewRequired' },
  };
  const file = path.join(line.home, 'reviewed.json');
  writeFileSync(file, JSON.stringify(waiting));
  await ok(['store', 'import', file]);
  mkdirSync(path.join(line.home, 'other'), { mode: 0o700 });
}, 120_000);

afterAll(() => {
  line.remove();
});

describe('what is printed', () => {
  it('is tried for every command there is', () => {
    expect(Object.keys(rows).sort()).toEqual(commandTable.commands.map(({ id }) => id).sort());
  });

  it('is tried in every format of its own that a command has', async () => {
    for (const { id, load } of commandTable.commands) {
      const { ownFormats = [] } = (await load()) as { ownFormats?: readonly string[] };
      expect({ id, own: rows[id]?.own ?? [] }).toEqual({ id, own: [...ownFormats] });
    }
  });

  it.each(
    Object.entries(rows).flatMap(([id, { own = [] }]) =>
      [...common, ...own].map((format) => [id, format] as const),
    ),
  )('%s -o %s', { timeout: 60_000 }, async (id, format) => {
    const { code = 0, textOnly = false, endless = false, single = !endless } = rows[id] ?? {};
    const ran = await run(id, format);
    expect(ran.code, ran.stderr).toBe(code);
    expect(ran.stderr).not.toMatch(/^bug:/m);
    // an error is a document for JSON alone
    const isPrinted = id !== 'plan:resume' || format === 'json' || format === 'jsonl';
    if (!textOnly && isPrinted) check(format, ran.stdout, single);
  });

  it('has the same in YAML as in JSON', async () => {
    const normalized = async (format: string): Promise<string> =>
      (await run('signal:normalize', format)).stdout;
    const withoutTimes = (text: string): string => text.replaceAll(/"receivedTime":"[^"]*"/g, '');
    const [document] = parseAllDocuments(await normalized('yaml'));
    expect(withoutTimes(JSON.stringify(document?.toJSON()))).toBe(
      withoutTimes(JSON.stringify(JSON.parse(await normalized('json')))),
    );
  });
});
