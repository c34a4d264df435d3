import type { HelpRow } from './page.ts';

/** The values of `-o`, for `help formats` and docs/machine-output.md. */
export const outputFormats: readonly HelpRow[] = [
  {
    name: 'table',
    text: 'For people, as wide as the terminal; what stands under it says what to do next. The default.',
  },
  { name: 'wide', text: 'The same with every column.' },
  {
    name: 'json',
    text: 'One document: items, then `summary`; an error that ends the run stands in its `error`.',
  },
  { name: 'jsonl', text: 'One item a line as soon as it is finished, and `{"summary":…}` last.' },
  { name: 'yaml', text: 'The document of json as YAML.' },
  { name: 'name', text: 'One name a line.' },
  { name: 'jsonpath=TEMPLATE', text: "kubectl's template language over the whole document." },
  { name: 'custom-columns=HEADER:PATH,…', text: 'One row an item, `<none>` where a path finds nothing.' },
];
