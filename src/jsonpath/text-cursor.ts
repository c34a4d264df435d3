/** What a backslash and one letter stand for in a quoted text of Go. */
const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
/** Characters by their number. */
const numbered = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})/y;

/** A position in a text, and the ways to move it on. */
export class TextCursor {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  atEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Whether an {end} stands right before here. */
  endsRange(): boolean {
    return /\{\s*end\s*\}$/.test(this.text.slice(0, this.position));
  }

  peek(): string {
    return this.text.charAt(this.position);
  }

  /** Moves over `token` if it stands here. */
  take(token: string): boolean {
    if (!this.text.startsWith(token, this.position)) return false;
    this.position += token.length;
    return true;
  }

  /** Moves over one character that is known to stand here. */
  expect(token: string): void {
    if (!this.take(token)) throw new Error(`expected ${token} at ${this.position}`);
  }

  /** Moves over `word` if it stands here as a whole word. */
  takeWord(word: string): boolean {
    const next = this.text.charAt(this.position + word.length);
    return !/[\w.]/.test(next) && this.take(word);
  }

  takeUntil(token: string): string {
    const found = this.text.indexOf(token, this.position);
    const end = found === -1 ? this.text.length : found;
    const taken = this.text.slice(this.position, end);
    this.position = end;
    return taken;
  }

  /** What a sticky expression matches here, if it does. */
  takeMatch(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.position;
    const match = sticky.exec(this.text);
    if (match === null) return undefined;
    this.position += match[0].length;
    return match;
  }

  skipBlanks(): void {
    while (/\s/.test(this.peek())) this.position += 1;
  }

  /** A name up to a character that `end` matches; a backslash takes the next character as it is. */
  takeField(end: RegExp): string {
    let name = '';
    while (!this.atEnd() && !end.test(this.peek())) {
      if (this.peek() === '\\') this.position += 1;
      name += this.peek();
      this.position += 1;
    }
    return name;
  }

  /** The text between quotes, with Go's escapes read; undefined where the quote is never closed or an escape is none. */
  takeQuoted(): string | undefined {
    const quote = this.peek();
    let text = '';
    for (this.position += 1; !this.atEnd(); this.position += 1) {
      const character = this.peek();
      if (character === quote) {
        this.position += 1;
        return text;
      }
      if (character === '\\') {
        this.position += 1;
        const escaped = this.#takeEscaped(quote);
        if (escaped === undefined) return undefined;
        text += escaped;
        this.position -= 1;
      } else text += character;
    }
    return undefined;
  }

  /** What stands after a backslash. */
  #takeEscaped(quote: string): string | undefined {
    const letter = this.peek();
    const single = letter === quote ? quote : escapes[letter];
    if (single !== undefined) {
      this.position += 1;
      return single;
    }
    const match = this.takeMatch(numbered);
    if (match === undefined) return undefined;
    const [, byte, short, long, octal] = match;
    const codePoint = octal === undefined ? parseInt(byte ?? short ?? long ?? '', 16) : parseInt(octal, 8);
    return isCharacter(codePoint) ? String.fromCodePoint(codePoint) : undefined;
  }
}

function isCharacter(codePoint: number): boolean {
  return codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
}
