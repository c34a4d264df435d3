/** Whatever stands on the command line, in the environment or in the configuration, a command ends, and not as a bug. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from '@oclif/core/command';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StopRequest } from '../../../src/cli/stop-request.ts';
import { commandTable } from '../../../src/commands/command-table.ts';
import { environmentNames, settingKeys } from '../../../src/config/settings.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { alert, webhook } from '../../support/signals.ts';
import { CommandLine } from './command-line.ts';
import { fingerprint } from './spoilt-objects.ts';
import { spoiltWords } from './spoilt-words.ts';

const rounds = Number(process.env['REMEDYCTL_FUZZ_ROUNDS'] ?? 1);
const seed = Number(process.env['REMEDYCTL_FUZZ_SEED'] ?? 1);
/** After this the command is told to stop, as by Ctrl-C; watches have no other end. */
const stopAfterMs = 150;
/** What has not ended so long after it was told to hangs. */
const hungAfterMs = 20_000;

const line = new CommandLine();
const here = readdirSync(process.cwd());

/** Nothing of it is there: no address but this computer's is asked. */
const nowhere = 'http://127.0.0.1:1';
const usual = {
  REMEDYCTL_TARGET: 'embedded',
  REMEDYCTL_PAGERDUTY_URL: nowhere,
  REMEDYCTL_PAGERDUTY_FROM: 'me@example.com',
  REMEDYCTL_OCM_URL: nowhere,
  REMEDYCTL_OCM_TOKEN_URL: nowhere,
  REMEDYCTL_BACKPLANE_URL: nowhere,
  PAGERDUTY_TOKEN: 'x',
  OCM_TOKEN: 'x',
  HTTPS_PROXY: nowhere,
};

/** Beside the settings' own. */
const otherVariables = [
  'REMEDYCTL_CONFIG',
  'REMEDYCTL_PROFILE',
  'KUBECONFIG',
  'KUBERNETES_SERVICE_HOST',
  'KUBERNETES_SERVICE_PORT',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'https_proxy',
  'no_proxy',
  'ALL_PROXY',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_CACHE_HOME',
  'PAGERDUTY_TOKEN',
  'OCM_TOKEN',
  'OCM_CLIENT_ID',
  'OCM_CLIENT_SECRET',
  'NO_COLOR',
  'FORCE_COLOR',
  'TERM',
  'LANG',
  'LC_ALL',
  'USER',
];

/** The arguments with which a command comes far; a command that is not here gets none. */
const usualArguments: Readonly<Record<string, readonly string[]>> = {
  'signal:ingest': ['alerts.json', '--yes', '--signal-timeout', '1s', '--lock-wait', '100ms'],
  'signal:normalize': ['alerts.json'],
  'signal:send': ['alerts.json', '--gateway', 'http://127.0.0.1:1', '--token-file', 'token', '--dry-run'],
  'signal:explain': ['alerts.json'],
  'dedup:show': [fingerprint],
  'request:get': ['one'],
  'request:ack': ['one', '--yes'],
  'lease:run': [fingerprint, '--yes', '--', 'true'],
  'lease:get': [fingerprint],
  'lease:acquire': [fingerprint, '--yes'],
  'lease:renew': [fingerprint, '--yes'],
  'lease:release': [fingerprint, '--yes'],
  'retry:replay': ['trace.json'],
  'plan:validate': ['plan.yaml'],
  'plan:show': ['plan.yaml'],
  'plan:run': ['plan.yaml', '--yes', '--timeout', '1s'],
  'plan:resume': ['x', '--yes'],
  'pd:note': ['--incident-id', 'Q2I4AV3ZURABC', '--content', 'x', '--yes'],
  'pd:title': ['--incident-id', 'Q2I4AV3ZURABC', '--prefix', 'x', '--yes'],
  'pd:silence': ['--incident-id', 'Q2I4AV3ZURABC', '--reason', 'x', '--yes'],
  'pd:escalate': ['--incident-id', 'Q2I4AV3ZURABC', '--reason', 'x', '--yes'],
  'store:reset': ['--yes'],
  'store:import': ['alerts.json'],
  'config:init': ['--force'],
  autocomplete: ['bash'],
};

const plan = `apiVersion: remedyctl.dev/v1
kind: Plan
metadata: { name: chgm }
spec:
  cluster: { id: 1a2b3c, product: rosa }
  incident: { id: Q2I4AV3ZURABC }
  actions:
    - pagerduty_note: { content: x }
`;

