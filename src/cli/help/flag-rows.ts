import { valueIsOptional } from '../global-flags.ts';
import type { HelpRow } from './page.ts';

/** What help reads of a flag of oclif. */
export interface DescribedFlag {
  readonly type: 'option' | 'boolean';
  readonly char?: string | undefined;
  readonly summary?: string | undefined;
  readonly description?: string | undefined;
  readonly helpValue?: string | undefined;
  readonly helpGroup?: string | undefined;
  readonly options?: readonly string[] | undefined;
  readonly multiple?: boolean | undefined;
  readonly required?: boolean | undefined;
  readonly hidden?: boolean | undefined;
  readonly default?: unknown;
}

export type DescribedFlags = Readonly<Record<string, DescribedFlag>>;

const longestChoices = 30;

/** Flags with what they mean: those that must be given first, then by name. Names without a letter are set in. */
export function flagRows(flags: DescribedFlags): HelpRow[] {
  const shown = Object.entries(flags)
    .filter(([, { hidden }]) => hidden !== true)
    .sort(([a, one], [b, other]) => rank(one) - rank(other) || (a < b ? -1 : 1));
  const inset = shown.some(([, { char }]) => char !== undefined) ? '    ' : '';
  return shown.map(([name, flag]) => ({
    name: `${flag.char === undefined ? inset : `-${flag.char}, `}--${name}${valueOf(name, flag)}`,
    text: textOf(flag),
  }));
}

function rank({ required, char }: DescribedFlag): number {
  if (required === true) return 0;
  return char === undefined ? 2 : 1;
}

function valueOf(name: string, flag: DescribedFlag): string {
  if (flag.type === 'boolean') return '';
  const value = flag.helpValue ?? shortChoices(flag) ?? 'VALUE';
  if (valueIsOptional(name)) return `[=${value}]`;
  return `=${value}${flag.multiple === true ? '…' : ''}`;
}

function shortChoices({ options }: DescribedFlag): string | undefined {
  const choices = options?.join('|');
  return choices !== undefined && choices.length <= longestChoices ? choices : undefined;
}

function textOf(flag: DescribedFlag): string {
  const { summary = flag.description ?? '', options, required, default: value } = flag;
  const choices =
    options !== undefined && (flag.helpValue !== undefined || shortChoices(flag) === undefined)
      ? ` One of ${options.join(', ')}.`
      : '';
  const standard = typeof value === 'string' || typeof value === 'number' ? ` Default: ${value}.` : '';
  return `${required === true ? 'Required. ' : ''}${summary}${choices}${standard}`
    .replaceAll('  ', ' ')
    .trim();
}
