import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credentials } from '../../../src/kube/credentials.ts';
import { loadConnection } from '../../../src/kube/kubeconfig.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { testHost } from './clients.ts';

const apiVersion = 'client.authentication.k8s.io/v1';
let home: string;
let clock: MockClock;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'exec-'));
  clock = new MockClock(Date.parse('2026-01-01T00:00:00Z'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

/** A real plugin: logs each run with what it was given, then prints `answer` or runs `script`. */
function plugin(answer: unknown, script = ''): void {
  writeFileSync(join(home, 'answer.json'), typeof answer === 'string' ? answer : JSON.stringify(answer));
  writeFileSync(
    join(home, 'plugin'),
    `#!/bin/sh\nprintf '%s|%s|%s\\n' "$KUBERNETES_EXEC_INFO" "$EXTRA" "$*" >> "${home}/runs"\n${script}\ncat "${home}/answer.json"\n`,
  );
  chmodSync(join(home, 'plugin'), 0o755);
}

function status(fields: object): object {
  return { kind: 'ExecCredential', apiVersion, status: fields };
}

function runs(): string[] {
  return readFileSync(join(home, 'runs'), 'utf8').trim().split('\n');
}

async function credentials(
  exec: object = {},
  facts: { stdinIsTerminal?: boolean; cluster?: object; env?: Record<string, string> } = {},
): Promise<Credentials> {
  const config = {
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    clusters: [{ name: 'a', cluster: { server: 'https://api.test', ...facts.cluster } }],
    users: [
      { name: 'a', user: { exec: { command: './plugin', apiVersion, interactiveMode: 'Never', ...exec } } },
    ],
  };
  writeFileSync(join(home, 'config'), JSON.stringify(config));
  const env = { PATH: process.env['PATH'] ?? '', KUBECONFIG: join(home, 'config'), ...facts.env };
  const host = testHost({ env, clock, stdinIsTerminal: () => facts.stdinIsTerminal ?? false });
  return (await loadConnection({}, host))!.credentials;
}

const tokenOf = async (from: Credentials) => (await from.identity()).headers['authorization'];

describe('running', () => {
  it("a relative command is the kubeconfig folder's, with its arguments and variables", async () => {
    plugin(status({ token: 't' }));
    const from = await credentials({ args: ['get', 'a b'], env: [{ name: 'EXTRA', value: 'e' }] });
    expect(await tokenOf(from)).toBe('Bearer t');
    const info = { kind: 'ExecCredential', apiVersion, spec: { interactive: false } };
    expect(runs()).toEqual([`${JSON.stringify(info)}|e|get a b`]);
  });

  it('a bare command is looked for in PATH', async () => {
    plugin(status({ token: 't' }));
    const from = await credentials(
      { command: 'plugin' },
      { env: { PATH: `${home}:${process.env['PATH'] ?? ''}` } },
    );
    expect(await tokenOf(from)).toBe('Bearer t');
  });

  it('is told about the cluster where it asks to be', async () => {
    plugin(status({ token: 't' }));
    const ca = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64');
    const cluster = {
      'certificate-authority-data': ca,
      'tls-server-name': 'x.test',
      'proxy-url': 'http://p.test',
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'me' } }],
    };
    await tokenOf(await credentials({ provideClusterInfo: true }, { cluster }));
    expect(JSON.parse(runs()[0]!.split('|')[0]!)).toEqual({
      kind: 'ExecCredential',
      apiVersion,
      spec: {
        interactive: false,
        cluster: {
          server: 'https://api.test',
          'tls-server-name': 'x.test',
          'certificate-authority-data': ca,
          'proxy-url': 'http://p.test',
          config: { audience: 'me' },
        },
      },
    });
  });

  const yaml = `kind: ExecCredential\napiVersion: ${apiVersion}\nstatus: {token: t}\n`;
  const marked = JSON.stringify(status({ token: 't' }));
  it.each([
    ['in YAML', yaml, ''],
    ['with a byte order mark', `\uFEFF${marked}`, ''],
    ['in YAML with a byte order mark', `\uFEFF${yaml}`, ''],
    ['in UTF-16', '', `printf '\\377\\376'; printf '%s' '${marked}' | sed 's/./&\\x00/g'`],
  ])('an answer %s is read', async (_name, answer, script) => {
    plugin(answer, script);
    expect(await tokenOf(await credentials())).toBe('Bearer t');
  });

  const modes: [mode: string, terminal: boolean, interactive: boolean][] = [
    ['Never', true, false],
    ['IfAvailable', false, false],
    ['IfAvailable', true, true],
    ['Always', true, true],
  ];
  it.each(modes)(
    'interactiveMode %s with a terminal %s: interactive %s',
    async (mode, terminal, interactive) => {
      plugin(status({ token: 't' }));
      await tokenOf(await credentials({ interactiveMode: mode }, { stdinIsTerminal: terminal }));
      expect(runs()[0]).toContain(`"interactive":${interactive}`);
    },
  );

  it('client certificates of a plugin are used', async () => {
    plugin(status({ clientCertificateData: 'c', clientKeyData: 'k' }));
    expect(await (await credentials()).identity()).toEqual({
      headers: {},
      certificate: { cert: 'c', key: 'k' },
    });
  });
});

