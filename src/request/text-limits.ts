/** The longest beginning of `text` that is at most `maxBytes` of UTF-8, cut between characters. */
export function cutToBytes(text: string, maxBytes: number): string {
  const wellFormed = replaceLoneSurrogates(text);
  if (Buffer.byteLength(wellFormed) <= maxBytes) return wellFormed;
  const bytes = Buffer.from(wellFormed);
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** Characters as the API server's schema counts them: code points. */
export function characterCount(text: string): number {
  return Array.from(text).length;
}

function replaceLoneSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
