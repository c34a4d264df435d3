import { Tokenizer, TokenParser } from '@streamparser/json';
import { nameByte, type TextFault } from './text-fault.ts';

/**
 * Finds the first place at which `bytes` stops being JSON, with a tokenising parser: JSON.parse, which reads
 * everything that is legal, names no position. Fed byte by byte, as a token's end is not where it went wrong.
 * Undefined when the parser takes all of it for the beginning of a value.
 */
export function findJsonFault(bytes: Buffer): TextFault | undefined {
  const tokenizer = new Tokenizer();
  const parser = new TokenParser({ paths: ['$.none'], keepStack: false });
  parser.onValue = () => undefined;
  let refused: number | undefined;
  tokenizer.onToken = (token) => {
    try {
      parser.write(token);
    } catch {
      refused ??= token.offset;
    }
  };
  for (let at = 0; at < bytes.length; at += 1) {
    try {
      tokenizer.write(bytes.subarray(at, at + 1));
    } catch {
      refused ??= at;
    }
    if (refused !== undefined) return { offset: refused, message: `unexpected ${nameByte(bytes, refused)}` };
  }
  return undefined;
}
