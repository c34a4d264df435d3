import { apiVersionOf, type ApiResource, type KubeObject } from '../api/objects.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import { chosenRequests } from './chosen-requests.ts';
import { matchesRequest, type RequestFilter } from './request-filter.ts';

/** Which request is meant: the one of a name, if the filter chooses it, else the only one that the filter chooses. */
export interface WantedRequest {
  namespace: string;
  name?: string | undefined;
  filter: RequestFilter;
}

const namesShown = 10;

/** Finds one request. Throws NOT_FOUND, AMBIGUOUS_KEY where the filter chooses several, and what ObjectAccess throws. */
export async function oneRequest(
  objects: ObjectAccess,
  resource: ApiResource,
  { namespace, name, filter }: WantedRequest,
  signal: AbortSignal,
): Promise<KubeObject> {
  if (name !== undefined) {
    const request = await objects.get(resource, { namespace, name }, { signal });
    if (matchesRequest(request, filter)) return request;
    throw new RemedyError('NOT_FOUND', `${name} is none of the requests that the filters choose`);
  }
  const first: KubeObject[] = [];
  let count = 0;
  for await (const page of chosenRequests(objects, resource, { namespace, filter }, signal)) {
    count += page.items.length;
    first.push(...page.items.slice(0, namesShown - first.length));
  }
  const request = onlyOne(first, { count, namespace });
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, ...request };
}

function onlyOne(
  first: readonly KubeObject[],
  { count, namespace }: { count: number; namespace: string },
): KubeObject {
  const [only] = first;
  if (only === undefined) {
    throw new RemedyError('NOT_FOUND', `no request in namespace ${namespace} matches the filters`);
  }
  if (count === 1) return only;
  const names = first.map(({ metadata }) => metadata.name);
  const shown = names.join(', ') + (count > names.length ? ', …' : '');
  throw new RemedyError('AMBIGUOUS_KEY', `${count} requests match the filters: ${shown}`, {
    hint: 'name one of them, or see them all with remedyctl request list',
    details: { count, matches: names },
  });
}
