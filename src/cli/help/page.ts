/** A page of help before it is laid out: as text of some width for a terminal, or as a manual page. */
export interface HelpPage {
  /** What stands at the top, without a heading. */
  readonly opening?: readonly string[];
  readonly sections: readonly HelpSection[];
}

export interface HelpSection {
  readonly title: string;
  readonly blocks: readonly HelpBlock[];
}

/** A paragraph; a table of names and what they mean; or lines that are not to be wrapped, to be copied. */
export type HelpBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'rows'; readonly rows: readonly HelpRow[] }
  | { readonly kind: 'lines'; readonly lines: readonly string[] };

export interface HelpRow {
  readonly name: string;
  readonly text: string;
}

export function paragraph(text: string): HelpBlock {
  return { kind: 'paragraph', text };
}

export function rows(all: readonly HelpRow[]): HelpBlock {
  return { kind: 'rows', rows: all };
}

export function lines(all: readonly string[]): HelpBlock {
  return { kind: 'lines', lines: all };
}
