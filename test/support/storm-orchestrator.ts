import { setTimeout as pause } from 'node:timers/promises';
import type { KubeObject } from '../../src/api/objects.ts';
import { apiVersionOf } from '../../src/api/objects.ts';
import type { ServedRequestKind } from '../../src/kube/discovery.ts';
import { isApiError } from '../../src/kube/api-error.ts';
import type { ObjectAccess } from '../../src/kube/object-access.ts';

type Status = Record<string, unknown>;

const phases = ['', 'Pending', 'Processing', 'Analyzing', 'Executing', 'Completed'];

/**
 * Moves every request on as a controller does: it watches, writes the whole status that it has read at that
 * resourceVersion, and where it meets a conflict the next event is its next try. It sees every state of every
 * request, so it is also who notices what somebody takes from a status.
 */
export class Orchestrator {
  readonly wiped: string[] = [];
  readonly #objects: ObjectAccess;
  readonly #kind: ServedRequestKind;
  readonly #namespace: string;
  readonly #acts: boolean;
  readonly #stopping = new AbortController();
  readonly #seen = new Map<string, Status>();
  readonly #writes = new Set<Promise<void>>();
  #following: Promise<void> = Promise.resolve();
  #lastEventMs = 0;

  /** Who does not act only looks. */
  constructor(objects: ObjectAccess, kind: ServedRequestKind, namespace: string, acts: boolean) {
    this.#objects = objects;
    this.#kind = kind;
    this.#namespace = namespace;
    this.#acts = acts;
  }

  async start(): Promise<void> {
    const { signal } = this.#stopping;
    const { items, metadata } = await this.#objects.list(this.#kind.resource, { namespace: this.#namespace });
    for (const object of items) this.#see(object);
    const from = { namespace: this.#namespace, resourceVersion: metadata.resourceVersion };
    const stream = await this.#objects.watch(this.#kind.resource, from, { signal });
    const follow = async (): Promise<void> => {
      for await (const { object } of stream) this.#see(object);
    };
    this.#following = follow().catch((thrown: unknown) => {
      if (!signal.aborted) throw thrown;
    });
  }

  /** After the last event: a watch that is quiet for half a second has shown what there was. */
  async stop(): Promise<void> {
    await Promise.all(this.#writes);
    while (Date.now() - this.#lastEventMs < 500) await pause(50);
    this.#stopping.abort();
    await this.#following;
  }

  #see(object: KubeObject): void {
    this.#lastEventMs = Date.now();
    const { uid = '', name } = object.metadata;
    const status = (object['status'] ?? {}) as Status;
    const before = this.#seen.get(uid);
    if (before !== undefined) this.#compare(name, before, status);
    this.#seen.set(uid, status);
    if (!this.#acts) return;
    const write = this.#moveOn(object, status).finally(() => this.#writes.delete(write));
    this.#writes.add(write);
  }

  #compare(name: string, before: Status, now: Status): void {
    const gone = Object.keys(before).filter((field) => !(field in now));
    const wasAt = phases.indexOf((before['overallPhase'] as string | undefined) ?? '');
    const isAt = phases.indexOf((now['overallPhase'] as string | undefined) ?? '');
    if (gone.length > 0 || isAt < wasAt) {
      this.wiped.push(`${name}: ${JSON.stringify(before)} became ${JSON.stringify(now)}`);
    }
  }

  async #moveOn(object: KubeObject, status: Status): Promise<void> {
    const place = phases.indexOf((status['overallPhase'] as string | undefined) ?? '');
    const next = phases[place + 1];
    if (next === undefined) return;
    if (place > 0) await pause(Math.random() * 60);
    const { name, uid = '', resourceVersion = '' } = object.metadata;
    const namespace = this.#namespace;
    const moved = { ...status, overallPhase: next, message: `it is ${next}` };
    const body = {
      apiVersion: apiVersionOf(this.#kind.resource),
      kind: this.#kind.resource.kind,
      metadata: { name, namespace, uid, resourceVersion },
      status: moved,
    };
    try {
      await this.#objects.replace(this.#kind.resource, body, { subresource: 'status' });
    } catch (thrown) {
      if (!isApiError(thrown, 'Conflict')) throw thrown;
    }
  }
}
