/**
 * JSON without its long texts, for callers that read short fields of objects which carry whole webhooks: what
 * is never looked at is not made into strings and values either.
 */
const quote = 0x22;
const backslash = 0x5c;

/** The JSON in `bytes` with every string of more than `longestBytes` empty. What is no JSON stays none. */
export function withoutLongTexts(bytes: Buffer, longestBytes: number): string {
  if (bytes.length <= longestBytes) return bytes.toString('utf8');
  let text = '';
  let kept = 0;
  let opening = bytes.indexOf(quote);
  while (opening >= 0) {
    const closing = closingQuote(bytes, opening + 1);
    if (closing - opening - 1 > longestBytes) {
      text += bytes.toString('utf8', kept, opening + 1);
      kept = closing;
    }
    opening = bytes.indexOf(quote, closing + 1);
  }
  return text + bytes.toString('utf8', kept);
}

/** The end of the bytes where the string never closes. */
function closingQuote(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(quote, from); at >= 0; at = bytes.indexOf(quote, at + 1)) {
    let escapes = at;
    while (escapes > from && bytes[escapes - 1] === backslash) escapes -= 1;
    if ((at - escapes) % 2 === 0) return at;
  }
  return bytes.length;
}
