import { apiVersionOf, type ApiResource, type KubeObject } from '../api/objects.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { isApiError, type ApiError } from '../kube/api-error.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import { chosenRequests } from './chosen-requests.ts';
import { mayBeginName } from './name-beginning.ts';
import { matchesRequest, type RequestFilter } from './request-filter.ts';

/**
 * Which request is meant: the one of a name, or of the beginning of its name, if the filter chooses it, else the only
 * one that the filter chooses.
 */
export interface WantedRequest {
  namespace: string;
  name?: string | undefined;
  filter: RequestFilter;
}

const namesShown = 10;

/**
 * Finds one request, to be read: who writes names it whole. Costs one GET for a whole name, a LIST more for the
 * beginning of one. Throws NOT_FOUND, AMBIGUOUS_KEY where several are meant, and what ObjectAccess throws.
 */
export async function oneRequest(
  objects: ObjectAccess,
  resource: ApiResource,
  wanted: WantedRequest,
  signal: AbortSignal,
): Promise<KubeObject> {
  const { namespace, name, filter } = wanted;
  if (name === undefined) return onlyRequest({ objects, resource, wanted, signal });
  let request: KubeObject;
  try {
    request = await objects.get(resource, { namespace, name }, { signal });
  } catch (thrown) {
    if (!isApiError(thrown) || thrown.httpStatus !== 404 || !mayBeginName(name)) throw thrown;
    return onlyRequest({ objects, resource, wanted, signal, missing: thrown });
  }
  if (matchesRequest(request, filter)) return request;
  throw new RemedyError('NOT_FOUND', `${name} is none of the requests that the filters choose`);
}

interface Search {
  objects: ObjectAccess;
  resource: ApiResource;
  wanted: WantedRequest;
  signal: AbortSignal;
  /** That no request has exactly this name. */
  missing?: ApiError;
}

async function onlyRequest({ objects, resource, wanted, signal, missing }: Search): Promise<KubeObject> {
  const { namespace, name = '', filter } = wanted;
  const first: KubeObject[] = [];
  let count = 0;
  try {
    for await (const page of chosenRequests(objects, resource, { namespace, filter }, signal)) {
      const items = page.items.filter(({ metadata }) => metadata.name.startsWith(name));
      count += items.length;
      first.push(...items.slice(0, namesShown - first.length));
    }
  } catch (thrown) {
    // whoever may not list is told of the name
    throw isApiError(thrown) && thrown.code === 'FORBIDDEN' ? (missing ?? thrown) : thrown;
  }
  if (count === 0 && missing !== undefined) throw missing;
  const request = onlyOne(first, { count, namespace, name });
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, ...request };
}

function onlyOne(
  first: readonly KubeObject[],
  { count, namespace, name }: { count: number; namespace: string; name: string },
): KubeObject {
  const [only] = first;
  if (only === undefined) {
    throw new RemedyError('NOT_FOUND', `no request in namespace ${namespace} matches the filters`);
  }
  if (count === 1) return only;
  const names = first.map(({ metadata }) => metadata.name);
  const shown = names.join(', ') + (count > names.length ? ', …' : '');
  const what = name === '' ? 'match the filters' : `begin with ${name}`;
  throw new RemedyError('AMBIGUOUS_KEY', `${count} requests ${what}: ${shown}`, {
    hint: 'name one of them, or see them all with remedyctl request list',
    details: { count, matches: names },
  });
}
