/**
 * Whether a text can stand in a header: what HTTP has no way to send would end as a failure of the client. As in Go
 * every character beyond ASCII can, see `wireHeaders`.
 */
export function isHeaderValue(text: string): boolean {
  return !/[^\t\P{ASCII}\x20-\x7e]|\p{Surrogate}/u.test(text);
}

/**
 * Headers as they are given to HTTP, for which each character is one byte: the UTF-8 of the text, which is what Go
 * writes. `jürgen` in Latin-1 would be somebody else to the server.
 */
export function wireHeaders(
  headers: Readonly<Record<string, string | string[]>>,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? wireText(value) : value.map(wireText),
    ]),
  );
}

/** A text's bytes in UTF-8, each as one character. */
export function wireText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
