import type { ApiResource, KubeObject } from '../api/objects.ts';
import { isApiError } from '../kube/api-error.ts';
import type { KubeClient } from '../kube/client.ts';
import { usualRequestResource } from '../kube/discovery.ts';
import { askForRequests } from '../kube/located-requests.ts';
import { longestSummaryText } from '../request/request-fields.ts';

interface Scope {
  /** Absent: every namespace. */
  namespace: string | undefined;
  fingerprint?: string | undefined;
}

/**
 * Reads RemediationRequests without asking first where they are served: under the usual group and version, and only
 * where the server knows none there by discovery. One request where all is as usual.
 */
export class RequestLocator {
  readonly #client: Pick<KubeClient, 'objects' | 'discovery'>;
  readonly #signal: AbortSignal;
  #resource: ApiResource = usualRequestResource;
  #isLocated = false;

  constructor(client: Pick<KubeClient, 'objects' | 'discovery'>, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  /** As the last answer had it. */
  get resource(): ApiResource {
    return this.#resource;
  }

  /** One request. Throws what ObjectAccess throws (NOT_FOUND), and GROUP_NOT_SERVED. */
  get(namespace: string, name: string): Promise<KubeObject> {
    return this.#located((resource) =>
      this.#client.objects.get(resource, { namespace, name }, { signal: this.#signal }),
    );
  }

  /**
   * Every request of the scope, page by page, without its long texts; a fingerprint that the server cannot select by
   * is left to the caller. Throws what ObjectAccess throws, and GROUP_NOT_SERVED.
   */
  async *list(scope: Scope): AsyncGenerator<KubeObject, void, void> {
    const pages = await this.#located(async (resource) => this.#firstPage(resource, scope));
    for (let page = pages.first; page.done !== true; page = await pages.rest.next()) yield* page.value.items;
  }

  async #firstPage(resource: ApiResource, { namespace, fingerprint }: Scope) {
    const fieldSelector = fingerprint === undefined ? undefined : `spec.signalFingerprint=${fingerprint}`;
    const open = (selector: string | undefined) =>
      this.#client.objects.listPages(
        resource,
        { namespace, fieldSelector: selector },
        { signal: this.#signal, longestText: longestSummaryText },
      );
    const rest = open(fieldSelector);
    try {
      return { first: await rest.next(), rest };
    } catch (thrown) {
      if (fieldSelector === undefined || !isApiError(thrown) || thrown.httpStatus !== 400) throw thrown;
      const all = open(undefined);
      return { first: await all.next(), rest: all };
    }
  }

  async #located<T>(ask: (resource: ApiResource) => Promise<T>): Promise<T> {
    if (this.#isLocated) return ask(this.#resource);
    const { resource, answer } = await askForRequests(this.#client.discovery, ask);
    this.#resource = resource;
    this.#isLocated = true;
    return answer;
  }
}
