/** Nothing, or nothing but what Unicode calls white space (U+0085 is; U+FEFF and U+200B are not). */
export function isBlank(text: string): boolean {
  return !visible.test(text);
}

/** A character that is no white space. */
export const visible = /\P{White_Space}/u;
