/**
 * Text from alerts, clusters and files, made harmless for a terminal. Every character that could move the
 * cursor, change colours, reorder what is read, or hide is shown as a visible escape, so nothing is lost.
 * JSON and YAML never pass through here: they carry the text exactly.
 */

// C0, DEL, C1; line and paragraph separators; bidi controls; zero-width and other invisible format characters;
// tag characters; lone surrogates.
const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udfff]/g;

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line: controls and line ends become visible escapes such as `\x1b`, `\n` and `\u202e`. */
export function toTerminalText(text: string): string {
  return text.replace(unsafe, escapeCharacter);
}

/** As `toTerminalText`, but line ends stay: for messages of our own that quote text of others. */
export function toTerminalLines(text: string): string {
  return text.split(/\r?\n/).map(toTerminalText).join('\n');
}

function escapeCharacter(character: string): string {
  const known = named[character];
  if (known !== undefined) return known;
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint <= 0xff) return `\\x${codePoint.toString(16).padStart(2, '0')}`;
  if (codePoint <= 0xffff) return `\\u${codePoint.toString(16).padStart(4, '0')}`;
  return `\\u{${codePoint.toString(16)}}`;
}