describe('keeping', () => {
  it('without an expiry one run is enough, also for requests at once', async () => {
    plugin(status({ token: 't' }));
    const from = await credentials();
    await Promise.all([from.identity(), from.identity(), from.identity()]);
    await clock.advance(86_400_000);
    await from.identity();
    expect(runs()).toHaveLength(1);
  });

  it('with an expiry it runs again when that has come', async () => {
    plugin(status({ token: 't', expirationTimestamp: '2026-01-01T00:10:00Z' }));
    const from = await credentials();
    await from.identity();
    await clock.advance(599_999);
    await from.identity();
    expect(runs()).toHaveLength(1);
    await clock.advance(1);
    await from.identity();
    expect(runs()).toHaveLength(2);
  });

  it('a refusal runs it once for all who were refused; the same answer is not worth a try', async () => {
    plugin(status({ token: 'one' }));
    const from = await credentials();
    const refused = await from.identity();
    plugin(status({ token: 'two' }));
    expect(await Promise.all([from.refresh(refused), from.refresh(refused)])).toEqual([true, true]);
    expect(runs()).toHaveLength(2);
    const again = await from.identity();
    expect(await from.refresh(again)).toBe(false);
  });
});

describe('failing', () => {
  const cases: [name: string, answer: unknown, script: string, exec: object, message: RegExp][] = [
    ['an exit code', '', 'exit 3', {}, /plugin failed with exit code 3$/],
    ['a signal', '', 'kill -9 $$', {}, /plugin was ended by a signal$/],
    [
      'no JSON, which may be a secret',
      'hunter2',
      '',
      {},
      /printed something that is neither a JSON nor a YAML object$/,
    ],
    ['bytes that are no text', '', `printf '\\377\\001'`, {}, /neither a JSON nor a YAML object$/],
    ['another kind', { kind: 'Token' }, '', {}, /printed no ExecCredential$/],
    [
      'another version',
      { kind: 'ExecCredential', apiVersion: 'v\u001b[31m2' },
      '',
      {},
      /printed apiVersion v \[31m2, the/,
    ],
    ['no status', { kind: 'ExecCredential', apiVersion }, '', {}, /without a status$/],
    ['an empty status', status({}), '', {}, /neither a token nor a certificate$/],
    ['half a certificate', status({ clientKeyData: 'hunter2' }), '', {}, /a key without its certificate$/],
    [
      'a bad expiry',
      status({ token: 'hunter2', expirationTimestamp: 'soon' }),
      '',
      {},
      /expirationTimestamp that is no time$/,
    ],
    [
      'a terminal that is not there',
      status({ token: 't' }),
      '',
      { interactiveMode: 'Always' },
      /needs a terminal/,
    ],
    ['no such program', '', '', { command: 'no-such-plugin' }, /no-such-plugin was not found$/],
    ['no program at all', '', '', { command: './answer.json' }, /cannot be started: /],
  ];
  it.each(cases)(
    '%s is CREDENTIALS_FAILED with the hint of the file',
    async (_name, answer, script, exec, message) => {
      plugin(answer, script);
      const from = await credentials({ installHint: 'get it \u001b]0;at\u0007 example.com', ...exec });
      const error = await from.identity().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'CREDENTIALS_FAILED', hint: 'get it  ]0;at  example.com' });
      expect((error as Error).message).toMatch(message);
      expect(JSON.stringify(error) + (error as Error).message).not.toContain('hunter2');
    },
  );

  it('a failure is not kept', async () => {
    plugin('', 'exit 1');
    const from = await credentials();
    await expect(from.identity()).rejects.toThrow();
    plugin(status({ token: 't' }));
    expect(await tokenOf(from)).toBe('Bearer t');
  });
});
