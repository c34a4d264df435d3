import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeByError } from '../../../src/cli/exit-codes.ts';
import { errorCodes } from '../../../src/errors/error-codes.ts';

const root = path.resolve(import.meta.dirname, '../../..');

describe('docs/errors.md', () => {
  const rows = readFileSync(path.join(root, 'docs/errors.md'), 'utf8')
    .split('\n')
    .map((line) => /^\| ([A-Z_]+) +\| (.+?) +\| (\d+) +\|$/.exec(line))
    .filter((match) => match !== null)
    .map(([, code = '', meaning = '', exit = '']) => ({ code, meaning, exit: Number(exit) }));

  it('has a row for every code, and none else', () => {
    expect(rows.map(({ code }) => code).sort()).toEqual([...errorCodes].sort());
  });

  it.each(errorCodes)('has the exit code of %s', (code) => {
    expect(rows.find((row) => row.code === code)?.exit).toBe(exitCodeByError[code]);
  });
});
