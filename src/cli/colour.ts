import { Chalk, type ChalkInstance } from 'chalk';
import type { OutputStream } from './runtime.ts';

export type ColourChoice = 'auto' | 'always' | 'never';

/**
 * Whether to colour what goes to `stream`: `--color` decides; `auto` follows NO_COLOR (set and not empty: no),
 * FORCE_COLOR (set: yes, unless 0 or false), TERM=dumb (no), then whether the stream is a terminal.
 */
export function isColoured(
  stream: OutputStream,
  choice: ColourChoice,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Chalk that colours, or one that leaves text as it is. */
export function createPaint(coloured: boolean): ChalkInstance {
  return new Chalk({ level: coloured ? 1 : 0 });
}
