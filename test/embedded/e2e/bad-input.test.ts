import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ProgramResult, runProgram } from '../../support/built-program.ts';
import { alert, webhook } from '../../support/signals.ts';

interface Item {
  source: { file: string; document: number; index: number };
  outcome: string;
  reason?: { code: string; message: string };
  warnings?: { code: string; message: string }[];
  signal?: { signalName: string; severity: string; labels: object; annotations: object; namespace: string };
}

const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-bad-input-'));
const good = webhook([alert('checkout')]);
let files = 0;
let stores = 0;

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

function file(content: string | Buffer, name = `${(files += 1)}.json`): string {
  const full = path.join(home, name);
  writeFileSync(full, content);
  return full;
}

function ingest(inputs: readonly string[], output = 'json'): Promise<ProgramResult> {
  const store = path.join(home, `store-${(stores += 1)}`);
  const args = ['signal', 'ingest', '--target', 'embedded', '--store', store, '-o', output, ...inputs];
  return runProgram(args, { env: { HOME: home } });
}

async function items(exitCode: number, ...inputs: string[]): Promise<Item[]> {
  const result = await ingest(inputs);
  expect(result.exitCode, result.stdout + result.stderr).toBe(exitCode);
  expect(result.stderr).not.toMatch(/bug:|^\s+at /m);
  return (JSON.parse(result.stdout) as { items: Item[] }).items;
}

const deep = 100_000;

describe('input that is refused by file and place, with the good file beside it taken', () => {
  it.each<[string, string | Buffer, RegExp]>([
    ['truncated JSON', good.slice(0, 100), /:1:101: the input ends in the middle/],
    ['UTF-32', Buffer.from(`fffe0000${'7b000000'.repeat(40)}`, 'hex'), /:1:1: the text is UTF-32/],
    [
      'UTF-16 with half a character',
      Buffer.from(`\ufeff${good.replace('checkout', 'check\ud800out')}`, 'utf16le'),
      /:1:\d+: /,
    ],
    ['a NUL byte', good.replace('checkout', 'check\0out'), /:1:\d+: control character/],
    [
      'invalid UTF-8',
      Buffer.from(good.replace('checkout', 'ch\xe9ckout'), 'latin1'),
      /:1:\d+: invalid UTF-8/,
    ],
    ['arrays 100,000 deep', '['.repeat(deep) + ']'.repeat(deep), /:1:1001: nested deeper than 1000/],
    [
      'objects 100,000 deep',
      '{"a":'.repeat(deep) + '1' + '}'.repeat(deep),
      /:1:\d+: nested deeper than 1000/,
    ],
    ['an empty file', '', /nothing to read/],
    [
      'a label that is a number',
      good.replace('"ReplicasMissing"', '5'),
      /alerts\[0\]\.labels\.alertname must be a string, not the number 5/,
    ],
    [
      'a number as a string',
      good.replace('"truncatedAlerts":0', '"truncatedAlerts":"0"'),
      /truncatedAlerts must be an integer, not the string "0"/,
    ],
    [
      'a version that is no string',
      good.replace('"version":"4"', '"version":4'),
      /version must be a string, not the number 4/,
    ],
    [
      'an object under __proto__',
      good.replace('"annotations":{}', '"annotations":{"__proto__":{"a":1}}'),
      /annotations\.__proto__ must be a string/,
    ],
    [
      'a name that is a path',
      good.replace('"checkout"', '"../../etc/passwd"'),
      /deployment: the value is no name/,
    ],
    [
      'a name that is a subresource',
      good.replace('"checkout"', '"checkout/status"'),
      /deployment: the value is no name/,
    ],
  ])('%s', async (_name, content, message) => {
    const bad = file(content);
    const fine = file(good);
    const [refused, taken] = await items(4, bad, fine);
    expect(refused).toMatchObject({ source: { file: bad, document: 0 }, outcome: 'rejected' });
    expect(refused?.reason?.message).toMatch(message);
    expect(taken).toMatchObject({ source: { file: fine }, outcome: 'created' });
  });
});

