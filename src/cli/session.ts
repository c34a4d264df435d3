import type { ChalkInstance } from 'chalk';
import { loadConfig, type EffectiveConfig, type FlagValue } from '../config/load-config.ts';
import { readText } from '../files/read-text.ts';
import { scopeWords } from './command-scope.ts';
import { createPaint, isColoured } from './colour.ts';
import { homeFolder } from '../files/home-folder.ts';
import { headersFlag } from './global-flags.ts';
import { rememberFormat } from './json-wanted.ts';
import { Notices, type NoticeLevel } from './notices.ts';
import { Progress } from './progress.ts';
import type { RenderOptions } from './render/document.ts';
import { checkPaths, parseOutputFormat } from './render/output-format.ts';
import { outputOf, type Output } from './render/output.ts';
import type { LayOut } from './render/table.ts';
import { counted } from '../text/count.ts';
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
  /** The words by which a further command works on the same as this one. */
  scope: readonly string[];
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
    home: homeFolder(runtime.env),
    readFile: (path) => readText(path, runtime.signal),
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
  await checkPaths(format);
  const output = outputOf(runtime.stdout);
  const quiet = flags['quiet'] === true;
  const paint = createPaint(isColoured(runtime.stdout, config.values.color, runtime.env));
  const progress = new Progress(runtime.stderr, runtime.clock, { quiet });
  const notices = new Notices(runtime.stderr, noticeLevel(flags), progress);
  if (runtime.startNotice !== undefined) notices.detail(runtime.startNotice);
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
        layOut: output.isTerminal ? loadLaidOut : undefined,
        onHidden: (count) => {
          notices.sayOnce(`${counted(count, 'column')} hidden for want of room: -o wide shows all`);
        },
      },
    },
    ...(own === undefined ? {} : { ownFormat: own }),
    notices,
    progress,
    paint,
    scope: scopeWords(flags),
  };
}

async function loadLaidOut(): Promise<LayOut> {
  return (await import('./render/laid-out.ts')).laidOut;
}

function noticeLevel(flags: GlobalFlagValues): NoticeLevel {
  if (flags['quiet'] === true) return 'quiet';
  if (flags['verbose'] !== true) return 'normal';
  return flags[headersFlag] === true ? 'headers' : 'verbose';
}
