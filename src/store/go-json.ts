/**
 * What JSON.parse does not tell: syntax errors in the words of Go's encoding/json, and keys that are repeated.
 * A scan in JavaScript, for the rare body that needs it.
 */
export interface JsonScan {
  error?: string;
  /** Dotted paths. */
  repeated: string[];
}

export function scanJson(text: string): JsonScan {
  const scanner = new JsonScanner(text);
  try {
    scanner.document();
    return { repeated: scanner.repeated };
  } catch (error) {
    if (error instanceof SyntaxProblem) return { error: error.message, repeated: [] };
    throw error;
  }
}

class SyntaxProblem extends Error {}

/** Go allows ten times that, which would be the end of our stack. No object that anybody means is as deep. */
const deepest = 1_000;

export const tooDeep = 'exceeded max depth';

/** Whether it is nested deeper than can be read; of text that is no JSON, anything. */
export function isTooDeep(text: string): boolean {
  if (text.length <= deepest) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) at = endOfString(text, at);
    else if (char === openBrace || char === openBracket) depth += 1;
    else if (char === closeBrace || char === closeBracket) depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

const [quote, backslash] = [0x22, 0x5c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Where the string that begins at `start` ends. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1;
  return at;
}

class JsonScanner {
  readonly repeated: string[] = [];
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value('');
    this.#space();
    if (this.#at < this.#text.length) this.#fail('after top-level value');
  }

  #value(path: string): void {
    this.#space();
    const char = this.#text.charAt(this.#at);
    if (char === '{')
      this.#nested(() => {
        this.#object(path);
      });
    else if (char === '[')
      this.#nested(() => {
        this.#array(path);
      });
    else if (char === '"') this.#string();
    else if (char === '-' || isDigit(char)) this.#number();
    else this.#literal(char);
  }

  #nested(read: () => void): void {
    this.#depth += 1;
    if (this.#depth > deepest) throw new SyntaxProblem(tooDeep);
    this.#at += 1;
    read();
    this.#at += 1;
    this.#depth -= 1;
  }

  #object(path: string): void {
    const seen = new Set<string>();
    this.#space();
    if (this.#text.charAt(this.#at) === '}') return;
    for (;;) {
      this.#space();
      if (this.#text.charAt(this.#at) !== '"') this.#fail('looking for beginning of object key string');
      const key = this.#string();
      const here = path === '' ? key : `${path}.${key}`;
      if (seen.has(key)) this.repeated.push(here);
      seen.add(key);
      this.#space();
      if (this.#text.charAt(this.#at) !== ':') this.#fail('after object key');
      this.#at += 1;
      this.#value(here);
      this.#space();
      if (this.#text.charAt(this.#at) === '}') return;
      if (this.#text.charAt(this.#at) !== ',') this.#fail('after object key:value pair');
      this.#at += 1;
    }
  }

  #array(path: string): void {
    this.#space();
    if (this.#text.charAt(this.#at) === ']') return;
    for (let index = 0; ; index += 1) {
      this.#value(`${path}[${index}]`);
      this.#space();
      if (this.#text.charAt(this.#at) === ']') return;
      if (this.#text.charAt(this.#at) !== ',') this.#fail('after array element');
      this.#at += 1;
    }
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    for (;;) {
      const char = this.#text.charAt(this.#at);
      if (char === '"') break;
      if (char === '' || char < ' ') this.#fail('in string literal');
      this.#at += 1;
      if (char === '\\') this.#escape();
    }
    this.#at += 1;
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #escape(): void {
    const char = this.#text.charAt(this.#at);
    if (char === '' || !'"\\/bfnrtu'.includes(char)) this.#fail('in string escape code');
    this.#at += 1;
    if (char !== 'u') return;
    for (let digit = 0; digit < 4; digit += 1) {
      if (!/[0-9a-fA-F]/.test(this.#text.charAt(this.#at))) this.#fail('in \\u hexadecimal character escape');
      this.#at += 1;
    }
  }

  #number(): void {
    if (this.#text.charAt(this.#at) === '-') this.#at += 1;
    if (this.#text.charAt(this.#at) === '0') this.#at += 1;
    else this.#digits('in numeric literal');
    if (this.#text.charAt(this.#at) === '.') {
      this.#at += 1;
      this.#digits('after decimal point in numeric literal');
    }
    if ('eE'.includes(this.#text.charAt(this.#at) || ' ')) {
      this.#at += 1;
      if ('+-'.includes(this.#text.charAt(this.#at) || ' ')) this.#at += 1;
      this.#digits('in exponent of numeric literal');
    }
  }

  #digits(where: string): void {
    if (!isDigit(this.#text.charAt(this.#at))) this.#fail(where);
    while (isDigit(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #literal(first: string): void {
    const word = ['true', 'false', 'null'].find((one) => one.startsWith(first));
    if (first === '' || word === undefined) return this.#fail('looking for beginning of value');
    for (const expected of word) {
      if (this.#text.charAt(this.#at) !== expected)
        this.#fail(`in literal ${word} (expecting '${expected}')`);
      this.#at += 1;
    }
  }

  #space(): void {
    while (' \t\r\n'.includes(this.#text.charAt(this.#at) || 'x')) this.#at += 1;
  }

  #fail(where: string): never {
    const char = this.#text.charAt(this.#at);
    if (char === '') throw new SyntaxProblem('unexpected end of JSON input');
    throw new SyntaxProblem(`invalid character ${quoted(char)} ${where}`);
  }
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9' && char !== '';
}

/** As Go names a character in its errors. */
function quoted(char: string): string {
  if (char === "'") return `'\\''`;
  if (char === '"') return `'"'`;
  return `'${JSON.stringify(char).slice(1, -1)}'`;
}