beforeAll(() => {
  mkdirSync(path.join(line.home, 'folder'));
  writeFileSync(path.join(line.home, 'alerts.json'), webhook([alert('checkout')]));
  writeFileSync(path.join(line.home, 'plan.yaml'), plan);
});

afterAll(() => {
  line.remove();
});

/** Other numbers for every name and round, the same whenever it is run again. */
function randomOf(name: string, round: number): SeededRandom {
  const letters = Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7);
  return new SeededRandom((seed * 1_000 + round) * 1_000_003 + letters);
}

function pick<T>(from: readonly T[], random: SeededRandom): T {
  return from[Math.floor(random.next() * from.length)] as T;
}

async function isNoBug(argv: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const stop = new AbortController();
  line.env = { ...usual, ...env };
  const what = JSON.stringify({ argv, env }).slice(0, 1000);
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number, act: () => void): void => void timers.push(setTimeout(act, ms));
  after(stopAfterMs, () => {
    stop.abort(new StopRequest('SIGINT'));
  });
  try {
    const { code, stderr } = await Promise.race([
      line.run([...argv], {
        signal: stop.signal,
        interruption: () => (stop.signal.aborted ? 'SIGINT' : undefined),
      }),
      new Promise<never>((_, reject) => {
        after(hungAfterMs, () => {
          reject(new Error(`it hangs: ${what}`));
        });
      }),
    ]);
    // an interruption hides the exit code
    expect(stderr, what).not.toMatch(/^bug: /m);
    expect(code, `${what}\n${stderr}`).not.toBe(70);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

const commands = commandTable.commands.map(({ id, load }) => ({
  words: id.split(':'),
  given: usualArguments[id] ?? [],
  load,
}));

/** As it is given, before a `--` that hands the rest on. */
function withFlag(words: readonly string[], given: readonly string[], flag: string): string[] {
  const end = given.indexOf('--');
  const at = end === -1 ? given.length : end;
  return [...words, ...given.slice(0, at), flag, ...given.slice(at)];
}

describe('nonsense', () => {
  it.each(commands.map((command) => [command.words.join(' '), command] as const))(
    'on the command line is no bug: %s',
    async (name, { words, given, load }) => {
      const { flags = {}, baseFlags = {}, args = {} } = (await load()) as Partial<typeof Command>;
      const own = Object.entries(flags).filter(([, flag]) => flag.type === 'option');
      const common = Object.keys(baseFlags).filter((flag) => baseFlags[flag]?.type === 'option');
      for (let round = 0; round < rounds; round += 1) {
        const random = randomOf(name, round);
        for (const [flag] of own)
          await isNoBug(withFlag(words, given, `--${flag}=${pick(spoiltWords, random)}`));
        for (let some = 0; some < 3; some += 1)
          await isNoBug(withFlag(words, given, `--${pick(common, random)}=${pick(spoiltWords, random)}`));
        if (Object.keys(args).length > 0) await isNoBug([...words, '--', pick(spoiltWords, random)]);
      }
    },
    600_000,
  );

  it.each([...new Set([...settingKeys.flatMap(environmentNames), ...otherVariables])])(
    'in the environment is no bug: %s',
    async (variable) => {
      for (let round = 0; round < rounds; round += 1) {
        const random = randomOf(variable, round);
        const { words, given } = pick(commands, random);
        await isNoBug([...words, ...given], { [variable]: pick(spoiltWords, random).replaceAll('\0', '') });
        await isNoBug(['config', 'show'], { [variable]: pick(spoiltWords, random).replaceAll('\0', '') });
      }
    },
    600_000,
  );

  it.each(settingKeys)(
    'in the configuration is no bug: %s',
    async (key) => {
      const file = path.join(line.home, 'config.yaml');
      const others: readonly unknown[] = [null, true, 5, 1e300, -0.5, [], ['x'], [null], {}, { x: {} }];
      for (let round = 0; round < rounds; round += 1) {
        const random = randomOf(key, round);
        for (const from of [spoiltWords, others]) {
          const value = key
            .split('.')
            .reduceRight<unknown>((inner, part) => ({ [part]: inner }), pick<unknown>(from, random));
          writeFileSync(
            file,
            JSON.stringify({ apiVersion: 'remedyctl.dev/v1', kind: 'Config', ...(value as object) }),
          );
          const { words, given } = pick(commands, random);
          for (const argv of [
            ['config', 'show'],
            [...words, ...given],
          ])
            await isNoBug(withFlag([], argv, `--config=${file}`));
        }
      }
    },
    600_000,
  );

  it('is written nowhere but in the folder', () => {
    expect(readdirSync(process.cwd())).toEqual(here);
  });
});
