/**
 * What there is, and every change to it, for as long as somebody looks.
 *
 * Guarantees: begins with an ADDED for every object that is chosen; then each change once, in view of what was told
 * before. What a change takes out of the choice is told as DELETED from it. What happened while a version expired
 * (410) is told after the next listing: changed objects as MODIFIED, objects that are gone as DELETED in their
 * remembered form, objects made anew under a name that was there as DELETED and ADDED.
 * Non-guarantee: states between two listings are not told. How connections are survived is listAndWatch's matter.
 */
import type { KubeObject } from '../api/objects.ts';
import { listAndWatch, type ListWatchOptions, type ListWatchSource } from './list-and-watch.ts';

/** One change, in view of what was told before. */
export interface ObjectChange<T extends KubeObject = KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
}

/** What a watch of changes goes by. */
export interface ChangeWatchOptions<T extends KubeObject> extends ListWatchOptions {
  /** Which objects count; default all. */
  chooses?: (object: T) => boolean;
  /**
   * What is kept of an object for telling that it is gone; default all of it. Name, namespace, uid and
   * resourceVersion have to stay.
   */
  remember?: (object: T) => T;
  /** Everything that there was at the beginning, or after an expired version, has been told. */
  onListed?: () => void;
}

/** Ends when the signal aborts or the reader leaves. Throws what the first LIST throws, and refusals (403). */
export async function* watchChanges<T extends KubeObject>(
  source: ListWatchSource<T>,
  options: ChangeWatchOptions<T>,
): AsyncGenerator<ObjectChange<T>, void, void> {
  const told = new ToldObjects<T>(options);
  let listed = new Set<string>();
  for await (const event of listAndWatch(source, options)) {
    switch (event.type) {
      case 'LISTING':
        listed = new Set();
        break;
      case 'PAGE':
        for (const object of event.items) {
          listed.add(keyOf(object));
          yield* told.saw(object);
        }
        break;
      case 'LISTED':
        yield* told.missingFrom(listed);
        listed = new Set();
        options.onListed?.();
        break;
      case 'BOOKMARK':
        break;
      case 'DELETED':
        yield* told.lost(event.object);
        break;
      default:
        yield* told.saw(event.object);
    }
  }
}

class ToldObjects<T extends KubeObject> {
  readonly #options: Pick<ChangeWatchOptions<T>, 'chooses' | 'remember'>;
  readonly #remembered = new Map<string, T>();

  constructor(options: Pick<ChangeWatchOptions<T>, 'chooses' | 'remember'>) {
    this.#options = options;
  }

  /** An object as it is now. */
  *saw(object: T): Iterable<ObjectChange<T>> {
    const { chooses, remember } = this.#options;
    if (chooses?.(object) === false) {
      yield* this.lost(object);
      return;
    }
    const key = keyOf(object);
    const before = this.#remembered.get(key);
    this.#remembered.set(key, remember?.(object) ?? object);
    if (before === undefined) yield { type: 'ADDED', object };
    else if (before.metadata.uid !== object.metadata.uid) {
      yield { type: 'DELETED', object: before };
      yield { type: 'ADDED', object };
    } else if (before.metadata.resourceVersion !== object.metadata.resourceVersion) {
      yield { type: 'MODIFIED', object };
    }
  }

  /** An object that is there no more, or no longer chosen. */
  *lost(object: T): Iterable<ObjectChange<T>> {
    if (this.#remembered.delete(keyOf(object))) yield { type: 'DELETED', object };
  }

  *missingFrom(listed: ReadonlySet<string>): Iterable<ObjectChange<T>> {
    for (const [key, object] of this.#remembered) {
      if (listed.has(key)) continue;
      this.#remembered.delete(key);
      yield { type: 'DELETED', object };
    }
  }
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
