/** Sets of fields, as `managedFields` has them: FieldsV1 of Kubernetes. */
import { isObject, setOwn, type Json } from './json.ts';

/** A step to a field: `f:NAME`, of a list's item `k:{"KEY":VALUE}` or `v:VALUE`. */
export type Step = string;

/** Immutable. A field is in the set with what is below it, or without, or only what is below it is. */
export class FieldSet {
  static readonly empty = new FieldSet(false, new Map());

  /** Whether the field at which this stands is in the set. */
  readonly isMember: boolean;
  readonly children: ReadonlyMap<Step, FieldSet>;

  constructor(isMember: boolean, children: ReadonlyMap<Step, FieldSet>) {
    this.isMember = isMember;
    this.children = children;
  }

  /** From FieldsV1. @throws TypeError where it is none */
  static read(value: unknown): FieldSet {
    if (!isObject(value)) throw new TypeError('a set of fields is an object');
    const children = new Map<Step, FieldSet>();
    for (const [step, inner] of Object.entries(value)) {
      if (step === '.') continue;
      if (!/^[fkvi]:/.test(step)) throw new TypeError(`unknown step ${step}`);
      children.set(step, FieldSet.read(inner));
    }
    const isMember = children.size === 0 || Object.hasOwn(value, '.');
    return new FieldSet(isMember, children);
  }

  /** The root of FieldsV1 is never a field itself. */
  static readRoot(value: unknown): FieldSet {
    return new FieldSet(false, FieldSet.read(value ?? {}).children);
  }

  get isEmpty(): boolean {
    return !this.isMember && this.children.size === 0;
  }

  child(step: Step): FieldSet {
    return this.children.get(step) ?? FieldSet.empty;
  }

  union(other: FieldSet): FieldSet {
    return this.#with(other, (one, two) => one || two);
  }

  intersection(other: FieldSet): FieldSet {
    return this.#with(other, (one, two) => one && two);
  }

  /** Without the fields of the other; what is below these stays. */
  difference(other: FieldSet): FieldSet {
    return this.#with(other, (one, two) => one && !two);
  }

  #with(other: FieldSet, isMember: (one: boolean, two: boolean) => boolean): FieldSet {
    const children = new Map<Step, FieldSet>();
    for (const step of new Set([...this.children.keys(), ...other.children.keys()])) {
      const child = this.child(step).#with(other.child(step), isMember);
      if (!child.isEmpty) children.set(step, child);
    }
    return new FieldSet(isMember(this.isMember, other.isMember), children);
  }

  *paths(above: readonly Step[] = []): Generator<readonly Step[]> {
    for (const step of [...this.children.keys()].sort()) {
      const path = [...above, step];
      const child = this.child(step);
      if (child.isMember) yield path;
      yield* child.paths(path);
    }
  }

  has(path: readonly Step[]): boolean {
    return path.reduce<FieldSet>((set, step) => set.child(step), this).isMember;
  }

  /** FieldsV1, in its order. */
  toJson(): Json {
    const json: Json = {};
    if (this.isMember && this.children.size > 0) json['.'] = {};
    for (const step of [...this.children.keys()].sort()) setOwn(json, step, this.child(step).toJson());
    return json;
  }
}

/** Collects fields one by one. */
export class FieldSetBuilder {
  #isMember = false;
  readonly #children = new Map<Step, FieldSetBuilder>();

  insert(path: readonly Step[]): void {
    const [first, ...rest] = path;
    if (first === undefined) {
      this.#isMember = true;
      return;
    }
    let child = this.#children.get(first);
    if (child === undefined) {
      child = new FieldSetBuilder();
      this.#children.set(first, child);
    }
    child.insert(rest);
  }

  done(): FieldSet {
    return new FieldSet(
      this.#isMember,
      new Map([...this.#children].map(([step, child]) => [step, child.done()])),
    );
  }
}

export function fieldSetOf(paths: Iterable<readonly Step[]>): FieldSet {
  const builder = new FieldSetBuilder();
  for (const path of paths) builder.insert(path);
  return builder.done();
}

/** A path as refusals show it: `.spec.containers[name="app"].image`. */
export function pathText(path: readonly Step[]): string {
  return path.map(stepText).join('');
}

function stepText(step: Step): string {
  const rest = step.slice(2);
  if (step.startsWith('f:')) return `.${rest}`;
  if (step.startsWith('v:')) return `[=${rest}]`;
  if (step.startsWith('i:')) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as Json);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}
