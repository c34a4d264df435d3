import { string as stringArg } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { wrapText } from '../../cli/render/wrapped-text.ts';
import { printDocument } from '../../cli/render/document.ts';
import { comparisonColumns, foundLines, noteLines } from '../../cli/retry/comparison-text.ts';
import { comparePolicies, findPolicies, parseOutageLengths } from '../../replay/comparison.ts';
import type { ComparisonItem, ComparisonSettings, FoundPolicies } from '../../replay/comparison.ts';
import { durationOf, parseFailure, withRetryAfter } from '../../replay/outage-notation.ts';
import { choosePolicies } from '../../retry/policy-choice.ts';
import { policyChange, policyFlags, wholeNumber } from '../../cli/retry/policy-flags.ts';
import { checkFinite, policyNames } from '../../retry/policy-notation.ts';
import { asInterrupted } from '../../cli/stop-request.ts';
import type { Session } from '../../cli/session.ts';
import { toTerminalText } from '../../cli/terminal-text.ts';
import { counted } from '../../text/count.ts';

export default class RetryCompare extends RemedyCommand {
  static override description =
    'Show which retry policies survive outages of which length, and at what cost: the share of runs that succeed, and the requests and the time that they take. An outage begins with the first attempt. A failure that is not retried in production ends at the first attempt here too.';

  static override examples = [
    '<%= config.bin %> retry compare',
    '<%= config.bin %> retry compare creation creation,maxAttempts=6 --outage 1s,4s,10s',
    '<%= config.bin %> retry compare creation lock --outage 4s --find',
  ];

  static override args = {
    policies: stringArg({
      multiple: true,
      ignoreStdin: true,
      description: 'As of retry schedule; default: creation, lock, status and plan.',
    }),
  };

  static override flags = {
    ...policyFlags,
    outage: string({
      helpValue: 'LENGTH',
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Lengths of outages, as 1s,4s,10s or 0s..4s (default 100ms to 1m).',
    }),
    failure: string({
      helpValue: 'FAILURE',
      default: '503',
      summary: 'What the server fails with: a status, an errno or a text.',
    }),
    'retry-after': string({ helpValue: 'DURATION', summary: 'The Retry-After of its failures.' }),
    latency: string({ helpValue: 'DURATION', default: '0s', summary: 'How long an answer takes.' }),
    runs: string({ helpValue: 'N', default: '200', summary: 'Runs of each policy against each outage.' }),
    seed: string({ helpValue: 'S', default: '1', summary: 'The same seed gives the same table.' }),
    find: boolean({
      summary: 'Also say with how many attempts at least the policies survive each outage for certain.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RetryCompare);
    const session = await this.openSession(flags);
    const words = args.policies ?? [...policyNames];
    const change = policyChange(flags) ?? ((policy) => policy);
    const chosen = (await Promise.all(words.map((word) => choosePolicies(word, session.runtime)))).flat();
    const retryAfter = flags['retry-after'];
    if (retryAfter !== undefined) durationOf('retryAfter', retryAfter);
    const settings = {
      policies: chosen.map(({ name, policy }) => checkFinite({ name, policy: change(policy) })),
      outagesMs: parseOutageLengths(flags.outage ?? []),
      failure: withRetryAfter(parseFailure(flags.failure), retryAfter),
      latencyMs: durationOf('latency', flags.latency),
      runs: wholeNumber('runs', flags.runs, { min: 1, max: 100_000 }),
      seed: wholeNumber('seed', flags.seed, { min: 0, max: 4_294_967_295 }),
    };
    await printComparison(session, settings, flags.find);
  }
}

async function printComparison(session: Session, settings: ComparisonSettings, find: boolean): Promise<void> {
  const { render, runtime, notices, progress } = session;
  const all = counted(settings.policies.length * settings.outagesMs.length, 'comparison');
  let done: readonly ComparisonItem[] = [];
  const watched = {
    ...settings,
    signal: runtime.signal,
    onDone: (items: readonly ComparisonItem[]) => {
      done = items;
      progress.update(() => `${done.length} of ${all}`);
    },
  };
  progress.start(`comparing, ${counted(settings.runs, 'run')} each`);
  try {
    const items = await comparePolicies(watched);
    const found = find ? await findPolicies(watched) : undefined;
    progress.stop();
    await print(session, settings, { items, found });
  } catch (thrown) {
    progress.stop();
    if (runtime.signal.aborted) {
      const isShown = isTable(render.format) && done.length > 0;
      notices.say(`${done.length} of ${all} were done${isShown ? '' : '; nothing was printed'}`);
      if (isShown) await print(session, settings, { items: done, found: undefined });
    }
    throw asInterrupted(thrown);
  }
}

async function print(
  { output, render }: Session,
  { runs, seed, latencyMs }: ComparisonSettings,
  { items, found }: { items: readonly ComparisonItem[]; found: FoundPolicies[] | undefined },
): Promise<void> {
  const tail = found === undefined ? {} : { found };
  const head = { apiVersion: 'remedyctl.dev/v1', kind: 'RetryComparison' };
  await printDocument(
    output,
    {
      document: { ...head, runs, seed, latencySeconds: latencyMs / 1_000, items, ...tail },
      rows: items,
      columns: comparisonColumns,
      name: ({ policy, outageSeconds }) => `${String(policy['name'])}/${outageSeconds}s`,
      lines: [...items, ...(found === undefined ? [] : [tail])],
    },
    render,
  );
  if (!isTable(render.format)) return;
  const lines = [...noteLines(items), ...foundLines(found ?? [])].flatMap((line) =>
    wrapText(toTerminalText(line), render.format.kind === 'wide' ? undefined : render.table.maxWidth),
  );
  if (lines.length > 0) await output.write(`\n${lines.join('\n')}\n`);
}

function isTable({ kind }: Session['render']['format']): boolean {
  return kind === 'table' || kind === 'wide';
}