describe('input that is taken', () => {
  it('behind a byte order mark', async () => {
    expect(await items(0, file(`\ufeff${good}`))).toMatchObject([{ outcome: 'created' }]);
  });

  it('with duplicate keys: the last counts, and a warning names the key', async () => {
    const twice = file(good.replace('"alertname"', '"alertname":"First","alertname"'));
    const [item] = await items(0, twice);
    expect(item?.signal?.signalName).toBe('ReplicasMissing');
    expect(item?.warnings?.map(({ message }) => message).join()).toContain('alertname');
  });

  it('with keys that JavaScript has a meaning for: kept as the labels that they are', async () => {
    const labels = '"__proto__":"x","constructor":"y","hasOwnProperty":"z"';
    const [item] = await items(0, file(good.replace('"alertname"', `${labels},"alertname"`)));
    const kept = Object.entries(item?.signal?.labels ?? {});
    expect(kept).toEqual(
      expect.arrayContaining([
        ['__proto__', 'x'],
        ['constructor', 'y'],
        ['hasOwnProperty', 'z'],
      ]),
    );
  });

  it('with a namespace that is a path: it is none, so the default one', async () => {
    const [item] = await items(0, file(good.replace('"namespace":"shop"', '"namespace":"../kube-system"')));
    expect(item).toMatchObject({ outcome: 'created', signal: { namespace: 'default' } });
  });

  it('with controls in every text field: exact in JSON, neutralised in the table', async () => {
    const evil = '\u001b[31mred\u001b]0;title\u0007\u202egnp.exe\u2066\u009b2J';
    const text = webhook([
      alert('checkout', {
        labels: { alertname: evil, severity: `s${evil}`, other: evil },
        annotations: { summary: evil },
      }),
    ]);
    const name = `na\u001b[2Jme\u202e.json`;
    const evilFile = file(text, name);
    const [item] = await items(0, evilFile);
    expect(item).toMatchObject({
      source: { file: evilFile },
      signal: {
        signalName: evil,
        severity: `s${evil}`,
        labels: { other: evil },
        annotations: { summary: evil },
      },
    });
    const broken = file('{"version":', `bro${name}`);
    const wrongLabel = file(good.replace('"shop"', `{"\\u001b[31m":1}`), `label${name}`);
    for (const output of ['table', 'wide', 'name']) {
      const shown = await ingest([evilFile, broken, wrongLabel, path.join(home, `absent${name}`)], output);
      expect(shown.exitCode).toBe(4);
      const printed = (shown.stdout + shown.stderr).replaceAll('\n', '');
      expect(printed).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
    }
  });
});

describe('input that is no ordinary file', () => {
  it('a directory without files', async () => {
    const empty = path.join(home, 'empty');
    mkdirSync(empty);
    const [item] = await items(2, empty);
    expect(item).toMatchObject({ source: { file: empty }, reason: { code: 'EMPTY_INPUT' } });
  });

  it('a FIFO that closes early', async () => {
    const fifo = path.join(home, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const answered = items(2, fifo);
    const writer = createWriteStream(fifo);
    writer.end(good.slice(0, 80));
    expect(await answered).toMatchObject([
      {
        source: { file: fifo },
        reason: {
          code: 'INVALID_DOCUMENT',
          message: `${fifo}:1:81: the input ends in the middle of a value`,
        },
      },
    ]);
  });

  it('a line of 100 MB between two good ones: refused by its line, the others taken', async () => {
    const line = Buffer.alloc(100_000_000, 'x');
    const big = file(
      Buffer.concat([Buffer.from(`${good}\n{"a":"`), line, Buffer.from(`"}\n${good}\n`)]),
      'big.ndjson',
    );
    const answered = await items(4, big);
    expect(answered.map(({ outcome }) => outcome)).toEqual(['created', 'rejected', 'duplicate']);
    expect(answered[1]).toMatchObject({ source: { document: 1 }, reason: { code: 'DOCUMENT_TOO_LARGE' } });
    expect(answered[1]?.reason?.message.startsWith(`${big}:2:1: `)).toBe(true);
    rmSync(big);
  });
});
