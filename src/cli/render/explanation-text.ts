import type { ChalkInstance } from 'chalk';
import type { Explanation, ExplainedOutcome, StageOutcome } from '../../explain/explanation.ts';
import { toTerminalText } from '../terminal-text.ts';
import { factLines } from './explanation-lines.ts';
import { signalName, signalTarget, sourceText } from './ingest-columns.ts';
import { wrapText } from './wrapped-text.ts';

export interface TextStyle {
  paint: ChalkInstance;
  /** Columns to keep within; undefined (pipes, wide) wraps nothing. */
  maxWidth: number | undefined;
}

type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'gray';

const stageColours: Readonly<Record<StageOutcome, Colour>> = { ok: 'green', warn: 'yellow', stop: 'red' };
const outcomeColours: Readonly<Record<ExplainedOutcome, Colour>> = {
  wouldCreate: 'green',
  wouldDuplicate: 'cyan',
  wouldWait: 'yellow',
  skipped: 'gray',
  rejected: 'yellow',
  failed: 'red',
};

const outcomeTexts: Readonly<Record<ExplainedOutcome, string>> = {
  wouldCreate: 'it would make a new RemediationRequest',
  wouldDuplicate: 'it would be counted as a duplicate',
  wouldWait: 'it would wait for the lock in vain',
  skipped: 'it is skipped: there is nothing to do for it',
  rejected: 'it is rejected',
  failed: 'it cannot be told',
};

/** One signal's explanation for a terminal: a stage a paragraph, then what comes of it. Everything in it is safe. */
export function explanationText(explanation: Explanation, style: TextStyle): string {
  const { paint } = style;
  const parts = [paint.bold(toTerminalText(titleOf(explanation)))];
  for (const stage of explanation.stages) {
    const head = `${paint.bold(stage.stage)}: ${paint[stageColours[stage.outcome]](stage.outcome)}`;
    parts.push(
      [
        head,
        ...indented(stage.reason, style, '  '),
        ...factLines(stage).flatMap((line) => indented(line, style, '    ')),
      ].join('\n'),
    );
  }
  parts.push(endText(explanation, style));
  return `${parts.join('\n\n')}\n`;
}

/** Where the signal stands, and which one it is where no stage came to say it. */
function titleOf({ source, about, fingerprint = '' }: Explanation): string {
  if (source === undefined) return fingerprint;
  const [name, target] = [signalName({ about }), signalTarget({ about })];
  const named = [name, target].filter((part) => part !== undefined && part !== '').join(' of ');
  return `${sourceText(source)}${named === '' ? '' : `: ${named}`}`;
}

function endText(explanation: Explanation, style: TextStyle): string {
  const { paint } = style;
  const { outcome, notRun, alsoStops, wouldChangeIf, command, reason } = explanation;
  const code = reason === undefined ? '' : ` (${reason.code})`;
  const lines = [
    `${paint.bold('outcome')}: ${paint[outcomeColours[outcome]](outcome)}`,
    ...indented(`${outcomeTexts[outcome]}${code}`, style, '  '),
  ];
  if (notRun.length > 0) lines.push(...indented(`not run: ${notRun.join(', ')}`, style, '  '));
  lines.push(...section('would also stop it', alsoStops, style));
  lines.push(...section('it would change', wouldChangeIf, style));
  // A command is never wrapped: it is there to be copied.
  if (command !== undefined) {
    lines.push('', `${paint.bold('for real')}:`, `  ${toTerminalText(command)}`);
  }
  return lines.join('\n');
}

function section(title: string, texts: readonly string[], style: TextStyle): string[] {
  if (texts.length === 0) return [];
  const items = texts.flatMap((text) => indented(text, style, '  - ', '    '));
  return ['', `${style.paint.bold(title)}:`, ...items];
}

function indented(text: string, { maxWidth }: TextStyle, first: string, rest = first): string[] {
  const width = maxWidth === undefined ? undefined : maxWidth - first.length;
  return wrapText(toTerminalText(text), width).map((line, index) => (index === 0 ? first : rest) + line);
}
