import { Command } from '@oclif/core/command';
import type { Config } from '@oclif/core/config';
import { exitCodeOf } from './exit-codes.ts';
import { openSession, type GlobalFlagValues, type Session } from './session.ts';
import { asUsageError } from './usage-error.ts';
import { asksForHeaders, expandDryRun, globalFlags, headersFlag } from './global-flags.ts';
import { runtimeOf, type Runtime } from './runtime.ts';

/**
 * The base of every command: the global flags, the injected Runtime, and failures that carry their exit code.
 * `run` returns the exit code where it is not 0. Rendering a failure is up to whoever runs the program.
 */
export abstract class RemedyCommand extends Command {
  static override baseFlags = globalFlags;

  /** Values of `-o` that this command has beyond the common ones. */
  static ownFormats: readonly string[] = [];

  /** As oclif's, but with the Config as it is: oclif would load it a second time. */
  static override async run<T extends Command>(
    this: new (argv: string[], config: Config) => T,
    argv?: string[],
    opts?: unknown,
  ): Promise<ReturnType<T['run']>> {
    const command = new this(expandDryRun(argv ?? []), opts as Config);
    return (command as unknown as { _run(): Promise<ReturnType<T['run']>> })._run();
  }

  protected get runtime(): Runtime {
    return runtimeOf(this.config);
  }

  /** Opens what a command works with, from its parsed flags. */
  protected openSession(flags: GlobalFlagValues): Promise<Session> {
    const { ownFormats } = this.constructor as typeof RemedyCommand;
    return openSession(this.runtime, this.allFlags(flags), ownFormats);
  }

  /** The parsed flags, and what the words of the command line say beside them. */
  protected allFlags(flags: GlobalFlagValues): GlobalFlagValues {
    return { ...flags, [headersFlag]: asksForHeaders(this.argv) };
  }

  /** oclif looks here for deprecated aliases by reading process.argv; there are none. */
  protected override init(): Promise<void> {
    return Promise.resolve();
  }

  /** Both places that oclif may take an exit code from are set: in its JSON mode it ignores the error's. */
  protected override catch(thrown: unknown): Promise<never> {
    const id = (this.id ?? '').replaceAll(':', ' ');
    const failure = asUsageError(thrown, `${this.runtime.bin} ${id}`, this.argv);
    const error = failure instanceof Error ? failure : new Error(String(failure));
    const exit = exitCodeOf(error);
    Object.assign(error, { oclif: { exit } });
    this.runtime.setExitCode(exit);
    return Promise.reject(error);
  }
}
