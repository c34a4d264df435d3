/** Objects taken as they are: no validation, no pruning. Identity, status and times stay; versions are new. */
import { apiVersionOf, type KubeObject } from '../api/objects.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { ImportedKindCount, ImportResult } from './store-types.ts';
import { toStored } from './event-views.ts';
import type { Json } from './json.ts';
import type { ObjectKey } from './object-table.ts';
import type { KindCatalog, ServedKind } from './served-kind.ts';
import { isStoredObject, type StoredObject } from './stored-object.ts';
import { secondsText, type StoreScope } from './store-scope.ts';
import type { WriteTransaction } from './write-transaction.ts';

/** Runs inside one transaction. @throws INVALID_DOCUMENT for what is no object of a kind that is known */
export function importInto(
  transaction: WriteTransaction,
  scope: StoreScope,
  objects: Iterable<KubeObject>,
): ImportResult {
  const run = new ImportRun(transaction, scope);
  const namespaces: KubeObject[] = [];
  const others: KubeObject[] = [];
  for (const object of objects) {
    if (object.kind === 'CustomResourceDefinition') run.take(object);
    else (object.kind === 'Namespace' ? namespaces : others).push(object);
  }
  run.learnKinds();
  for (const object of [...namespaces, ...others]) run.take(object);
  return run.result();
}

class ImportRun {
  readonly #transaction: WriteTransaction;
  readonly #scope: StoreScope;
  readonly #counts = new Map<string, ImportedKindCount>();
  readonly #namespaces = new Set<string>();
  #catalog: KindCatalog;

  constructor(transaction: WriteTransaction, scope: StoreScope) {
    this.#transaction = transaction;
    this.#scope = scope;
    this.#catalog = scope.catalog();
  }

  /** Definitions taken so far make their kinds known to the rest. */
  learnKinds(): void {
    this.#catalog = this.#scope.catalog();
  }

  take(given: KubeObject): void {
    const kind = this.#kindOf(given);
    if (typeof (given.metadata.namespace ?? '') !== 'string') {
      throw new RemedyError('INVALID_DOCUMENT', `metadata.namespace of ${given.metadata.name} is no text.`);
    }
    const object = this.#completed(given, kind);
    const ns = object.metadata.namespace ?? '';
    const key: ObjectKey = { res: kind.res, ns, name: object.metadata.name ?? '' };
    if (ns !== '') this.#ensureNamespace(ns);
    const stored = toStored(object, kind);
    const before = this.#scope.table.get(key);
    if (before === undefined) this.#transaction.insert(key, stored);
    else this.#transaction.update(key, stored);
    const count = this.#countOf(kind);
    if (before === undefined) count.created += 1;
    else count.updated += 1;
  }

  result(): ImportResult {
    return { kinds: [...this.#counts.values()], namespacesCreated: [...this.#namespaces].sort() };
  }

  #kindOf(object: KubeObject): ServedKind {
    if (!isStoredObject(object) || typeof object.metadata.name !== 'string' || object.metadata.name === '') {
      throw new RemedyError(
        'INVALID_DOCUMENT',
        'An object to import needs apiVersion, kind and metadata.name.',
        { hint: 'Import what `kubectl get … -o json` prints.' },
      );
    }
    const group = object.apiVersion.includes('/') ? (object.apiVersion.split('/')[0] ?? '') : '';
    const kind =
      this.#catalog.byKind(object.apiVersion, object.kind) ?? this.#catalog.byGroupKind(group, object.kind);
    if (kind !== undefined && !kind.traits.review) return kind;
    throw new RemedyError(
      'INVALID_DOCUMENT',
      `The store does not know the kind ${object.kind} of ${object.apiVersion} (${object.metadata.name}).`,
      { hint: 'Import its CustomResourceDefinition first, or together with it.' },
    );
  }

  #completed(given: KubeObject, kind: ServedKind): StoredObject {
    const object = structuredClone(given) as unknown as StoredObject;
    const metadata: Json = object.metadata;
    Reflect.deleteProperty(metadata, 'resourceVersion');
    if (kind.namespaced) metadata['namespace'] ??= 'default';
    else Reflect.deleteProperty(metadata, 'namespace');
    metadata['uid'] ??= this.#scope.random.uuid();
    metadata['creationTimestamp'] ??= secondsText(this.#scope.clock);
    return object;
  }

  #ensureNamespace(name: string): void {
    if (createNamespace(this.#transaction, this.#scope, name)) this.#namespaces.add(name);
  }

  #countOf(kind: ServedKind): ImportedKindCount {
    const apiVersion = apiVersionOf(kind);
    const key = `${apiVersion} ${kind.kind}`;
    let count = this.#counts.get(key);
    if (count === undefined) {
      count = { apiVersion, kind: kind.kind, created: 0, updated: 0 };
      this.#counts.set(key, count);
    }
    return count;
  }
}

/** Says whether it was missing. */
export function createNamespace(
  transaction: WriteTransaction,
  scope: Pick<StoreScope, 'table' | 'clock' | 'random'>,
  name: string,
): boolean {
  const key: ObjectKey = { res: 'namespaces', ns: '', name };
  if (scope.table.has(key)) return false;
  transaction.insert(key, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      uid: scope.random.uuid(),
      creationTimestamp: secondsText(scope.clock),
      labels: { 'kubernetes.io/metadata.name': name },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
  return true;
}
