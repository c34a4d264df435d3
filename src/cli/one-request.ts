import { apiVersionOf, type ApiResource, type KubeObject } from '../api/objects.ts';
import { matchesRequest, type RequestFilter } from '../dedup/request-filter.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import { chosenRequests } from './chosen-requests.ts';
import { hasRequestFilter } from './request-filter-flags.ts';
import type { Session } from './session.ts';

type Find = (objects: ObjectAccess, resource: ApiResource) => Promise<KubeObject>;

const namesShown = 10;

/**
 * How to find the one request that a command line names. Throws USAGE where it names none; finding throws NOT_FOUND,
 * AMBIGUOUS_KEY and what ObjectAccess throws.
 */
export function findOneRequest(session: Session, name: string | undefined, filter: RequestFilter): Find {
  const { runtime, config } = session;
  const { signal } = runtime;
  const { namespace } = config.values;
  if (name !== undefined) {
    return async (objects, resource) => {
      const request = await objects.get(resource, { namespace, name }, { signal });
      if (matchesRequest(request, filter)) return request;
      throw new RemedyError('NOT_FOUND', `${name} is none of the requests that the filters choose`);
    };
  }
  if (!hasRequestFilter(filter)) {
    throw new RemedyError('USAGE', 'missing 1 required arg: name', {
      hint: 'see remedyctl request get --help; a filter such as --resource may stand in its place',
    });
  }
  return async (objects, resource) => {
    const first: KubeObject[] = [];
    let count = 0;
    for await (const page of chosenRequests(objects, resource, { namespace, filter }, signal)) {
      count += page.items.length;
      first.push(...page.items.slice(0, namesShown - first.length));
    }
    const request = onlyOne(first, { count, namespace });
    return { apiVersion: apiVersionOf(resource), kind: resource.kind, ...request };
  };
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
