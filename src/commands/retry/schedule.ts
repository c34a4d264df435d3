import path from 'node:path';
import { string as stringArg } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';
import { RemedyCommand } from '../../cli/base-command.ts';
import { writeNewFile } from '../../files/new-file.ts';
import { printDocument } from '../../cli/render/document.ts';
import { takesUtf8 } from '../../cli/charset.ts';
import { choosePolicies } from '../../retry/policy-choice.ts';
import { policyChange, policyFlags } from '../../cli/retry/policy-flags.ts';
import { beyondCreationLimits, checkFinite } from '../../retry/policy-notation.ts';
import {
  policySchedule,
  scheduleColumns,
  scheduleDocument,
  scheduleRows,
  totalLine,
} from '../../cli/retry/schedule-view.ts';
import type { PolicySchedule } from '../../cli/retry/schedule-view.ts';
import type { Session } from '../../cli/session.ts';
import { toTerminalText } from '../../cli/terminal-text.ts';

export default class RetrySchedule extends RemedyCommand {
  static override description =
    'Show every wait that a retry policy yields: its least, nominal and longest length, and when each attempt starts if every one fails at once. Several policies stand side by side.';

  static override examples = [
    '<%= config.bin %> retry schedule',
    '<%= config.bin %> retry schedule creation lock status plan',
    '<%= config.bin %> retry schedule creation --max-attempts 8 --max 2s',
    '<%= config.bin %> retry schedule kind=constant,maxAttempts=5,initial=1s,jitter=0.2 --svg waits.svg',
  ];

  static override args = {
    policies: stringArg({
      multiple: true,
      ignoreStdin: true,
      description: 'creation (default), lock, status, plan, key=value pairs, or a file of policies.',
    }),
  };

  static override flags = {
    ...policyFlags,
    'no-chart': boolean({ summary: 'Print the table alone.' }),
    svg: string({ helpValue: 'FILE', summary: 'Write the chart as SVG; a file that exists is kept.' }),
    force: boolean({ summary: 'Replace the SVG file.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(RetrySchedule);
    const session = await this.openSession(flags);
    const words = args.policies ?? ['creation'];
    const change = policyChange(flags) ?? ((policy) => policy);
    const chosen = (await Promise.all(words.map((word) => choosePolicies(word, session.runtime)))).flat();
    const choices = chosen.map(({ name, policy }) => checkFinite({ name, policy: change(policy) }));
    for (const problem of choices.flatMap(beyondCreationLimits)) {
      session.notices.warn(`signal ingest would not take this for the creation of requests: ${problem}`);
    }
    const schedules = choices.map(policySchedule);
    if (flags.svg !== undefined) await writeSvg(session, flags.svg, { schedules, force: flags.force });
    const { format, table } = session.render;
    const several = schedules.length > 1;
    await printDocument(
      session.output,
      {
        document: scheduleDocument(schedules),
        rows: scheduleRows(schedules),
        columns: scheduleColumns(several),
        name: ({ name, attempt }) => `${name}/${attempt}`,
        lines: schedules.map((schedule) => scheduleDocument([schedule])),
      },
      { format, table },
    );
    if (format.kind !== 'table' && format.kind !== 'wide') return;
    const totals = schedules.map((schedule) => `${toTerminalText(totalLine(schedule, several))}\n`).join('');
    await session.output.write(totals);
    if (!flags['no-chart']) await session.output.write(await chartOf(session, schedules));
  }
}

async function chartOf({ runtime, output }: Session, schedules: readonly PolicySchedule[]): Promise<string> {
  const { drawTimeline } = await import('../../cli/retry/timeline-text.ts');
  const style = { width: Math.min(output.columns ?? 80, 120), utf8: takesUtf8(runtime.env) };
  const chart = drawTimeline(schedules, style);
  return chart === '' ? '' : `\n${chart}`;
}

async function writeSvg(
  { runtime, notices }: Session,
  file: string,
  { schedules, force }: { schedules: readonly PolicySchedule[]; force: boolean },
): Promise<void> {
  const { drawSvg } = await import('../../cli/retry/schedule-svg.ts');
  const text = drawSvg(schedules, `Retries of ${schedules.map(({ name }) => name).join(', ')}`);
  if (text === '') {
    notices.warn(`nothing is written to ${file}: there are no waits to draw`);
    return;
  }
  await writeNewFile(path.resolve(runtime.cwd, file), text, {
    random: runtime.random,
    replace: force,
    option: 'svg',
  });
  notices.say(`wrote ${file}`);
}
