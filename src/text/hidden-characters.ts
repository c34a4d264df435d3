/**
 * Characters that must not reach a terminal as they are: those that move the cursor, change colours, reorder what is
 * read, or hide. Everything that prints text of others escapes the same ones.
 *
 * C0, DEL, C1; soft hyphen and other characters without a shape; bidi controls; line and paragraph separators;
 * zero-width and invisible format characters, those of shorthand, music and hieroglyphs among them; variation selectors
 * but the one of emoji; specials and noncharacters; tags; lone surrogates.
 */
const hidden =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f' +
  '\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufdd0-\\ufdef\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff0-\\ufffb\\ufffe\\uffff' +
  '\\u{13430}-\\u{1343f}\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}\\p{Surrogate}';

/** Replaces each of them. Text without any, which is most, comes back as it is. */
export function escapeHidden(text: string, escape: (character: string) => string): string {
  return text.replace(everyHidden, escape);
}

/** Whether there is any of them in it; line ends and tabs are some. */
export function hasHidden(text: string): boolean {
  return anyHidden.test(text);
}

const everyHidden = new RegExp(`[${hidden}]`, 'gu');
const anyHidden = new RegExp(`[${hidden}]`, 'u');

/** A code unit as JSON, YAML and JavaScript escape it. */
export function unitEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
