import { escapeHidden } from '../text/hidden-characters.ts';

/**
 * Text from alerts, clusters and files, made harmless for a terminal. Every character that could move the
 * cursor, change colours, reorder what is read, or hide is shown as a visible escape, so nothing is lost.
 * JSON and YAML never pass through here: `text/exact-json.ts` and its neighbour
 * escape the same characters in a way that is read back.
 */

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line: controls and line ends become visible escapes such as `\x1b`, `\n` and `\u202e`. */
export function toTerminalText(text: string): string {
  return escapeHidden(text, escapeCharacter);
}

/** As `toTerminalText`, but line ends stay: for messages of our own that quote text of others. */
export function toTerminalLines(text: string): string {
  return text.split(/\r?\n/).map(toTerminalText).join('\n');
}

/** What a template or a name gives, for a terminal: line ends and tabs stay, since columns are made of them. */
export function toTerminalOutput(text: string): string {
  return escapeHidden(text, (character) =>
    character === '\n' || character === '\t' ? character : escapeCharacter(character),
  );
}

function escapeCharacter(character: string): string {
  const known = named[character];
  if (known !== undefined) return known;
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint <= 0xff) return `\\x${codePoint.toString(16).padStart(2, '0')}`;
  if (codePoint <= 0xffff) return `\\u${codePoint.toString(16).padStart(4, '0')}`;
  return `\\u{${codePoint.toString(16)}}`;
}
