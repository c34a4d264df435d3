import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandLine } from '../cli/command-line.ts';
import type { Ran } from '../cli/command-line.ts';

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  line.remove();
});

const head = { apiVersion: 'remedyctl.dev/v1', kind: 'RetryTrace' };
const created = (...attempts: unknown[]): object => ({ operation: 'create_remediation_request', attempts });
const lines = (...values: object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

function write(name: string, content: string | Buffer): string {
  writeFileSync(path.join(line.home, name), content);
  return name;
}

const replay = (content: string | Buffer, ...flags: string[]): Promise<Ran> =>
  line.run(['retry', 'replay', write('trace', content), ...flags]);

interface Document {
  operations: { object?: string }[];
  summary: { operations: number };
}

describe('a broken trace', () => {
  const operation = created('ok');
  it.each([
    [
      'an unknown version',
      lines({ ...head, apiVersion: 'remedyctl.dev/v9' }),
      'trace:1:2: apiVersion: "remedyctl.dev/v9" is not known',
    ],
    [
      'attempts out of order',
      lines(head, operation, created({ attempt: 2 })),
      'trace:3:56: attempts[0].attempt: is out of order',
    ],
    [
      'times that go back',
      lines(head, created({ atSeconds: 2 }, { atSeconds: 1 })),
      'trace:2:72: attempts[1].atSeconds: is before',
    ],
    [
      'a negative time',
      lines(head, created({ atSeconds: -1 })),
      'trace:2:56: attempts[0].atSeconds: must not be negative',
    ],
    [
      'a misspelt field',
      lines(head, { ...operation, polcy: 'x' }),
      'trace:2:61: polcy: unknown key; did you mean "policy"?',
    ],
    [
      'a day that is none',
      lines(head, { ...operation, startedAt: '2026-02-31T12:00:00Z' }),
      'trace:2:61: startedAt: must be an RFC 3339 time',
    ],
    ['an unknown policy', lines(head, { ...operation, policy: 'x' }), 'trace:2:61: policy: "x" is no policy'],
    [
      'a wrong policy',
      lines({ ...head, policies: { p: { initial: '9s', max: '1s' } } }),
      'trace:1:66: policies.p: is wrong: initial',
    ],
    ['a line that is none', lines(head) + 'nonsense\n' + lines(operation), 'trace:2:1: is no JSON object'],
    [
      'a YAML one',
      'apiVersion: remedyctl.dev/v1\nkind: RetryTrace\noperations:\n  - operation: x\n    attempts:\n      - {error: {status: 7}}\n',
      'trace:6:18: operations[0].attempts[0].error.status: must be at least 100',
    ],
    [
      'a misspelt word',
      lines(head, created({ outcome: 'eror' })),
      'trace:2:56: attempts[0].outcome: must be ok or error; did you mean "error"?',
    ],
    [
      'a misspelt field of a policy',
      lines({ ...head, policies: { p: { initail: '1s' } } }),
      'trace:1:71: policies.p.initail: unknown key; did you mean "initial"?',
    ],
    ['a missing field', lines(head, { attempts: ['ok'] }), 'trace:2:1: operation: is missing'],
    ['YAML that nests too deep', `apiVersion: ${'['.repeat(20_000)}`, 'nested deeper than'],
  ])('is refused by file, line and field: %s', async (_name, text, message) => {
    const { code, stderr } = await replay(text);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('code: INVALID_DOCUMENT');
  });

  it('tells all that is wrong at once, one a line', async () => {
    const { stderr } = await replay(lines(head, { ...created({ status: 7 }), polcy: 'x' }));
    expect(stderr.split('\n').slice(0, 3)).toEqual([
      'error: 2 problems:',
      '  trace:2:56: attempts[0].status: unknown key',
      '  trace:2:69: polcy: unknown key; did you mean "policy"?',
    ]);
  });

  it.each(['policy', 'outage'])('has its like in a file of %s', async (option) => {
    write(
      'wrong.yaml',
      option === 'policy' ? 'kind: constant\njiter: 1\n' : 'outages:\n  - {from: 0s, to: 1s, staus: 429}\n',
    );
    const { code, stderr } = await replay(lines(head, operation), `--${option}`, 'wrong.yaml');
    expect(code).toBe(2);
    const told = {
      policy: 'wrong.yaml:2:1: jiter: unknown key; did you mean "jitter"?',
      outage: 'wrong.yaml:2:24: outages[0].staus: unknown key; did you mean "status"?',
    };
    expect(stderr).toContain(told[option as keyof typeof told]);
  });

  it.each([
    ['lines', Buffer.from(lines(head, operation, { ...operation, object: 'caf' }))],
    [
      'a document',
      Buffer.from('apiVersion: remedyctl.dev/v1\nkind: RetryTrace\noperations:\n- {operation: caf}\n'),
    ],
  ])('is refused where it is no UTF-8: %s', async (_name, text) => {
    const at = text.lastIndexOf('caf') + 3;
    const bytes = Buffer.concat([text.subarray(0, at), Buffer.from([0xe9]), text.subarray(at)]);
    const { code, stderr } = await replay(bytes);
    expect(code).toBe(2);
    expect(stderr).toMatch(/trace:\d+:\d+: invalid UTF-8 \(byte 0xe9\)\n {2}code: INVALID_DOCUMENT/);
  });

  it('is replayed up to a last line that is cut off within a character', async () => {
    const half = Buffer.from('{"id":3,"operation":"caf\u00e9').subarray(0, -1);
    const text = Buffer.concat([Buffer.from(lines(head, operation)), half]);
    const { code, stderr } = await replay(text);
    expect(code).toBe(0);
    expect(stderr).toContain('trace:3: the last line is cut off');
  });

  it('is read whatever chunks cut through, lines and characters', async () => {
    const object = '\u00e9\u20ac\ud83d\ude00'.repeat(40_000);
    const text = lines(head, { ...operation, object }, operation, { ...operation, object: 'x' });
    const { stdout } = await replay(text, '-o', 'json');
    expect((JSON.parse(stdout) as Document).operations).toMatchObject([{ object }, {}, { object: 'x' }]);
  });

  it('is replayed up to a last line that is cut off', async () => {
    const text = lines(head, operation, operation) + '{"id":3,"operation":"cre';
    const { code, stdout, stderr } = await replay(text, '-o', 'json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Document).summary.operations).toBe(2);
    expect(stderr).toContain('trace:4: the last line is cut off');
  });

  it('closes its document where a later line is wrong', async () => {
    const { code, stdout } = await replay(lines(head, operation) + '{}\n', '-o', 'json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'RetryReplay', error: { code: 'INVALID_DOCUMENT' } });
  });
});
