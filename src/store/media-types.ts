/** The store speaks JSON; refusals list what a kube-apiserver speaks. */
import type { ApiRequest } from '../api/wire.ts';
import { notAcceptable, unsupportedMediaType } from './refusals.ts';

const spoken = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** @throws a 406 refusal when JSON is not among what is asked for */
export function requireAccept(accept: string | undefined): void {
  if (accept === undefined || accept === '') return;
  const ranges = accept.split(',').map((range) => typeOf(range));
  if (ranges.some((range) => range === 'application/json' || range === '*/*' || range === 'application/*'))
    return;
  throw notAcceptable(spoken);
}

/** @throws a 415 refusal for a body in another form; patches have types of their own */
export function requireContentType(request: ApiRequest): void {
  if (request.method !== 'POST' && request.method !== 'PUT') return;
  const type = request.headers?.['content-type'];
  if (type === undefined || type === '' || typeOf(type) === 'application/json') return;
  throw unsupportedMediaType(spoken);
}

function typeOf(header: string): string {
  return (header.split(';')[0] ?? '').trim().toLowerCase();
}

export interface Conversion {
  to: (typeof conversions)[number];
  version: string;
}

/** What the first clause of an Accept header that the store can follow asks for; undefined: objects as they are. */
export function askedConversion(accept: string | undefined): Conversion | undefined {
  for (const clause of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
    if (!['application/json', '*/*', 'application/*'].includes(type.toLowerCase())) continue;
    const given = new Map(parameters.map((part) => part.split('=') as [string, string]));
    if (!given.has('as')) return undefined;
    const conversion = knownConversion(given);
    if (conversion !== undefined) return conversion;
  }
  return undefined;
}

const conversions = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'] as const;

function knownConversion(given: ReadonlyMap<string, string>): Conversion | undefined {
  const to = conversions.find((name) => name === given.get('as'));
  const version = given.get('v') ?? '';
  const isKnown = given.get('g') === 'meta.k8s.io' && /^v1(beta1)?$/.test(version);
  return to === undefined || !isKnown ? undefined : { to, version };
}
