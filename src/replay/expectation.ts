import { parseDuration } from '../time/duration.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { ReplaySide } from '../retry/replay-side.ts';

/** What is to hold of every replay, as `attempts<=5` says it. */
export interface Expectation {
  text: string;
  holds: (side: ReplaySide) => boolean;
}

const comparison = /^(attempts|requests|total)(<=|>=|=|<|>)(.{1,40})$/;

/** `ok`, `error`, `attempts=3`, `requests<=6`, `total<2s`. @throws INVALID_OPTION */
export function parseExpectation(text: string): Expectation {
  if (text === 'ok' || text === 'error') return { text, holds: ({ result }) => result === text };
  const [, what, operator, value = ''] = comparison.exec(text) ?? [];
  const limit = what === 'total' ? parseDuration(value) : wholeNumber(value);
  const compare = comparisons.get(operator ?? '');
  if (limit === undefined || compare === undefined) {
    throw new RemedyError('INVALID_OPTION', `${optionName('expect')}: "${text}" cannot be checked`, {
      hint: 'for example ok, error, attempts=3, attempts<=5, requests<=6, total<2s',
    });
  }
  return { text, holds: (side) => compare(figureOf(side, what), limit) };
}

const comparisons: ReadonlyMap<string, (value: number, limit: number) => boolean> = new Map([
  ['=', (value: number, limit: number) => value === limit],
  ['<', (value: number, limit: number) => value < limit],
  ['<=', (value: number, limit: number) => value <= limit],
  ['>', (value: number, limit: number) => value > limit],
  ['>=', (value: number, limit: number) => value >= limit],
]);

function figureOf(side: ReplaySide, what: string | undefined): number {
  if (what === 'total') return Math.round((side.totalSeconds ?? 0) * 1e6) / 1e3;
  return what === 'requests' ? side.attempts.length : side.tries;
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** How often each held. */
export class ExpectationTally {
  readonly #counts: { expectation: Expectation; failed: number; first: string | undefined }[];

  constructor(expectations: readonly Expectation[]) {
    this.#counts = expectations.map((expectation) => ({ expectation, failed: 0, first: undefined }));
  }

  check(side: ReplaySide, of: string): void {
    for (const count of this.#counts) {
      if (count.expectation.holds(side)) continue;
      count.failed += 1;
      count.first ??= of;
    }
  }

  get allHold(): boolean {
    return this.#counts.every(({ failed }) => failed === 0);
  }

  results(): { expect: string; holds: boolean; failed: number; firstFailed?: string }[] {
    return this.#counts.map(({ expectation, failed, first }) => ({
      expect: expectation.text,
      holds: failed === 0,
      failed,
      ...(first === undefined ? {} : { firstFailed: first }),
    }));
  }
}
