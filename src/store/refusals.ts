/**
 * The refusals of a kube-apiserver, in its own words (k8s.io/apimachinery pkg/api/errors and
 * k8s.io/apiserver pkg/storage, release 1.35).
 */
import type { StatusDetails } from '../api/objects.ts';
import { Refusal } from './answer.ts';
import { aggregateMessage, causeOf, type FieldError } from './field-error.ts';

/** The group and plural that texts and details name. */
export interface NamedResource {
  group: string;
  plural: string;
}

function qualified(group: string, name: string): string {
  return group === '' ? name : `${name}.${group}`;
}

function detailsOf(resource: NamedResource, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  };
}

export function detailsOfDeleted(resource: NamedResource, name: string, uid: string): StatusDetails {
  return { ...detailsOf(resource, name), uid };
}

export function notFound(resource: NamedResource, name: string): Refusal {
  return new Refusal({
    code: 404,
    reason: 'NotFound',
    message: `${qualified(resource.group, resource.plural)} ${JSON.stringify(name)} not found`,
    details: detailsOf(resource, name),
  });
}

export function alreadyExists(
  resource: NamedResource,
  name: string,
  how: { generated: boolean; deleting: boolean },
): Refusal {
  const lead = how.deleting ? 'object is being deleted: ' : '';
  const suffix = how.generated ? ', the server was not able to generate a unique name for the object' : '';
  return new Refusal({
    code: 409,
    reason: 'AlreadyExists',
    message: `${lead}${qualified(resource.group, resource.plural)} ${JSON.stringify(name)} already exists${suffix}`,
    details: { ...detailsOf(resource, name), ...(how.generated ? { retryAfterSeconds: 1 } : {}) },
  });
}

export function conflict(resource: NamedResource, name: string, why: string): Refusal {
  const subject = `${qualified(resource.group, resource.plural)} ${JSON.stringify(name)}`;
  return new Refusal({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${subject}: ${why}`,
    details: detailsOf(resource, name),
  });
}

export const modifiedMeanwhile =
  'the object has been modified; please apply your changes to the latest version and try again';

export function badRequest(message: string): Refusal {
  return new Refusal({ code: 400, reason: 'BadRequest', message });
}

export function invalid(group: string, kind: string, name: string, errors: readonly FieldError[]): Refusal {
  return new Refusal({
    code: 422,
    reason: 'Invalid',
    message: `${qualified(group, kind)} ${JSON.stringify(name)} is invalid: ${aggregateMessage(errors)}`,
    details: {
      ...(name === '' ? {} : { name }),
      ...(group === '' ? {} : { group }),
      ...(kind === '' ? {} : { kind }),
      causes: errors.map(causeOf),
    },
  });
}

export function namespaceTerminating(resource: NamedResource, name: string, namespace: string): Refusal {
  const subject = `${qualified(resource.group, resource.plural)} ${JSON.stringify(name)}`;
  return new Refusal({
    code: 403,
    reason: 'Forbidden',
    message: `${subject} is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    details: {
      ...detailsOf(resource, name),
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  });
}

export function methodNotSupported(resource: NamedResource, verb: string): Refusal {
  return new Refusal({
    code: 405,
    reason: 'MethodNotAllowed',
    message: `${verb} is not supported on resources of kind ${JSON.stringify(qualified(resource.group, resource.plural))}`,
    details: detailsOf(resource, ''),
  });
}

/** What the server's router says of a method that a path of a built-in kind does not take. */
export function methodNotAllowed(): Refusal {
  return new Refusal({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });
}

/** What the server's router says of a path below a built-in kind that it does not serve. */
export function notServed(): Refusal {
  return new Refusal({
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: {},
  });
}

export function notAcceptable(accepted: readonly string[]): Refusal {
  return new Refusal({
    code: 406,
    reason: 'NotAcceptable',
    message: `only the following media types are accepted: ${accepted.join(', ')}`,
  });
}

/** An object, but not in the form that was asked for. */
export function formRefused(message: string): Refusal {
  return new Refusal({ code: 406, reason: 'NotAcceptable', message });
}

export function unsupportedMediaType(accepted: readonly string[]): Refusal {
  return new Refusal({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  });
}

/** An API server does not say why. */
export function patchDoesNotApply(): Refusal {
  return new Refusal({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });
}

export function tooManyOperations(limit: number, found: number): Refusal {
  return new Refusal({
    code: 413,
    reason: 'RequestEntityTooLarge',
    message: `Request entity too large: The allowed maximum operations in a JSON patch is ${limit}, got ${found}`,
  });
}

export function applyConflict(message: string, causes: NonNullable<StatusDetails['causes']>): Refusal {
  return new Refusal({ code: 409, reason: 'Conflict', message, details: { causes } });
}

export function bodyTooLarge(limitBytes: number): Refusal {
  return new Refusal({
    code: 413,
    reason: 'RequestEntityTooLarge',
    message: `Request entity too large: limit is ${limitBytes}`,
  });
}

/** etcd's own limit on one write: no reason, as the API server passes it on. */
export function objectTooLarge(): Refusal {
  return new Refusal({ code: 500, message: 'etcdserver: request is too large' });
}

export function resourceVersionOnCreate(): Refusal {
  return new Refusal({ code: 500, message: 'resourceVersion should not be set on objects to be created' });
}

export function expired(message: string, continueToken?: string): Refusal {
  return new Refusal({
    code: 410,
    reason: 'Expired',
    message,
    ...(continueToken === undefined ? {} : { metadata: { continue: continueToken } }),
  });
}

export function tooLargeResourceVersion(asked: number, current: number): Refusal {
  return new Refusal({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${asked}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
}
