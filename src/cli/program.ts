import { Config } from '@oclif/core/config';
import type { Command } from '@oclif/core/command';
import type { Logger } from '@oclif/core/interfaces';
import type { CommandEntry, CommandTable } from './command-entry.ts';
import { attachRuntime, type Runtime } from './runtime.ts';

/** The colours of help are not the user's to choose: no file is looked for. */
class ProgramConfig extends Config {
  override loadTheme(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

const silent = (): void => undefined;
const silentLogger: Logger = {
  namespace: 'oclif',
  child: () => silentLogger,
  debug: silent,
  error: silent,
  info: silent,
  trace: silent,
  warn: silent,
};

/** oclif's Config over the static command table: no folder is scanned and no manifest is read. */
export async function loadProgram(table: CommandTable, runtime: Runtime): Promise<Config> {
  const pjson = {
    name: 'remedyctl',
    version: runtime.version,
    oclif: {
      bin: runtime.bin,
      dirname: 'remedyctl',
      topicSeparator: ' ' as const,
      additionalHelpFlags: ['-h'],
    },
  };
  const root = '/';
  const commands = table.commands.map(asLoadable);
  const plugin = {
    _base: '',
    alias: pjson.name,
    commandIDs: table.commands.map(({ id }) => id),
    commands,
    commandsDir: undefined,
    hasManifest: true,
    hooks: {},
    isRoot: true,
    load: () => Promise.resolve(),
    findCommand: () => undefined,
    moduleType: 'commonjs' as const,
    name: pjson.name,
    options: { root },
    pjson,
    root,
    topics: table.topics.map((topic) => ({ ...topic })),
    type: 'core',
    valid: true,
    version: pjson.version,
  };
  const config = new ProgramConfig({
    root,
    pjson,
    plugins: new Map([[pjson.name, plugin as never]]),
    version: runtime.version,
    // oclif's own needs half a dozen modules to write nothing
    ...(runtime.env['DEBUG'] === undefined ? { logger: silentLogger } : {}),
  });
  await config.load();
  attachRuntime(config, runtime);
  return config;
}

function asLoadable(entry: CommandEntry): Command.Loadable {
  return {
    id: entry.id,
    summary: entry.summary,
    aliases: [],
    hiddenAliases: [],
    args: {},
    flags: {},
    hidden: false,
    hasDynamicHelp: false,
    load: entry.load,
  };
}
