import type { ApiResource, ApiStatus, KubeList, KubeObject } from '../api/objects.ts';
import type { Send } from '../api/wire.ts';
import { countedSend } from '../kube/counted-send.ts';
import type {
  Answer,
  CallOptions,
  ChangeOptions,
  CreateOptions,
  DeleteOptions,
  ListOptions,
  ObjectKey,
  WatchOptions,
} from '../kube/object-access.ts';
import { ObjectAccess } from '../kube/object-access.ts';
import type { WatchStream } from '../kube/watch-stream.ts';
import { resourceName } from '../kube/resource-path.ts';
import type { AttemptFailed, OperationTrace, TraceWriter } from '../retry/trace.ts';

/** Names of the operations of a trace; those with a policy are what `retry replay` replays. */
export type TracedStep =
  'acquire_lock' | 'release_lock' | 'check_deduplication' | 'create_remediation_request' | 'update_status';

const policyOf: Partial<Record<TracedStep, string>> = {
  acquire_lock: 'lockContention',
  check_deduplication: 'creation',
  create_remediation_request: 'creation',
  update_status: 'statusUpdate',
};

export interface RequestObserver {
  onRequest: () => void;
  trace: TraceWriter | undefined;
  /** What the requests are about, for the trace; absent where they serve many. */
  subject?: string;
}

/**
 * Objects as one group of signals reads and writes them: every request is counted for it and, with `--record`,
 * every attempt is written to the trace under the step that it belongs to. One step at a time: what overlaps
 * (the status write and the release of the lock) goes through instances of its own.
 */
export class ObservedObjects extends ObjectAccess {
  readonly #trace: TraceWriter | undefined;
  readonly #subject: string | undefined;
  readonly #onRequest: () => void;
  #current: OperationTrace | undefined;

  constructor(send: Send, observer: RequestObserver) {
    super(countedSend(send, observer.onRequest));
    this.#onRequest = observer.onRequest;
    this.#trace = observer.trace;
    this.#subject = observer.subject;
  }

  /**
   * Requests that `run` makes are attempts of one operation. `failureOf`: the error that a result stands for. `signals`:
   * how many it settles, where the trace is to say so.
   */
  async step<T>(
    step: TracedStep,
    run: () => Promise<T>,
    { failureOf, signals }: { failureOf?: (result: T) => unknown; signals?: number | undefined } = {},
  ): Promise<T> {
    if (this.#trace === undefined) return run();
    const policy = policyOf[step];
    const operation = this.#trace.begin(step, {
      ...(policy === undefined ? {} : { policy }),
      ...(this.#subject === undefined ? {} : { object: this.#subject }),
      ...(signals === undefined ? {} : { signals }),
    });
    const outer = this.#current;
    this.#current = operation;
    try {
      return await operation.finish(run(), failureOf);
    } finally {
      this.#current = outer;
    }
  }

  /** The wait before the next attempt of the step under way. */
  noteWait(waitMs: number): void {
    this.#current?.waiting(waitMs);
  }

  override get<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    key: ObjectKey,
    options?: CallOptions,
  ): Promise<T> {
    return this.#attempt('get', resource, options, (seen) => super.get<T>(resource, key, seen));
  }

  override list<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    options?: ListOptions,
    callOptions?: CallOptions,
  ): Promise<KubeList<T>> {
    return this.#attempt('list', resource, callOptions, (seen) => super.list<T>(resource, options, seen));
  }

  override create<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    object: KubeObject,
    options?: CreateOptions,
  ): Promise<Answer<T>> {
    return this.#attempt('create', resource, options, (seen) => super.create<T>(resource, object, seen));
  }

  override replace<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    object: KubeObject,
    options?: ChangeOptions,
  ): Promise<Answer<T>> {
    return this.#attempt('update', resource, options, (seen) => super.replace<T>(resource, object, seen));
  }

  override mergePatch<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    key: ObjectKey,
    patch: object,
    options?: ChangeOptions,
  ): Promise<Answer<T>> {
    return this.#attempt('patch', resource, options, (seen) =>
      super.mergePatch<T>(resource, key, patch, seen),
    );
  }

  override delete<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    key: ObjectKey,
    options?: DeleteOptions,
  ): Promise<ApiStatus | T> {
    return this.#attempt('delete', resource, options, (seen) => super.delete<T>(resource, key, seen));
  }

  override watch<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    options?: WatchOptions,
    callOptions?: CallOptions,
  ): Promise<WatchStream<T>> {
    return this.#attempt('watch', resource, callOptions, (seen) => super.watch<T>(resource, options, seen));
  }

  protected override askPage<T extends KubeObject>(
    resource: ApiResource,
    query: ListOptions,
    callOptions: CallOptions,
  ): Promise<KubeList<T>> {
    return this.#attempt('list', resource, callOptions, (seen) => super.askPage<T>(resource, query, seen));
  }

  #attempt<T, O extends CallOptions>(
    verb: string,
    resource: ApiResource,
    options: O | undefined,
    run: (options: O) => Promise<T>,
  ): Promise<T> {
    const observed = (again?: AttemptFailed): Promise<T> => {
      const onRepeat: CallOptions['onRepeat'] = ({ error, waitMs }) => {
        this.#onRequest();
        again?.(error, waitMs);
      };
      return run({ ...options, onRepeat } as O);
    };
    if (this.#trace === undefined) return observed();
    const request = `${verb} ${resourceName(resource)}`;
    if (this.#current !== undefined) return this.#current.attempt(observed, request);
    return this.#trace.call(request, observed, this.#subject);
  }
}
