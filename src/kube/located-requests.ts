import type { ApiResource } from '../api/objects.ts';
import { isApiError } from './api-error.ts';
import type { Discovery } from './discovery.ts';
import { usualRequestResource } from './discovery.ts';

/**
 * Asks about RemediationRequests where they are as a rule, and only when the server refuses there for want of the
 * resource or of the permission (which it checks first) where discovery finds them. One request where all is as
 * usual. Throws what `ask` throws, and GROUP_NOT_SERVED.
 */
export async function askForRequests<T>(
  discovery: Discovery,
  ask: (resource: ApiResource) => Promise<T>,
): Promise<{ resource: ApiResource; answer: T }> {
  try {
    return { resource: usualRequestResource, answer: await ask(usualRequestResource) };
  } catch (thrown) {
    if (!isApiError(thrown) || (thrown.httpStatus !== 404 && thrown.httpStatus !== 403)) throw thrown;
    const resource = await discovery.requestResource();
    if (isUsual(resource)) throw thrown;
    return { resource, answer: await ask(resource) };
  }
}

function isUsual({ group, version }: ApiResource): boolean {
  return group === usualRequestResource.group && version === usualRequestResource.version;
}
