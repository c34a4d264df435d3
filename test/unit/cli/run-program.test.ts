import { writeFileSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandTable } from '../../../src/commands/command-table.ts';
import { CommandLine } from './command-line.ts';

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => {
  line.remove();
});

const errorOf = (stdout: string): { code: string; message: string; hint?: string } =>
  (JSON.parse(stdout) as { error: { code: string; message: string; hint?: string } }).error;

describe('help', () => {
  it('lists topics and commands where nothing is asked for', async () => {
    const { code, stdout, stderr } = await line.run([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.replace(/ \S+ node-\S+/, '')).toMatchInlineSnapshot(`
      "Do by hand what an automated-remediation gateway does by itself: make RemediationRequests of alerts,
      each once. And run plans of writes, each once.

      START WITH
        remedyctl doctor               What is missing, and what to do.
        remedyctl signal explain FILE  What would become of an alert, and why.
        remedyctl signal ingest FILE   Make requests of alerts; --dry-run: look.
        remedyctl request list         Which requests there are.
        remedyctl lease doctor         Which locks stand in the way.

      COMMANDS (remedyctl COMMAND --help says more of each)
        signal              Alerts and events, and what becomes of them.
        dedup               What would become of the next signal, and why.
        request             RemediationRequests.
        lease               The locks that keep signals from making two requests.
        retry               Retry policies, and recorded retries on a mock clock.
        plan                Writes to PagerDuty, OCM and Backplane as one file.
        pd, ocm, backplane  One write to that system, as a plan of one.
        store               The embedded store.
        config              The configuration.
        autocomplete        Print the script by which a shell completes words.
        version             Show the version of remedyctl and of the server.
        help  flags, environment, exit-codes, errors, formats, configuration
      "
    `);
  });

  it.each(commandTable.commands.map(({ id }) => id))('of %s stands still', async (id) => {
    const { code, stdout } = await line.run([...id.split(':'), '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatchSnapshot();
  });

  it.each(commandTable.topics.map(({ name }) => name))('of the topic %s lists its commands', async (name) => {
    const { code, stdout } = await line.run([name]);
    expect(code).toBe(0);
    for (const { id } of commandTable.commands) {
      const [topic, word] = id.split(':');
      if (topic === name) expect(stdout).toContain(`${name} ${word ?? ''}`);
    }
  });

  it('says what a command does, then its own flags, then those of every command, then examples', async () => {
    for (const { id } of commandTable.commands) {
      const { stdout } = await line.run([...id.split(':'), '-h']);
      const headings = ['USAGE', 'DESCRIPTION', 'FLAGS', 'FLAGS OF EVERY COMMAND', 'EXAMPLES'];
      const places = headings.map((heading) => `\n${stdout}`.indexOf(`\n${heading}\n`));
      const found = places.filter((place) => place >= 0);
      expect(found, id).toEqual([...found].sort((a, b) => a - b));
      expect(stdout).toContain('and 13 more: remedyctl help flags');
    }
  });

  it('speaks of kubectl remedy when it runs as its plugin', async () => {
    const { stdout } = await line.run(['request', 'list', '--help'], { bin: 'kubectl remedy' });
    expect(stdout).toContain('$ kubectl remedy request list');
    expect(stdout).not.toContain('remedyctl request');
  });
});

describe("what kubectl's users type", () => {
  it.each([
    [['request', 'ls'], 'remedyctl request list'],
    [['dedup', 'describe'], 'remedyctl dedup show'],
    [['request', 'describe'], 'remedyctl request get'],
    [['completion'], 'remedyctl autocomplete'],
  ])('%s is %s', async (argv, command) => {
    const { code, stdout } = await line.run([...argv, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`$ ${command}`);
  });
});

describe('a wrong command line', () => {
  it.each([
    [
      'a topic in another spelling',
      ['sginal'],
      'there is no command "sginal"',
      'did you mean remedyctl signal?',
    ],
    [
      'the same with a verb',
      ['sginal', 'ingest', 'a.json'],
      'there is no command "sginal"',
      'did you mean remedyctl signal ingest?',
    ],
    [
      'a verb without its topic',
      ['ingest', 'a.json'],
      'there is no command "ingest"',
      'did you mean remedyctl signal ingest?',
    ],
    [
      'a verb of several topics',
      ['acquire'],
      'there is no command "acquire"',
      'did you mean remedyctl lease acquire?',
    ],
    ['an unknown command', ['zzzzzz'], 'there is no command "zzzzzz"', 'see remedyctl --help'],
    [
      'an unknown verb',
      ['signal', 'zzzzzz'],
      'there is no command "signal zzzzzz"',
      'did you mean remedyctl signal?',
    ],
    [
      'an argument that is missing',
      ['request', 'ack'],
      'missing argument: NAME (The name of the RemediationRequest)',
      'see remedyctl request ack --help',
    ],
    ['a near miss', ['verion'], 'there is no command "verion"', 'did you mean remedyctl version?'],
    [
      'a near miss in a topic',
      ['signal', 'ingset'],
      'there is no command "signal ingset"',
      'did you mean remedyctl signal ingest?',
    ],
    ['an unknown flag', ['version', '--clinet'], 'nonexistent flag: --clinet', 'did you mean --client?'],
    ['a missing argument', ['request', 'get'], 'missing argument: NAME', 'see remedyctl request get --help'],
    ['an argument too many', ['version', 'now'], 'unexpected argument: now', 'see remedyctl version --help'],
    [
      'a choice that is none',
      ['version', '--target', 'moon'],
      'expected --target=moon to be one of',
      'see remedyctl version --help',
    ],
    [
      'a flag that needs another one',
      ['lease', 'release', 'gw-lock-0123456789abcdef', '--force'],
      'error: all of the following must be provided when using --force: --reason\n',
      'see remedyctl lease release --help',
    ],
    ['an unknown format', ['config', 'path', '-o', 'jsn'], '--output: must be', undefined],
    ['a broken template', ['config', 'path', '-o', 'jsonpath={.a'], 'jsonpath: an unclosed "{"', undefined],
  ])('is refused with exit code 2: %s', async (_name, argv, message, hint) => {
    const { code, stdout, stderr } = await line.run(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    if (hint !== undefined) expect(stderr).toContain(`  hint: ${hint}`);
  });

  it.each([
    ['after the mistake', ['version', '--clinet', '-o', 'json']],
    ['as one word', ['version', '-ojson', '--clinet']],
    ['spelt out', ['version', '--output=jsonl', '--clinet']],
  ])('is one JSON document when JSON is asked for %s', async (_name, argv) => {
    const { code, stdout, stderr } = await line.run(argv);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'Error',
      error: { code: 'USAGE', message: 'nonexistent flag: --clinet', hint: 'did you mean --client?' },
    });
    expect(stderr).toContain('code: USAGE');
  });

  it('shows no control characters of what was typed', async () => {
    const { stderr } = await line.run(['\u001b[31mred\u202e']);
    expect(stderr).toContain('\\x1b[31mred\\u202e');
    expect(stderr).not.toContain('\u001b');
  });
});

describe('a bug', () => {
  it('exits 70 with its stack and what is needed to find it', async () => {
    const table = {
      topics: [],
      commands: [
        {
          id: 'broken',
          summary: '',
          load: () => Promise.reject(new TypeError('it broke')),
        },
      ],
    };
    const { runProgram } = await import('../../../src/cli/run-program.ts');
    const { MemoryStream } = await import('./memory-stream.ts');
    const stdout = new MemoryStream();
    const stderr = new MemoryStream();
    const code = await runProgram(['broken', '-o', 'json'], table, {
      bin: 'remedyctl',
      version: '1.2.3',
      env: {},
      stdout,
      stderr,
      interruption: () => undefined,
      setExitCode: () => undefined,
    } as never);
    expect(code).toBe(70);
    expect(stderr.text).toMatch(/^bug: TypeError: it broke\n {4}at /);
    expect(stderr.text).toContain('not a mistake of yours');
    expect(errorOf(stdout.text)).toMatchObject({ code: 'BUG', message: 'TypeError: it broke' });
  });
});

describe('config', () => {
  it('shows every value with its origin', async () => {
    line.env = { REMEDYCTL_NAMESPACE: 'ops' };
    const { code, stdout } = await line.run(['config', 'show', '--target', 'embedded', '-o', 'json']);
    expect(code).toBe(0);
    const shown = JSON.parse(stdout) as { kind: string; settings: { key: string }[] };
    expect(shown).toMatchObject({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'Configuration',
      file: { path: path.join(line.home, '.config/remedyctl/config.yaml'), exists: false },
    });
    const of = (key: string): unknown => shown.settings.find((setting) => setting.key === key);
    expect(of('namespace')).toEqual({
      key: 'namespace',
      value: 'ops',
      origin: { kind: 'environment', variable: 'REMEDYCTL_NAMESPACE' },
    });
    expect(of('target')).toEqual({
      key: 'target',
      value: 'embedded',
      origin: { kind: 'flag', flag: 'target' },
    });
    expect(of('ingest.concurrency')).toEqual({
      key: 'ingest.concurrency',
      value: 8,
      origin: { kind: 'default' },
    });
  });

  it('writes a file that can be read, once', async () => {
    const file = path.join(line.home, '.config/remedyctl/config.yaml');
    expect((await line.run(['config', 'init', '-o', 'name'])).stdout).toBe(`${file}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { code, stdout } = await line.run(['config', 'path', '-o', 'json']);
    expect({ code, exists: (JSON.parse(stdout) as { config: { exists: boolean } }).config.exists }).toEqual({
      code: 0,
      exists: true,
    });
    const again = await line.run(['config', 'init']);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain('exists already');
    writeFileSync(file, 'broken: [');
    expect((await line.run(['config', 'init', '--force'])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('apiVersion: remedyctl.dev/v1');
  });

  it('prints an error as JSON where the file asks for JSON', async () => {
    const file = path.join(line.home, 'c.yaml');
    writeFileSync(file, 'apiVersion: remedyctl.dev/v1\nkind: Config\noutput: json\n');
    const { code, stdout } = await line.run([
      'request',
      'get',
      'rr-1',
      '--config',
      file,
      '--target',
      'embedded',
    ]);
    expect(code).toBe(1);
    expect(errorOf(stdout).code).toBe('NOT_FOUND');
  });
});

describe('autocomplete', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])('prints a script that asks: %s', async (shell) => {
    const { code, stdout } = await line.run(['autocomplete', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('remedyctl __complete ');
  });

  // there is no PowerShell where the tests run
  it('prints a script for PowerShell that hands over words, and shows what comes back', async () => {
    const { stdout } = await line.run(['autocomplete', 'powershell']);
    expect(stdout).toContain('Register-ArgumentCompleter -Native -CommandName remedyctl -ScriptBlock {');
    expect(stdout).toContain("-notmatch '^:(\\d+)$'");
    expect(stdout).toContain('$value, $about = $_ -split "\\t", 2');
    for (const [open, close] of ['{}', '()', '[]'] as unknown as [string, string][])
      expect(stdout.split(open).length, open).toBe(stdout.split(close).length);
  });

  it('refuses a shell that it does not know', async () => {
    expect((await line.run(['autocomplete', 'tcsh'])).code).toBe(2);
  });
});

describe('version', () => {
  it('shows the client alone when asked to', async () => {
    const { code, stdout } = await line.run(['version', '--client', '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'Version',
      client: {
        version: '1.2.3',
        node: process.version,
        platform: `${process.platform}-${process.arch}`,
      },
    });
  });

  it('still shows the client when the server cannot be reached', async () => {
    const kubeconfig = path.join(line.home, 'kubeconfig');
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        'current-context': 'gone',
        contexts: [{ name: 'gone', context: { cluster: 'gone', user: 'nobody' } }],
        clusters: [{ name: 'gone', cluster: { server: 'http://127.0.0.1:1' } }],
        users: [{ name: 'nobody', user: {} }],
      }),
    );
    const { code, stdout, stderr } = await line.run(['version', '--kubeconfig', kubeconfig, '-o', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'Version',
      client: { version: '1.2.3' },
      target: { kind: 'cluster', context: 'gone' },
      error: { code: 'UNREACHABLE' },
    });
    expect(stderr).toContain('code: UNREACHABLE');
  });
});
