import { homedir } from 'node:os';
import type { ChalkInstance } from 'chalk';
import { loadConfig, type EffectiveConfig, type FlagValue } from '../config/load-config.ts';
import { readText } from '../config/text-file.ts';
import { createPaint, isColoured } from './colour.ts';
import { rememberFormat } from './json-wanted.ts';
import { Notices } from './notices.ts';
import { Progress } from './progress.ts';
import type { RenderOptions } from './render/document.ts';
import { parseOutputFormat } from './render/output-format.ts';
import { Output } from './render/output.ts';
import type { Runtime } from './runtime.ts';

/** What a command works with once its flags are parsed: the effective configuration, and where results go. */
export interface Session {
  runtime: Runtime;
  config: EffectiveConfig;
  output: Output;
  render: RenderOptions;
  /** The `-o` that is the command's own, such as markdown; `render` is that of a table then. */
  ownFormat?: string;
  notices: Notices;
  progress: Progress;
  paint: ChalkInstance;
}

export type GlobalFlagValues = Readonly<Record<string, FlagValue>>;

/** `ownFormats`: values of `-o` beyond the common ones. Throws CONFIG_INVALID, CONFIG_NOT_FOUND or USAGE, before anything else happens. */
export async function openSession(
  runtime: Runtime,
  flags: GlobalFlagValues,
  ownFormats: readonly string[] = [],
): Promise<Session> {
  const config = await loadConfig({
    flags,
    env: runtime.env,
    cwd: runtime.cwd,
    home: runtime.env['HOME'] ?? homedir(),
    readFile: readText,
  });
  return sessionOf(runtime, flags, { config, ownFormats });
}

/** The same with a configuration that is known. Throws USAGE. */
export async function sessionOf(
  runtime: Runtime,
  flags: GlobalFlagValues,
  { config, ownFormats = [] }: { config: EffectiveConfig; ownFormats?: readonly string[] },
): Promise<Session> {
  const asked = config.values.output;
  const own = ownFormats.find((name) => name === asked);
  const format = parseOutputFormat(own === undefined ? asked : 'table', ownFormats);
  rememberFormat(runtime, format.kind);
  const output = new Output(runtime.stdout);
  const quiet = flags['quiet'] === true;
  const paint = createPaint(isColoured(runtime.stdout, config.values.color, runtime.env));
  return {
    runtime,
    config,
    output,
    render: {
      format,
      table: {
        header: flags['no-headers'] !== true,
        maxWidth: output.columns,
        paintHeader: (text) => paint.bold(text),
        draw: output.isTerminal ? (await import('./render/terminal-lines.ts')).terminalLines : undefined,
      },
    },
    ...(own === undefined ? {} : { ownFormat: own }),
    notices: new Notices(runtime.stderr, noticeLevel(flags)),
    progress: new Progress(runtime.stderr, runtime.clock, { quiet }),
    paint,
  };
}

function noticeLevel(flags: GlobalFlagValues): 'quiet' | 'normal' | 'verbose' {
  if (flags['quiet'] === true) return 'quiet';
  return flags['verbose'] === true ? 'verbose' : 'normal';
}
