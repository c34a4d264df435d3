import { Document, stringify, visit } from 'yaml';
import type { CreateNodeOptions, DocumentOptions, ParseOptions, SchemaOptions, ToStringOptions } from 'yaml';
import { escapeHidden, hasHidden, unitEscape } from './hidden-characters.ts';

type YamlOptions = DocumentOptions & SchemaOptions & ParseOptions & CreateNodeOptions & ToStringOptions;

/**
 * The YAML of what JSON has of `value`, harmless on a terminal: texts with hidden characters are quoted, and these stand
 * as escapes, so that a reader gets exactly what was printed.
 */
export function exactYaml(value: unknown, options: YamlOptions): string {
  // What JSON leaves out, a function for one, no document has.
  const json = JSON.stringify(value);
  const plain: unknown = JSON.parse(json);
  if (!mayHide(json)) return stringify(plain, options);
  const document = new Document(plain, options);
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && mustBeQuoted(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeHidden(document.toString({ ...options, doubleQuotedAsJSON: true }), (character) =>
    character === '\n' ? character : yamlEscape(character),
  );
}

/** JSON has C0 and lone surrogates as escapes already, others raw. */
function mayHide(json: string): boolean {
  return hasHidden(json) || json.includes('\\u') || json.includes('\\t');
}

/** Only line ends stand in blocks as they are: a tab would be escaped there as well. */
function mustBeQuoted(text: string): boolean {
  return hasHidden(text.replaceAll('\n', ''));
}

function yamlEscape(character: string): string {
  if (character.length === 1) return unitEscape(character);
  return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`;
}
