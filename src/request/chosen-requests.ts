import type { ApiResource, KubeList } from '../api/objects.ts';
import { fingerprintSelector, matchesRequest, type RequestFilter } from './request-filter.ts';
import { isApiError } from '../kube/api-error.ts';
import type { ObjectAccess } from '../kube/object-access.ts';

/** Which requests are chosen; everything that is given has to hold. */
export interface RequestChoice {
  /** Absent: every namespace. */
  namespace: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  filter: RequestFilter;
}

/**
 * The requests that a filter chooses, page by page: by the server as far as it can, the rest here. A server that
 * cannot select by fingerprint is asked for everything.
 */
export async function* chosenRequests(
  objects: ObjectAccess,
  resource: ApiResource,
  choice: RequestChoice,
  signal: AbortSignal,
): AsyncGenerator<KubeList, void, void> {
  for await (const page of selectedRequests(objects, resource, choice, signal)) {
    const items = page.items.filter((item) => matchesRequest(item, choice.filter));
    yield { ...page, items };
  }
}

/** As many requests as the server can select by itself: those that the filter chooses, and others. */
export async function* selectedRequests(
  objects: ObjectAccess,
  resource: ApiResource,
  { filter, fieldSelector, ...where }: RequestChoice,
  signal: AbortSignal,
): AsyncGenerator<KubeList, void, void> {
  const byFingerprint = fingerprintSelector(filter);
  const open = (selectors: (string | undefined)[]) => {
    return objects.listPages(resource, { ...where, fieldSelector: joinedSelectors(selectors) }, { signal });
  };
  let pages = open([fieldSelector, byFingerprint]);
  let page = await pages.next().catch((thrown: unknown) => {
    if (byFingerprint === undefined || !isUnselectable(thrown)) throw thrown;
    pages = open([fieldSelector]);
    return pages.next();
  });
  for (; page.done !== true; page = await pages.next()) yield page.value;
}

/** All of several selectors. */
export function joinedSelectors(selectors: readonly (string | undefined)[]): string | undefined {
  const given = selectors.filter((selector) => selector !== undefined);
  return given.length === 0 ? undefined : given.join(',');
}

/** The answer to a field selector that the server does not know; it has no reason of its own. */
export function isUnselectable(thrown: unknown): boolean {
  return (
    isApiError(thrown) && thrown.httpStatus === 400 && /field (label|selector)/.test(thrown.serverMessage)
  );
}
