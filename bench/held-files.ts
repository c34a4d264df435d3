/**
 * What people hold, 10,000 events as `kubectl get events` prints them: a JSON List, NDJSON and a YAML List. Each is read
 * by its documents beside JSON.parse, js-yaml or the yaml library, which make the whole of it, and goes once through
 * `signal normalize`. Flags: --events N (default 10000) --rounds N (default 5).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { load } from 'js-yaml';
import { parse, stringify } from 'yaml';
import { readDocuments } from '../src/documents/read-documents.ts';
import { runMeasured } from '../test/support/measured-program.ts';
import { eventLines } from './event-lines.ts';
import { bareEnvironment, median, number, paired, printConditions, secondsOf } from './measure.ts';

interface Held {
  name: string;
  text: string;
  /** The library that reads the whole text, and what it does. */
  beside: string;
  read: (text: string) => unknown;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { events: { type: 'string', default: '10000' }, rounds: { type: 'string', default: '5' } },
  });
  const [events, rounds] = [Number(values.events), Number(values.rounds)];
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-bench-'));
  printConditions(`${events} events as people hold them`);
  try {
    for (const held of heldFiles(events)) {
      const file = path.join(home, held.name);
      writeFileSync(file, held.text);
      const { ours, theirs, ratio } = await paired(
        rounds,
        () => secondsOf(() => readAll(file, events)),
        () => secondsOf(() => held.read(readFileSync(file, 'utf8'))),
      );
      const perSecond = (seconds: number[]): string => number(events / median(seconds), 0);
      console.log(
        `${held.name}, ${number(held.text.length / 1e6, 1)} MB: read ${perSecond(ours)} events/s, ` +
          `${held.beside} ${perSecond(theirs)}, ratio ${number(ratio)}`,
      );
      await normalize(file, home, events);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function heldFiles(count: number): Held[] {
  const lines = Array.from(eventLines(count, 'held-'), String);
  const items = lines.map((line) => JSON.parse(line) as unknown);
  const list = { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
  const yaml = stringify(list);
  const readLines = (text: string): unknown =>
    text.split('\n').map((line) => (line === '' ? undefined : (JSON.parse(line) as unknown)));
  return [
    { name: 'events.json', text: JSON.stringify(list, null, 4), beside: 'JSON.parse', read: JSON.parse },
    { name: 'events.ndjson', text: lines.join(''), beside: 'JSON.parse', read: readLines },
    { name: 'events.yaml', text: yaml, beside: 'js-yaml', read: load },
    { name: 'same.yaml', text: yaml, beside: 'yaml', read: (text) => parse(text) as unknown },
  ];
}

async function readAll(file: string, events: number): Promise<void> {
  let seen = 0;
  const options = { cwd: '/', stdin: Readable.from([]), elements: true };
  for await (const document of readDocuments([file], options)) {
    if (document.kind === 'document') seen += countOf(document.value);
  }
  if (seen !== events) throw new Error(`${seen} of ${events} events came out of ${file}`);
}

/** A small List is one document. */
function countOf(value: unknown): number {
  const items = value !== null && typeof value === 'object' && 'items' in value ? value.items : undefined;
  return Array.isArray(items) ? items.length : 1;
}

async function normalize(file: string, home: string, events: number): Promise<void> {
  const seconds = await secondsOf(async () => {
    const { exitCode, maxRssKib, stderr } = await runMeasured(
      ['signal', 'normalize', file, '--target', 'embedded', '-o', 'jsonl'],
      { env: bareEnvironment({ HOME: home }) },
    );
    if (exitCode !== 0) throw new Error(`normalize exited with ${exitCode}: ${stderr}`);
    console.log(`  signal normalize: most memory ${number(maxRssKib / 1024, 1)} MiB`);
  });
  console.log(`  signal normalize: ${number(events / seconds, 0)} events/s with its start`);
}
