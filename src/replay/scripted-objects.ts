import type { ApiResource, ApiStatus, KubeObject } from '../api/objects.ts';
import { ObjectAccess } from '../kube/object-access.ts';
import type { Answer, ObjectKey } from '../kube/object-access.ts';
import { resourceName } from '../kube/resource-path.ts';
import type { ReplayStage } from '../retry/replay.ts';
import type { ScriptedAnswer } from '../retry/scripted-server.ts';
import { recordedApiError } from './recorded-api-error.ts';

/** What an object is like when a read succeeds; told which answers are still to come. */
export type ReadObject = (key: ObjectKey, ahead: readonly ScriptedAnswer[]) => KubeObject;

/** Objects of which a replay's server answers every request: nothing is sent. */
export class ScriptedObjects extends ObjectAccess {
  readonly #stage: ReplayStage;
  readonly #read: ReadObject;

  constructor(stage: ReplayStage, read: ReadObject) {
    super(() => Promise.reject(new TypeError('a replay sends nothing')));
    this.#stage = stage;
    this.#read = read;
  }

  override async get<T extends KubeObject = KubeObject>(resource: ApiResource, key: ObjectKey): Promise<T> {
    await this.#ask('get', resource);
    return this.#read(key, this.#stage.server.ahead()) as T;
  }

  override async create<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    object: KubeObject,
  ): Promise<Answer<T>> {
    await this.#ask('create', resource);
    return stored<T>(object, 201);
  }

  override async replace<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    object: KubeObject,
  ): Promise<Answer<T>> {
    await this.#ask('update', resource);
    return stored<T>(object, 200);
  }

  override async mergePatch<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    key: ObjectKey,
    patch: object,
  ): Promise<Answer<T>> {
    await this.#ask('patch', resource);
    const { status } = patch as { status?: unknown };
    return stored<T>({ ...this.#read(key, []), status }, 200);
  }

  override async delete<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    key: ObjectKey,
  ): Promise<ApiStatus | T> {
    await this.#ask('delete', resource);
    return this.#read(key, []) as T;
  }

  async #ask(verb: string, resource: ApiResource): Promise<void> {
    const { server } = this.#stage;
    const request = `${verb} ${resourceName(resource)}`;
    const answer = server.answer(request, this.#stage.serverMs());
    await this.#stage.spend({ ...answer, request }, (facts) => recordedApiError(facts, request));
  }
}

function stored<T extends KubeObject>(object: KubeObject, httpStatus: number): Answer<T> {
  const metadata = { uid: 'replayed', resourceVersion: '1', ...object.metadata };
  return { object: { ...object, metadata } as T, httpStatus, warnings: [] };
}
