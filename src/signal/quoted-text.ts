const maxCharacters = 60;

/** Text from outside for a sentence of ours: in JSON quotes, and cut where it is long. */
export function quoteText(text: string): string {
  return JSON.stringify(shortenText(text));
}

/** The same without quotes, for a key in the path of a field. */
export function shortenText(text: string): string {
  return text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text;
}
