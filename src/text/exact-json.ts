import { escapeHidden, unitEscape } from './hidden-characters.ts';

/**
 * As `JSON.stringify`, of a value that JSON has, and harmless on a terminal: hidden characters stand as escapes, in names
 * of fields too, so that a reader gets exactly what was printed. Outside of strings JSON has none but its own line ends.
 */
export function exactJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  return escapeHidden(text, (character) =>
    // as two escapes where it takes two code units
    character === '\n' ? character : character.split('').map(unitEscape).join(''),
  );
}
