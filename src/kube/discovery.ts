import type { ApiResource } from '../api/objects.ts';
import type { Send } from '../api/wire.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { recordsOf, textOf } from './answer-shape.ts';
import { isApiError } from './api-error.ts';
import { discoverResources } from './discover-resources.ts';
import { fieldOf, findResource, listedResources } from './discovery-lists.ts';
import { getJson } from './get-json.ts';
import type { RequestSchema } from './request-schema.ts';
import { readRequestSchema } from './request-schema.ts';
import { onceDone } from '../time/once.ts';

/** How RemediationRequest.status is laid out by the schema that is served. */
export type StatusLayout = 'nested' | 'flat';

/** RemediationRequests as one server serves them. */
export interface ServedRequestKind {
  resource: ApiResource;
  statusLayout: StatusLayout;
  /** Whether the served schema has this field, dotted from the root: `status.deduplication.occurrenceCount`. */
  hasField(path: string): boolean;
}

/** What the API server serves. Every answer is asked for once and kept; a failure is asked for again. */
export interface Discovery {
  /** Every served resource, preferred versions first, subresources left out. Two requests as a rule. */
  resources(): Promise<ApiResource[]>;
  /** Where RemediationRequests are. One request as a rule. Errors: GROUP_NOT_SERVED. */
  requestResource(): Promise<ApiResource>;
  /** The same with the served schema. Two requests as a rule. Errors: GROUP_NOT_SERVED. */
  remediationRequests(): Promise<ServedRequestKind>;
}

/** The gateway's groups, newest first: the one that is served first in this order is used. */
const requestGroups = ['kubernaut.ai', 'remediation.kubernaut.ai', 'remediation.kubernaut.io'];
const usualVersion = 'v1alpha1';
const requestPlural = 'remediationrequests';

/** Where RemediationRequests are as a rule: a guess that saves the request which would tell. */
export const usualRequestResource: ApiResource = {
  group: 'kubernaut.ai',
  version: usualVersion,
  plural: requestPlural,
  singular: 'remediationrequest',
  kind: 'RemediationRequest',
  namespaced: true,
};

/** Discovery of the server behind a `Send`; nothing is asked before somebody wants to know. */
export function serverDiscovery(send: Send): Discovery {
  const resources = onceDone(() => discoverResources(send));
  const requestResource = onceDone(() => findRequestResource(send));
  const remediationRequests = onceDone(async () => {
    const resource = await requestResource();
    return servedKind(resource, await readRequestSchema(send, resource));
  });
  return { resources, requestResource, remediationRequests };
}

function servedKind(resource: ApiResource, schema: RequestSchema): ServedRequestKind {
  const nested = schema.hasField('status.completionStatus') || !schema.hasField('status.outcome');
  return {
    resource,
    statusLayout: nested ? 'nested' : 'flat',
    hasField: (path) => schema.hasField(path),
  };
}

async function findRequestResource(send: Send): Promise<ApiResource> {
  for (const group of requestGroups) {
    const usual = await requestsIn(send, group, usualVersion);
    if (usual !== undefined) return usual;
  }
  for (const group of requestGroups) {
    const other = await requestsInOtherVersion(send, group);
    if (other !== undefined) return other;
  }
  throw new RemedyError(
    'GROUP_NOT_SERVED',
    `the API server serves RemediationRequests in none of ${requestGroups.join(', ')}`,
    {
      hint: `Install the RemediationRequest CustomResourceDefinition, or check ${optionName('context')}: kubectl api-resources | grep -i remediation.`,
      details: { groups: requestGroups },
    },
  );
}

async function requestsIn(send: Send, group: string, version: string): Promise<ApiResource | undefined> {
  const list = await served(send, `/apis/${group}/${version}`);
  return list === undefined ? undefined : findResource(listedResources(list, group, version), requestPlural);
}

async function requestsInOtherVersion(send: Send, group: string): Promise<ApiResource | undefined> {
  const answer = await served(send, `/apis/${group}`);
  const entries = [fieldOf(answer, 'preferredVersion'), ...recordsOf(fieldOf(answer, 'versions'))];
  const named = entries.map((entry) => textOf(fieldOf(entry, 'version')) ?? '');
  for (const version of new Set(named)) {
    if (version === '' || version === usualVersion) continue;
    const found = await requestsIn(send, group, version);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Undefined where the server knows no such group or version. */
async function served(send: Send, path: string): Promise<unknown> {
  try {
    return await getJson(send, path);
  } catch (thrown) {
    if (isApiError(thrown) && thrown.httpStatus === 404) return undefined;
    throw thrown;
  }
}
