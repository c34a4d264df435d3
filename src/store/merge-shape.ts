/** How the parts of a kind's objects merge: by name, as a whole, as a set, or by the keys of their items. */
import { apiVersionOf } from '../api/objects.ts';
import { builtinShapeTable } from './builtin-shape-table.ts';
import type { Schema } from './schema.ts';
import type { ServedKind } from './served-kind.ts';

export interface ListKey {
  name: string;
  /** Stands for a key that an item leaves out. */
  fallback?: string;
}

/** Of one value. What it says of lists is for a list, of objects for an object: a schema may not know which it is. */
export interface MergeShape {
  /** `map`: items are known by `keys`, `set`: by themselves, `atomic`: the list is one value. */
  list: 'atomic' | 'map' | 'set';
  keys: readonly ListKey[];
  /** Whether an object is one value. */
  atomic: boolean;
  /** Of strategic merge patches alone. */
  patch: { merges: boolean; key?: string; retainsKeys: boolean };
  field(name: string): MergeShape;
  /** Whether the field is one of a struct, not an entry of a map. */
  isNamed(name: string): boolean;
  items(): MergeShape;
}

const noPatch = { merges: false, retainsKeys: false };

abstract class Plain implements MergeShape {
  readonly list: MergeShape['list'] = 'atomic';
  readonly keys: readonly ListKey[] = [];
  readonly atomic: boolean = false;
  readonly patch: MergeShape['patch'] = noPatch;

  abstract field(name: string): MergeShape;
  abstract isNamed(name: string): boolean;

  items(): MergeShape {
    return unknownShape;
  }
}

/** Nothing is known of it: objects merge by name, lists are one value. */
class UnknownShape extends Plain {
  field(): MergeShape {
    return this;
  }

  isNamed(): boolean {
    return false;
  }
}

/** Of a built-in struct only what is special is known; all of its fields have names. */
class StructShape extends Plain {
  readonly #special: ReadonlyMap<string, MergeShape>;

  constructor(special: ReadonlyMap<string, MergeShape>) {
    super();
    this.#special = special;
  }

  override field(name: string): MergeShape {
    return this.#special.get(name) ?? plainStruct;
  }

  override isNamed(): boolean {
    return true;
  }
}

const unknownShape: MergeShape = new UnknownShape();
const plainStruct: MergeShape = new StructShape(new Map());

const fieldPattern = /^(\w+)(\[(?:s|m\(([^)]*)\))?\])?([^>]*)(?:>(.+))?$/;

let structs: Map<string, MergeShape> | undefined;

function builtinStructs(): Map<string, MergeShape> {
  structs ??= readTable();
  return structs;
}

function readTable(): Map<string, MergeShape> {
  const made = new Map<string, MergeShape>();
  for (const line of builtinShapeTable.trim().split('\n')) {
    const [name = '', ...fields] = line.split(' ');
    const special = new Map<string, MergeShape>();
    for (const field of fields) {
      const shape = readField(field, made);
      if (shape !== undefined) special.set(shape.name, shape.shape);
    }
    made.set(name, new StructShape(special));
  }
  return made;
}

function readField(
  text: string,
  known: ReadonlyMap<string, MergeShape>,
): { name: string; shape: MergeShape } | undefined {
  const found = fieldPattern.exec(text);
  if (found === null) return undefined;
  const [, name = '', list, keys, flags = '', struct] = found;
  // a struct may stand further down in the table
  const inner = (): MergeShape => (struct === undefined ? plainStruct : (known.get(struct) ?? plainStruct));
  return { name, shape: new SpecialShape({ list, keys, flags, inner }) };
}

interface SpecialFacts {
  list: string | undefined;
  keys: string | undefined;
  flags: string;
  inner: () => MergeShape;
}

class SpecialShape implements MergeShape {
  readonly list: MergeShape['list'];
  readonly keys: readonly ListKey[];
  readonly atomic: boolean;
  readonly patch: MergeShape['patch'];
  readonly #inner: () => MergeShape;
  readonly #items: MergeShape | undefined;

