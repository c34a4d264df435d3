import type { DocumentStream, StreamOptions } from './document-stream.ts';
import { isJsonSpace } from './json-value-scanner.ts';
import { JsonStream } from './json-stream.ts';
import { startsWithMark } from './byte-order-mark.ts';
import type { OpenInput } from './open-input.ts';

/** `json` and `ndjson` are one reader: a sequence of JSON values. */
export type FormatChoice = 'auto' | 'json' | 'ndjson' | 'yaml';

const jsonName = /\.(json|jsonl|ndjson)(\.gz)?$/i;
const jsonStarts = new Set(['{', '[', '"'].map((character) => character.charCodeAt(0)));

/** The stream of documents for an input whose head was read: JSON by name or by its first character, else YAML. */
export async function openStream(
  input: OpenInput,
  choice: FormatChoice,
  maxDocumentBytes: number,
): Promise<DocumentStream> {
  const options: StreamOptions = { file: input.name, maxDocumentBytes };
  if (choice === 'json' || choice === 'ndjson') return new JsonStream(input.window, options);
  if (choice === 'auto') {
    if (jsonName.test(input.name)) return new JsonStream(input.window, options);
    if (await startsAsJson(input, maxDocumentBytes)) {
      return new JsonStream(input.window, {
        ...options,
        hint: 'If this is YAML, say so with --format yaml.',
      });
    }
  }
  const { YamlStream } = await import('./yaml-stream.ts');
  return new YamlStream(input.window, options);
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
