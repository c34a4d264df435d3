import { string as stringArg } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { connectToStates } from '../../cli/dedup/dedup-ground.ts';
import { printSignalStates } from '../../cli/dedup/print-signal-states.ts';
import { readState } from '../../dedup/read-state.ts';
import { StateReader } from '../../dedup/state-reader.ts';
import { chooseSubject } from '../../cli/dedup/subject-flags.ts';
import { nowFlag } from '../../cli/global-flags.ts';
import { printState } from '../../cli/render/dedup-print.ts';
import { decisionClock } from '../../cli/signal-input.ts';

export default class DedupShow extends RemedyCommand {
  static override description =
    'Say whether the next signal makes a new request, and if not, which one stands in its way, since when, until when and why. Then the history: every request of the fingerprint and why it counts or not, how often the signal was seen, and the lock. Nothing is written.';

  static override examples = [
    '<%= config.bin %> dedup show 91fce8d5c494',
    '<%= config.bin %> dedup show rr-91fce8d5c494-1c2b5576',
    '<%= config.bin %> dedup show Pod/checkout-7d9c5b6f48-x2x7k --resource-namespace shop',
    '<%= config.bin %> dedup show -f alert.json --now 2026-03-01T12:00:00Z',
  ];

  static override args = {
    about: stringArg({
      ignoreStdin: true,
      description:
        'A fingerprint or its first 8 digits or more, the name of a request, or KIND/NAME of a resource, which is resolved to its owner as a signal is.',
    }),
  };

  static override flags = {
    ...nowFlag,
    file: string({
      char: 'f',
      helpValue: 'FILE',
      summary: 'What would happen to each signal of this file; - is stdin.',
    }),
    resource: string({ helpValue: 'KIND/NAME', summary: 'A resource, in place of the argument.' }),
    'resource-namespace': string({
      helpValue: 'NAMESPACE',
      summary: 'The namespace of the resource (default: default; none for a cluster-scoped kind).',
    }),
    'resource-cluster-id': string({
      helpValue: 'ID',
      summary: 'The cluster that signals about the resource name, if they name one.',
    }),
  };

  async run(): Promise<number | undefined> {
    const { args, flags } = await this.parse(DedupShow);
    const session = await this.openSession(flags);
    const choice = chooseSubject(args.about, flags);
    const clock = decisionClock(this.runtime.clock, flags.now);
    const readsStdin = flags.file === '-';
    const ground = await connectToStates(session, { decisionClock: clock, readsStdin });
    const { client } = ground;
    try {
      if (choice.kind === 'file') return await printSignalStates(ground, choice.file);
      const state = await readState(new StateReader(ground), ground, choice);
      await printState(session, { state, target: client.target, nowMs: clock.now() });
      return undefined;
    } finally {
      await client.close();
    }
  }
}