  constructor({ list, keys, flags, inner }: SpecialFacts) {
    const isAtomic = flags.includes('~');
    this.list = keys === undefined ? (list === '[s]' ? 'set' : 'atomic') : 'map';
    this.keys = keys === undefined || keys === '' ? [] : keys.split('+').map(readKey);
    this.atomic = list === undefined && isAtomic;
    this.patch = readPatch(flags.replace('~', ''), list !== undefined, this.keys[0]?.name);
    this.#inner = inner;
    this.#items = list !== undefined && isAtomic ? atomicShape : undefined;
  }

  field(name: string): MergeShape {
    return this.#inner().field(name);
  }

  isNamed(name: string): boolean {
    return this.#inner().isNamed(name);
  }

  items(): MergeShape {
    return this.#items ?? this.#inner();
  }
}

function readKey(text: string): ListKey {
  const [name = '', fallback] = text.split(':');
  return fallback === undefined ? { name } : { name, fallback };
}

function readPatch(flags: string, isList: boolean, firstKey: string | undefined): MergeShape['patch'] {
  if (!flags.startsWith('!')) return noPatch;
  const rest = flags.slice(1);
  if (!isList) return { merges: false, retainsKeys: rest === 'r' };
  const key = rest === '' || rest === 'k' ? firstKey : rest;
  return { merges: true, retainsKeys: rest === 'k', ...(key === undefined ? {} : { key }) };
}

const atomicShape: MergeShape = new SpecialShape({
  list: undefined,
  keys: undefined,
  flags: '~',
  inner: () => plainStruct,
});

/** From the schema of a definition; where it has none, nothing is known. */
class SchemaShape implements MergeShape {
  readonly list: MergeShape['list'];
  readonly keys: readonly ListKey[];
  readonly atomic: boolean;
  readonly patch = noPatch;
  readonly #schema: Schema;

  constructor(schema: Schema) {
    const type = schema['x-kubernetes-list-type'];
    const items = schema.items?.properties ?? {};
    this.list = type === 'map' || type === 'set' ? type : 'atomic';
    this.keys = (schema['x-kubernetes-list-map-keys'] ?? []).map((name) => {
      const fallback = items[name]?.default;
      return typeof fallback === 'string' ? { name, fallback } : { name };
    });
    this.atomic = schema['x-kubernetes-map-type'] === 'atomic';
    this.#schema = schema;
  }

  field(name: string): MergeShape {
    const { properties = {}, additionalProperties } = this.#schema;
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const schema = own ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (schema !== undefined) return new SchemaShape(schema);
    const isEmbedded = this.#schema['x-kubernetes-embedded-resource'] === true && name === 'metadata';
    return isEmbedded ? metadataShape() : unknownShape;
  }

  isNamed(name: string): boolean {
    return Object.hasOwn(this.#schema.properties ?? {}, name);
  }

  items(): MergeShape {
    const { items } = this.#schema;
    return items === undefined ? unknownShape : new SchemaShape(items);
  }
}

function metadataShape(): MergeShape {
  return builtinStructs().get('ObjectMeta') ?? plainStruct;
}

/** Metadata is every kind's own, whatever a schema says of it. */
class ObjectShape extends Plain {
  readonly #content: MergeShape;

  constructor(content: MergeShape) {
    super();
    this.#content = content;
  }

  override field(name: string): MergeShape {
    return name === 'metadata' ? metadataShape() : this.#content.field(name);
  }

  override isNamed(name: string): boolean {
    return ['apiVersion', 'kind', 'metadata'].includes(name) || this.#content.isNamed(name);
  }
}

export function shapeOf(kind: ServedKind): MergeShape {
  if (kind.custom === undefined) {
    return new ObjectShape(builtinStructs().get(`${apiVersionOf(kind)}/${kind.kind}`) ?? plainStruct);
  }
  const { schema } = kind.custom;
  return new ObjectShape(schema === undefined ? unknownShape : new SchemaShape(schema));
}
