/** The content of a note, put together piece by piece. */
export class NoteBuilder {
  #text: string;

  constructor(initial = '') {
    this.#text = initial;
  }

  /** In place of everything so far. */
  content(text: string): this {
    this.#text = text;
    return this;
  }

  /** One more line. */
  line(text: string): this {
    if (this.#text !== '') this.#text += '\n';
    this.#text += text;
    return this;
  }

  /** One more section: an empty line, `## title`, the text. */
  section(title: string, text: string): this {
    if (this.#text !== '') this.#text += '\n\n';
    this.#text += `## ${title}\n${text}`;
    return this;
  }

  toString(): string {
    return this.#text;
  }
}
