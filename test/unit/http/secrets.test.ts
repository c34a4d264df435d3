import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { baseUrl } from '../../../src/http/base-url.ts';
import { findSecret, secretsOfInput } from '../../../src/http/secret-source.ts';
import { Secret, withoutSecrets } from '../../../src/http/secret.ts';
import { thrownBy } from '../../support/remote-systems/test-clients.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-secret-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function file(text: string | Buffer, mode = 0o600): string {
  const name = path.join(directory, 'token');
  writeFileSync(name, text);
  chmodSync(name, mode);
  return name;
}

describe('a secret', () => {
  it('shows itself nowhere', () => {
    const secret = new Secret('s3cr3t-value');
    const shown = [
      secret.toString(),
      JSON.stringify({ secret }),
      inspect({ secret }, { depth: 9 }),
      String(secret),
    ];
    expect(shown.join()).not.toContain('s3cr3t-value');
    expect(secret.reveal()).toBe('s3cr3t-value');
  });

  it('is taken out of a text, with everything else that looks like one', () => {
    const text = 'key abcdefgh1 and Authorization: Bearer xyz12345678 in https://u:p@h/';
    const clean = withoutSecrets(text, [new Secret('abcdefgh1'), new Secret('in')]);
    expect(clean).toBe('key *** and Authorization: *** in https://***@h/');
  });
});

describe('where a secret comes from', () => {
  const name = 'PAGERDUTY_TOKEN';

  it('is standard input, then the environment, then the file', async () => {
    const source = { name, file: file('from-file\n') };
    const input = new Map([[name, new Secret('from-input')]]);
    const env = { [name]: 'from-variable' };
    expect((await findSecret(source, { env, input }))?.reveal()).toBe('from-input');
    expect((await findSecret(source, { env }))?.reveal()).toBe('from-variable');
    expect((await findSecret(source, { env: {} }))?.reveal()).toBe('from-file');
    expect((await findSecret(source, { env: { [name]: '' } }))?.reveal()).toBe('from-file');
    expect(await findSecret({ name }, { env: {} })).toBeUndefined();
  });

  it.each([0o644, 0o640, 0o604, 0o620, 0o660, 0o777])(
    'is no file that others may open: mode %o',
    async (mode) => {
      const source = { name, file: file('from-file', mode) };
      const thrown = (await thrownBy(() => findSecret(source, { env: {} }))) as Error & { hint: string };
      expect(thrown).toMatchObject({
        code: 'CREDENTIALS_FAILED',
        message: expect.stringContaining(`mode 0${mode.toString(8)}`) as string,
      });
      expect(thrown.hint).toContain(`chmod 600 ${source.file}`);
      expect(thrown.message).not.toContain('from-file');
    },
  );

  it.each([0o600, 0o400, 0o700])('is a file of one’s own: mode %o', async (mode) => {
    expect((await findSecret({ name, file: file('mine', mode) }, { env: {} }))?.reveal()).toBe('mine');
  });

  it.each([
    ['empty', ''],
    ['white space', ' \n'],
    ['two lines', 'token-1\ntoken-2'],
    ['a header of its own', 'token-1\r\nX-Evil: 1'],
    ['binary', Buffer.from([0, 255, 1])],
    ['a wrong file', 'token'.repeat(20_000)],
  ])('is no file that holds no token: %s', async (_what, text) => {
    const thrown = (await thrownBy(() => findSecret({ name, file: file(text) }, { env: {} }))) as Error;
    expect(thrown).toMatchObject({ code: 'CREDENTIALS_FAILED' });
    expect(thrown.message).not.toContain('token-1');
  });

  it('is no folder, and no file that is not there', async () => {
    const env = {};
    chmodSync(directory, 0o700);
    await expect(findSecret({ name, file: directory }, { env })).rejects.toMatchObject({
      code: 'CREDENTIALS_FAILED',
    });
    const missing = path.join(directory, 'missing');
    await expect(findSecret({ name, file: missing }, { env })).rejects.toMatchObject({
      code: 'CREDENTIALS_FAILED',
    });
  });
});

describe('standard input', () => {
  const names = ['PAGERDUTY_TOKEN', 'OCM_TOKEN'];
  const read = (text: string, only?: string): Record<string, string> =>
    Object.fromEntries([...secretsOfInput(text, names, only)].map(([key, secret]) => [key, secret.reveal()]));

  it.each([
    ['one token for one system', 'abc\n', 'OCM_TOKEN', { OCM_TOKEN: 'abc' }],
    ['a token with an equals sign', 'abc==\n', 'OCM_TOKEN', { OCM_TOKEN: 'abc==' }],
    ['a named token', 'OCM_TOKEN=abc', undefined, { OCM_TOKEN: 'abc' }],
    ['a named token though only one is wanted', 'OCM_TOKEN=abc', 'OCM_TOKEN', { OCM_TOKEN: 'abc' }],
    [
      'several',
      'PAGERDUTY_TOKEN=a\r\n\nOCM_TOKEN=b=\n',
      undefined,
      { PAGERDUTY_TOKEN: 'a', OCM_TOKEN: 'b=' },
    ],
  ])('holds %s', (_what, text, only, expected) => {
    expect(read(text, only)).toEqual(expected);
  });

  it.each([
    ['nothing', '\n'],
    ['a token of nobody', 'secret-abc'],
    ['a name that is not known', 'SLACK_TOKEN=secret-abc'],
    ['one name twice', 'OCM_TOKEN=secret-abc\nOCM_TOKEN=secret-def'],
    ['a name without a token', 'OCM_TOKEN='],
  ])('is refused with %s, and not shown', (_what, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'CREDENTIALS_FAILED' }) as Error);
    expect(() => read(text)).not.toThrow('secret-');
  });
});

describe('a base URL', () => {
  it.each([
    ['https://api.pagerduty.com', 'https://api.pagerduty.com'],
    ['https://proxy.example.com/pagerduty/', 'https://proxy.example.com/pagerduty'],
    ['http://127.0.0.1:4015', 'http://127.0.0.1:4015'],
    ['http://localhost:4015/', 'http://localhost:4015'],
    ['http://[::1]:4015/x//', 'http://[::1]:4015/x'],
  ])('%s is %s', (text, expected) => {
    expect(baseUrl(text, 'ocm.url')).toBe(expected);
  });

  it.each([
    'api.pagerduty.com',
    'ftp://api.example.com',
    'http://api.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'https://user:password@api.example.com',
    'https://api.example.com/?a=b',
    'https://api.example.com/#a',
  ])('%s is refused, without repeating it', (text) => {
    const call = (): string => baseUrl(text, 'ocm.url');
    expect(call).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }) as Error);
    expect(call).not.toThrow('password@');
  });
});
