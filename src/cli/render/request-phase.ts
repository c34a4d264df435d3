import type { ChalkInstance } from 'chalk';

type Colour = 'green' | 'red' | 'yellow' | 'gray';

const colours = new Map<string, Colour>([
  ['Completed', 'green'],
  ['Failed', 'red'],
  ['TimedOut', 'red'],
  ['Skipped', 'gray'],
  ['Cancelled', 'gray'],
  ['Blocked', 'yellow'],
  ['AwaitingApproval', 'yellow'],
]);

/** What waits for a human is magenta, what waits otherwise yellow, what is under way (or unknown) cyan. */
export function paintPhase(
  paint: ChalkInstance,
  { phase = '', outcome }: { phase?: string | undefined; outcome?: string | undefined },
  text: string,
): string {
  if (outcome === 'ManualReviewRequired') return paint.magenta(text);
  return paint[colours.get(phase) ?? 'cyan'](text);
}
