/**
 * YAML as Go's yaml.v2 reads it, and with it kubectl, of kubeconfigs and of what credential plugins print: of several
 * documents the first; YAML 1.1's booleans (`yes`, `on`, `y`); merge keys, which count where they stand, so that they
 * overwrite what is above them; of a key that is there twice the last; no base-60 numbers, and times stay texts.
 * Source: go.yaml.in/yaml/v2, resolve.go and decode.go.
 */
import type * as Yaml from 'yaml';
import type { Node, Pair, Scalar } from 'yaml';

/** Where and as what the parser refuses a text; never its own message, which quotes lines that may hold a token. */
export class GoYamlError extends Error {}

/** A text that grows by its aliases beyond this is refused, as in Go. */
const mostNodes = 400_000;
const tagPrefix = 'tag:yaml.org,2002:';

const wordsOf = (...words: string[]): string[] =>
  words.flatMap((word) => [word, word.toUpperCase(), `${word.charAt(0).toUpperCase()}${word.slice(1)}`]);
const words = new Map<string, unknown>([
  ...wordsOf('y', 'yes', 'true', 'on').map((word): [string, unknown] => [word, true]),
  ...wordsOf('n', 'no', 'false', 'off').map((word): [string, unknown] => [word, false]),
  ...['', '~', ...wordsOf('null')].map((word): [string, unknown] => [word, null]),
]);

const integer = /^[-+]?(0x[\da-f]+|0b[01]+|0o?[0-7]+|0|[1-9]\d*)$/i;
const float = /^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i;

/** The value of a text's first document, null for none; a byte order mark may stand before it. @throws GoYamlError */
export async function jsonOrYaml(marked: string): Promise<unknown> {
  const text = marked.replace(/^\uFEFF/, '');
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch {
      // A YAML flow mapping begins with a brace too.
    }
  }
  return goYaml(text);
}

async function goYaml(text: string): Promise<unknown> {
  const { isAlias, isMap, isSeq, parseDocument, visit } = await import('yaml');
  const document = parseDocument(text, {
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const at = error.linePos?.[0];
    const where = at === undefined ? '' : ` at line ${at.line}, column ${at.col}`;
    throw new GoYamlError(`is not valid YAML${where} (${error.code})`);
  }
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node | undefined>();
  visit(document, {
    Alias: (_key, alias) => void targets.set(alias, anchors.get(alias.source)),
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return new Reader(targets, { isAlias, isMap, isSeq }).value(document.contents);
}

type Kinds = Pick<typeof Yaml, 'isAlias' | 'isMap' | 'isSeq'>;

class Reader {
  /** Of each alias what stands under its anchor. */
  readonly #targets: ReadonlyMap<Node, Node | undefined>;
  readonly #kinds: Kinds;
  /** What is being read: an alias of one of these would never end. */
  readonly #open = new Set<Node>();
  #nodes = 0;

  constructor(targets: ReadonlyMap<Node, Node | undefined>, kinds: Kinds) {
    this.#targets = targets;
    this.#kinds = kinds;
  }

  value(given: Node | null): unknown {
    const node = this.#target(given);
    if (node === null) return null;
    if (this.#targets.size > 0) this.#nodes += 1;
    if (this.#nodes > mostNodes) throw new GoYamlError('has too many YAML aliases');
    const { isMap, isSeq } = this.#kinds;
    if (isMap(node)) return Object.fromEntries(this.#entriesOf(node));
    if (isSeq(node)) return this.#within(node, () => node.items.map((item) => this.value(item as Node)));
    return scalarValue(node as Scalar);
  }

  #entriesOf(given: Node | null, into = new Map<string, unknown>()): Map<string, unknown> {
    const node = this.#target(given);
    if (!this.#kinds.isMap(node)) throw new GoYamlError('has a merge key whose value is no mapping');
    return this.#within(node, () => {
      for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
        if (isMergeKey(key)) this.#merge(value, into);
        else into.set(this.#keyText(key), this.value(value));
      }
      return into;
    });
  }

  #merge(value: Node | null, into: Map<string, unknown>): void {
    const { isSeq } = this.#kinds;
    // of several the first counts
    const given = isSeq(value) ? [...(value.items as Node[])].reverse() : [value];
    for (const one of given) this.#entriesOf(one, into);
  }

  #keyText(key: Node): string {
    const value = this.value(key);
    if (['string', 'number', 'boolean'].includes(typeof value))
      return `${value as string | number | boolean}`;
    throw new GoYamlError('has a key that is no text');
  }

  #target(node: Node | null): Node | null {
    if (!this.#kinds.isAlias(node)) return node;
    const target = this.#targets.get(node);
    if (target === undefined) throw new GoYamlError('has an alias of an anchor that is not there');
    if (this.#open.has(target)) throw new GoYamlError('has an anchor that contains itself');
    return target;
  }

  #within<T>(node: Node, read: () => T): T {
    this.#open.add(node);
    const result = read();
    this.#open.delete(node);
    return result;
  }
}

function isMergeKey(key: Node): boolean {
  const { value, type, tag } = key as Scalar;
  return value === '<<' && (tag === undefined ? type === 'PLAIN' : tag === `${tagPrefix}merge`);
}

function scalarValue({ value, type, tag }: Scalar): unknown {
  const text = String(value);
  if (tag === undefined) return type === 'PLAIN' ? resolved(text) : text;
  if (tag === `${tagPrefix}binary`) return Buffer.from(text, 'base64').toString('utf8');
  const isKnown = ['bool', 'int', 'float', 'null'].some((name) => tag === tagPrefix + name);
  return isKnown ? resolved(text) : text;
}

function resolved(text: string): unknown {
  const word = words.get(text);
  if (word !== undefined) return word;
  const plain = text.replaceAll('_', '');
  if (integer.test(plain)) return integerOf(plain);
  return float.test(plain) ? Number(plain) : text;
}

function integerOf(text: string): number {
  const digits = text.replace(/^[-+]/, '');
  const value = /^0\d/.test(digits) ? parseInt(digits, 8) : Number(digits);
  return text.startsWith('-') ? -value : value;
}
