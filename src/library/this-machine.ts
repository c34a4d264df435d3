import type { ByteStream } from '../documents/byte-source.ts';
import { homeFolder } from '../files/home-folder.ts';
import type { KubeHost } from '../kube/kube-host.ts';
import { machineHost } from '../kube/machine-host.ts';
import { identityOf, type Identity } from '../lease/identity.ts';
import { silentNotes, silentProgress, type Notes, type Progress } from '../notes/notes.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { RealClock } from '../time/real-clock.ts';
import { SystemRandom } from '../time/system-random.ts';

declare const __REMEDYCTL_VERSION__: string;

/** What nearly every call asks for, by the names under which it is asked for: to be spread into its options. */
export interface Machine {
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly notes: Notes;
  readonly progress: Progress;
  /** Who holds the locks, and whose name is in the audit trail. */
  readonly identity: Identity;
  /** For credentials and proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths are relative to. */
  readonly cwd: string;
  /** What `-` reads; opened by the first read. */
  readonly stdin: ByteStream;
  /** What reaching a cluster needs: home directory, kubeconfig files, credential plugins. */
  readonly host: KubeHost;
  /** Of remedyctl, for the User-Agent. */
  readonly version: string;
}

/** What is not to be the machine's own. */
export interface MachineOptions {
  /** Default: the machine's own. */
  readonly clock?: Clock | undefined;
  /** Default: the operating system's. */
  readonly random?: Random | undefined;
  /** Stops whatever is given the machine; default: nothing does. */
  readonly signal?: AbortSignal | undefined;
  /** Default: nobody hears them. */
  readonly notes?: Notes | undefined;
  /** Default: nobody sees it. */
  readonly progress?: Progress | undefined;
}

/** The machine and the process that this runs on. Reads the environment and the name of the user; opens nothing. */
export function thisMachine(options: MachineOptions = {}): Machine {
  const { clock = new RealClock(), signal = new AbortController().signal } = options;
  const { env } = process;
  return {
    clock,
    random: options.random ?? new SystemRandom(),
    signal,
    notes: options.notes ?? silentNotes,
    progress: options.progress ?? silentProgress,
    identity: identityOf({ env }),
    env,
    cwd: process.cwd(),
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() as AsyncIterator<Buffer> },
    host: machineHost({
      env,
      homeDirectory: homeFolder(env),
      clock,
      signal,
      stdinIsTerminal: () => process.stdin.isTTY,
    }),
    version: __REMEDYCTL_VERSION__,
  };
}
