import { optionName } from '../errors/option-name.ts';
import type { DocumentStream, StreamOptions } from './document-stream.ts';
import { isJsonSpace } from './json-value-scanner.ts';
import { isJsonBehindText } from './json-behind-text.ts';
import { JsonStream } from './json-stream.ts';
import { startsWithMark } from './byte-order-mark.ts';
import type { OpenInput } from './open-input.ts';

/** `json` and `ndjson` are one reader: a sequence of JSON values. */
export type FormatChoice = 'auto' | 'json' | 'ndjson' | 'yaml';

const yamlName = /\.ya?ml(\.gz)?$/i;
const jsonName = /\.(json|jsonl|ndjson)(\.gz)?$/i;
const jsonStarts = new Set(['{', '[', '"'].map((character) => character.charCodeAt(0)));

/**
 * The stream of documents for an input whose head was read: JSON by name or by its first character, where lines of text
 * are taken up also by JSON behind some, else YAML.
 */
export async function openStream(
  input: OpenInput,
  choice: FormatChoice,
  options: StreamOptions,
): Promise<DocumentStream> {
  if (choice === 'json' || choice === 'ndjson') return new JsonStream(input.window, options);
  if (choice === 'auto') {
    if (jsonName.test(input.name)) return new JsonStream(input.window, options);
    if ((await startsAsJson(input, options.maxDocumentBytes)) || (await isLog(input, options))) {
      return new JsonStream(input.window, {
        ...options,
        hint: `If this is YAML, say so with ${optionName('format')} yaml.`,
      });
    }
  }
  const { YamlStream } = await import('./yaml-stream.ts');
  return new YamlStream(input.window, options);
}

async function isLog(input: OpenInput, { text }: StreamOptions): Promise<boolean> {
  return text !== undefined && !yamlName.test(input.name) && isJsonBehindText(input);
}

async function startsAsJson(input: OpenInput, maxDocumentBytes: number): Promise<boolean> {
  const { window } = input;
  for (;;) {
    let at = startsWithMark(window) ? window.start + 3 : window.start;
    while (at < window.end && isJsonSpace(window.bytes[at])) at += 1;
    if (at < window.end) return jsonStarts.has(window.bytes[at] ?? 0);
    // Blank beyond reason: the JSON stream passes over it without holding it.
    if (input.ended || window.length > maxDocumentBytes) return true;
    await input.fill();
  }
}
