import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';
import { isThere, ShellWindow, type WindowShell } from '../../support/shell-window.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-tab-'));
const bin = path.join(folder, 'bin');
const work = path.join(folder, 'work');
const env = { HOME: folder };
let request = '';
let fingerprint = '';

async function textOf(...words: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(words, { env });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return stdout;
}

beforeAll(async () => {
  mkdirSync(bin);
  mkdirSync(path.join(work, 'folder'), { recursive: true });
  writeFileSync(path.join(work, 'example.json'), '');
  symlinkSync(path.join(root, 'bin/remedyctl.cjs'), path.join(bin, 'remedyctl'));
  const kubeconfig = {
    contexts: ['arn:aws:eks:eu-west-1:1:cluster/a', 'admin@b'].map((name) => ({ name, context: {} })),
  };
  writeFileSync(path.join(work, 'kubeconfig'), JSON.stringify(kubeconfig));
  await textOf('signal', 'ingest', path.join(root, 'examples/webhook.json'), '--target', 'embedded', '--yes');
  const template = '-o=jsonpath={.items[0].metadata.name} {.items[0].spec.signalFingerprint}';
  [request = '', fingerprint = ''] = (await textOf('request', 'list', '--target=embedded', template))
    .trim()
    .split(' ');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const setUps: Readonly<Record<WindowShell, string>> = {
  bash: 'source <(remedyctl completion bash)',
  zsh: 'autoload -Uz compinit && compinit -u; source <(remedyctl completion zsh)',
  fish: 'remedyctl completion fish | source',
};

// a machine under load may need longer for names than a person is kept waiting
const patience = { timeout: 60_000, retry: 2 };

describe.each(['bash', 'zsh', 'fish'] as const)('Tab in %s', (shell) => {
  const missing = ['tmux', shell].filter((program) => !isThere(program));
  const pressed = it.skipIf(missing.length > 0);
  let window: ShellWindow;

  beforeAll(() => {
    if (missing.length > 0) {
      process.stderr.write(`Tab in ${shell} is not tested: ${missing.join(' and ')} is not installed\n`);
      return;
    }
    const PATH = [bin, path.dirname(process.execPath), process.env['PATH']].join(':');
    window = new ShellWindow(shell, { setUp: setUps[shell], cwd: work, env: { ...env, PATH } });
  });
  afterAll(() => {
    if (missing.length === 0) window.close();
  });

  pressed.each([
    ['a command', () => ['remedyctl lease acq', 'lease acquire']],
    ['a value of a flag', () => ['remedyctl dedup list --state man', '--state manualReview']],
    ['a value in quotes', () => ['remedyctl dedup list --state "man', '--state "manualReview']],
    ['what may stand behind = alone', () => ['remedyctl lease acquire --dry-run=c', '--dry-run=client']],
    [
      'a file behind a flag that needs no value',
      () => ['remedyctl signal ingest --dry-run ex', '--dry-run example.json'],
    ],
    ['a file behind =', () => ['remedyctl signal ingest --record=ex', '--record=example.json']],
    ['a folder, and no file', () => ['remedyctl --store ', '--store folder/']],
    ['a format that goes on', () => ['remedyctl lease list -o jsonp', '-o jsonpath=']],
    [
      'a context with colons',
      () => [
        'remedyctl --kubeconfig kubeconfig --context arn:aws:e',
        '--context arn:aws:eks:eu-west-1:1:cluster/a',
      ],
    ],
    [
      'a context with colons behind =',
      () => [
        'remedyctl --kubeconfig=kubeconfig --context=arn:aws:e',
        '--context=arn:aws:eks:eu-west-1:1:cluster/a',
      ],
    ],
    [
      'a context with an @',
      () => ['remedyctl --kubeconfig kubeconfig --context admin@', '--context admin@b'],
    ],
    ['a living request', () => [`remedyctl request get ${request.slice(0, 6)}`, `request get ${request}`]],
    [
      'a living fingerprint',
      () => [
        `remedyctl -n kubernaut-system lease get ${fingerprint.slice(0, 4)}`,
        `lease get ${fingerprint}`,
      ],
    ],
    [
      'a living request behind a source',
      () => [`remedyctl signal ingest --from request=${request.slice(0, 6)}`, `--from request=${request}`],
    ],
  ] as [string, () => [string, string]][])('completes %s', patience, async (_, words) => {
    const [typed, completed] = words();
    // a terminal breaks a long line
    const screen = await window.type(typed, ['Tab'], looseText(completed));
    expect(screen).not.toMatch(/error|warning|not found/i);
  });

  pressed('shows what there is, and nothing of another command', patience, async () => {
    const screen = await window.type('remedyctl dedup list --state ', ['Tab', 'Tab'], /suppressed/);
    expect(screen).toMatch(/active[^]*manualReview[^]*open[^]*suppressed/);
    expect(screen).not.toContain('held');
  });

  // bash shows candidates alone
  if (shell !== 'bash')
    pressed('says what each is', patience, async () => {
      const screen = await window.type(
        'remedyctl request get ',
        ['Tab', 'Tab'],
        /Deployment\/checkout in shop/,
      );
      expect(screen).toContain(request);
    });

  pressed('offers nothing where nothing can be', patience, async () => {
    const screen = await window.type('remedyctl lease list --selector ex', ['Tab'], /--selector ex *$/);
    expect(screen).not.toContain('example.json');
  });
});

function looseText(text: string): RegExp {
  return new RegExp(
    text.replaceAll(/[^]/g, (character) => `${character.replace(/[$()*+.?[\\\]^{|}]/, '\\$&')}\\n?`),
  );
}
