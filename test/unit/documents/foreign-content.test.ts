import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { collect, readText, streamOf } from './reading.ts';

const event = '{"kind":"Event"}';

function tarOf(format: string): Buffer {
  const cwd = mkdtempSync(path.join(tmpdir(), 'remedyctl-tar-'));
  try {
    writeFileSync(path.join(cwd, 'events.json'), event);
    execFileSync('tar', [`--format=${format}`, '-cf', 'a.tar', 'events.json'], { cwd });
    return readFileSync(path.join(cwd, 'a.tar'));
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

async function refusalOf(
  content: string | Uint8Array,
): Promise<{ code: string; message: string; hint: string }> {
  const documents = await readText(content, { textSkipped: () => undefined });
  expect(documents).toHaveLength(1);
  const [only] = documents;
  if (only?.kind !== 'unreadable') throw new Error('it was read');
  const { code, message, hint = '' } = only.reason;
  return { code, message, hint };
}

describe('an archive is refused by name', () => {
  it.each(['ustar', 'gnu', 'pax'])('tar: %s', async (format) => {
    const tar = tarOf(format);
    expect(await refusalOf(tar)).toEqual({
      code: 'UNKNOWN_FORMAT',
      message: '-: this is a tar archive',
      hint: expect.stringContaining('tar -xOf FILE') as unknown,
    });
    expect((await refusalOf(gzipSync(tar))).hint).toContain('tar -xOzf FILE');
  });

  it('tar that comes in small pieces', async () => {
    const tar = tarOf('gnu');
    const stdin = streamOf(tar.subarray(0, 120), tar.subarray(120, 200), tar.subarray(200));
    expect(await collect(['-'], { stdin })).toMatchObject([{ reason: { code: 'UNKNOWN_FORMAT' } }]);
  });

  it.each([
    ['zip', '504b0304140000000800', 'unzip -p'],
    ['zstd', '28b52ffd0458810000', 'zstdcat'],
    ['xz', 'fd377a585a000004e6d6', 'xzcat'],
    ['bzip2', '425a68393141592653590000', 'bzcat'],
    ['lz4', '04224d18644082', 'lz4cat'],
    ['7z', '377abcaf271c0004', '7z e -so'],
  ])('%s', async (name, bytes, command) => {
    const { code, message, hint } = await refusalOf(Buffer.from(bytes, 'hex'));
    expect(code).toBe('UNKNOWN_FORMAT');
    expect(message).toContain(name);
    expect(hint).toContain(command);
  });
});

describe('what kubectl writes for people is refused by name', () => {
  it.each([
    'LAST SEEN   TYPE      REASON         OBJECT                MESSAGE\n3m          Warning   x   y   z\n',
    'NAMESPACE   LAST SEEN   TYPE      REASON\nshop   3m   Warning   x\n',
    'NAME       READY   UP-TO-DATE   AVAILABLE   AGE\ncheckout   1/2     2            1           3d\n',
    'EVENT   LAST SEEN   TYPE\nADDED   3m   Normal\n',
    'NAME   CPU(cores)   CPU%   MEMORY(bytes)\n'.toUpperCase(),
    'Warning: v1 ComponentStatus is deprecated in v1.19+\nNAME   STATUS    MESSAGE\netcd-0   Healthy   ok\n',
  ])('a table: %j', async (text) => {
    const { code, message, hint } = await refusalOf(text);
    expect(code).toBe('UNKNOWN_FORMAT');
    expect(message).toContain("kubectl's table");
    expect(hint).toContain('-o json');
  });

  it('whatever the name of the file, and in UTF-16', async () => {
    const table = 'LAST SEEN   TYPE\n3m   Warning\n';
    expect((await refusalOf(Buffer.from(`\ufeff${table}`, 'utf16le'))).message).toContain("kubectl's table");
    const cwd = mkdtempSync(path.join(tmpdir(), 'remedyctl-table-'));
    try {
      writeFileSync(path.join(cwd, 'events.json'), table);
      const [only] = await collect(['events.json'], { cwd });
      expect(only).toMatchObject({ reason: { code: 'UNKNOWN_FORMAT' } });
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });

  it('a description', async () => {
    const text = 'Name:             checkout.17b\nNamespace:        shop\nLabels:           <none>\n';
    expect((await refusalOf(text)).message).toContain('kubectl describe');
  });
});

it.each(['<!DOCTYPE html>\n<html>', '\n<html lang="en">', '<HTML><HEAD>'])('a page is: %j', async (text) => {
  expect(await refusalOf(text)).toMatchObject({
    code: 'UNKNOWN_FORMAT',
    message: expect.stringContaining('HTML') as unknown,
  });
});

it.each([
  ['a key in capitals', 'NAME: x\nVALUE: y\n', '{"NAME":"x","VALUE":"y"}'],
  ['a description that is YAML', 'Name:  x\nOther: y\n', '{"Name":"x","Other":"y"}'],
  ['PK in a text', 'PK: 1\n', '{"PK":1}'],
])('%s is no such thing', async (_name, text, expected) => {
  expect(await readText(text, { textSkipped: () => undefined })).toMatchObject([{ text: expected }]);
});
