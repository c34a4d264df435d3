import { boolean, option, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { momentOf } from '../../cli/dedup/age-flag.ts';
import { connectToStates } from '../../cli/dedup/dedup-ground.ts';
import { printStateList } from '../../cli/dedup/print-state-list.ts';
import { printStateChanges } from '../../cli/dedup/print-state-changes.ts';
import { nowFlag } from '../../cli/global-flags.ts';
import { preferLittleMemory } from '../../cli/memory.ts';
import { decisionClock } from '../../cli/signal-input.ts';
import { sayUnsorted } from '../../cli/unsorted-watch.ts';
import { stateNames } from '../../dedup/deduplication-state.ts';
import type { StateFilter } from '../../dedup/state-filter.ts';
import { stateOrders } from '../../dedup/state-order.ts';

const filterGroup = 'FILTER';

export default class DedupList extends RemedyCommand {
  static override description =
    'List every fingerprint with what would become of its next signal: open, active, suppressed or manualReview. Open: it makes a new request; suppressed: a backoff is not over. --watch goes on with every change, also those that time alone makes, until it is stopped.';

  static override examples = [
    '<%= config.bin %> dedup list',
    '<%= config.bin %> dedup list --state manualReview --sort-by firstSeenAt',
    '<%= config.bin %> dedup list --resource-namespace shop --kind Deployment --since 24h',
    '<%= config.bin %> dedup list --watch -o jsonl',
  ];

  static override flags = {
    ...nowFlag,
    state: option({
      options: stateNames,
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Only fingerprints in this state; may be given several times.',
    })(),
    phase: string({
      helpGroup: filterGroup,
      helpValue: 'PHASE',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Only those with a request in this phase; may be given several times.',
    }),
    'resource-namespace': string({
      helpGroup: filterGroup,
      helpValue: 'NAMESPACE',
      summary: 'Only those of resources in this namespace; empty: cluster-scoped ones.',
    }),
    kind: string({
      helpGroup: filterGroup,
      helpValue: 'KIND',
      summary: 'Only those of resources of this kind.',
    }),
    since: string({
      helpGroup: filterGroup,
      helpValue: 'AGE',
      summary: 'Only those last seen within this age (90m, 7d) or since a time.',
    }),
    'older-than': string({
      helpGroup: filterGroup,
      helpValue: 'AGE',
      summary: 'Only those last seen longer ago than this age, or before a time.',
    }),
    'sort-by': option({
      options: stateOrders,
      summary: 'What to sort by: newest and most frequent first (default lastSeenAt).',
    })(),
    watch: boolean({ char: 'w', summary: 'Go on with every change.' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(DedupList);
    const session = await this.openSession(flags);
    const clock = decisionClock(this.runtime.clock, flags.now);
    const nowMs = clock.now();
    const filter: StateFilter = {
      states: flags.state,
      phases: flags.phase,
      namespace: flags['resource-namespace'],
      kind: flags.kind,
      sinceMs: momentOf('since', flags.since, nowMs),
      beforeMs: momentOf('older-than', flags['older-than'], nowMs),
    };
    preferLittleMemory();
    const ground = await connectToStates(session, { decisionClock: clock });
    try {
      if (flags.watch) {
        sayUnsorted(session, flags['sort-by']);
        await printStateChanges(ground, filter);
      } else {
        await printStateList(ground, { filter, order: flags['sort-by'] ?? 'lastSeenAt' });
      }
    } finally {
      await ground.client.close();
    }
  }
}
