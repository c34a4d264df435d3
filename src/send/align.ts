/**
 * Which result of a 207 is of which alert. Results keep the order of the alerts, leave some out and name none: what is
 * certain is what holds in every way in which the results could have come about.
 */

/** What may be a result's: what its alert would be answered with, or nothing where that is not known. */
export interface ExpectedResult {
  /** The fingerprint that the gateway has for the alert; absent where it cannot be foretold. */
  fingerprint?: string | undefined;
  /** As its rejections name the resource. */
  resourceText?: string | undefined;
  /** It is expected to be left out; it can have no result then. */
  isDropped?: boolean | undefined;
}

/** A result as far as it tells whose it is. */
export interface GivenResult {
  fingerprint?: string | undefined;
  text: string;
}

/** For each alert the place of its result, `dropped` where it has none for certain, `unknown` where several hold. */
export type Alignment = number | 'dropped' | 'unknown';

/**
 * Aligns results with alerts. As many results as alerts: nothing was left out, and they are aligned by their places
 * alone. Fewer: by what is expected of each alert; where nothing that is expected can have led to these results, every
 * alert is `unknown`.
 */
export function align(expected: readonly ExpectedResult[], given: readonly GivenResult[]): Alignment[] {
  if (given.length === expected.length) return expected.map((_, place) => place);
  const fromStart = reachable(expected, given);
  const fromEnd = reachable([...expected].reverse(), [...given].reverse());
  const before = (alert: number, result: number): boolean => fromStart[alert]?.[result] === true;
  const after = (alert: number, result: number): boolean =>
    fromEnd[expected.length - alert]?.[given.length - result] === true;
  return expected.map((one, alert) => {
    const ways: Alignment[] = [];
    for (let result = 0; result <= given.length; result += 1) {
      if (!before(alert, result)) continue;
      const next = given[result];
      // whatever was foretold, its object may have gone by then
      if (after(alert + 1, result)) ways.push('dropped');
      if (next !== undefined && mayBe(one, next) && after(alert + 1, result + 1)) ways.push(result);
    }
    const [first, ...others] = [...new Set(ways)];
    return first === undefined || others.length > 0 ? 'unknown' : first;
  });
}

/** `table[a][r]`: the first `a` alerts can have led to exactly the first `r` results. */
function reachable(expected: readonly ExpectedResult[], given: readonly GivenResult[]): boolean[][] {
  const table = [given.map((_, result) => result === 0).concat(given.length === 0)];
  for (const [alert, one] of expected.entries()) {
    const earlier = table[alert] ?? [];
    table.push(
      Array.from({ length: given.length + 1 }, (_, results) => {
        const last = given[results - 1];
        const isResult = last !== undefined && earlier[results - 1] === true && mayBe(one, last);
        return isResult || earlier[results] === true;
      }),
    );
  }
  return table;
}

function mayBe(
  { fingerprint, resourceText, isDropped }: ExpectedResult,
  { fingerprint: given, text }: GivenResult,
): boolean {
  if (isDropped === true) return false;
  if (given !== undefined) return fingerprint === undefined || fingerprint === given;
  return resourceText === undefined || text.includes(` ${resourceText} `);
}
