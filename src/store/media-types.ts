/** The store answers in JSON, and reads YAML besides; refusals list what a kube-apiserver speaks. */
import type { ApiRequest } from '../api/wire.ts';
import { badRequest, notAcceptable, unsupportedMediaType } from './refusals.ts';

const spoken = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

const yamlTypes = ['application/yaml', 'application/apply-patch+yaml'];

/**
 * The body as JSON. @throws a 415 refusal for a body in another form, patches have types of their own, and a 400 one for
 * what is no YAML
 */
export async function jsonBodyOf(request: ApiRequest): Promise<string | undefined> {
  const { method, headers, body } = request;
  const type = typeOf(headers?.['content-type'] ?? '');
  if (yamlTypes.includes(type)) return jsonOfYaml(body);
  const isObject = method === 'POST' || method === 'PUT';
  if (isObject && type !== '' && type !== 'application/json') throw unsupportedMediaType(spoken);
  return body;
}

/** JSON is YAML, and is left as it is: what is repeated in it is still to be told. */
async function jsonOfYaml(body: string | undefined): Promise<string | undefined> {
  if (body === undefined || isJson(body)) return body;
  const { parse } = await import('yaml');
  try {
    return JSON.stringify(parse(body, { merge: true }));
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw badRequest(`error decoding YAML: ${why}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function typeOf(header: string): string {
  return (header.split(';')[0] ?? '').trim().toLowerCase();
}

export interface Conversion {
  to: (typeof conversions)[number];
  version: string;
}

/**
 * What the first clause of an Accept header that the store can follow asks for; undefined: objects as they are.
 * @throws a 406 refusal where it can follow none
 */
export function requireAccept(accept: string | undefined): Conversion | undefined {
  if (accept === undefined || accept === '') return undefined;
  for (const clause of accept.split(',')) {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
    if (!['application/json', '*/*', 'application/*'].includes(type.toLowerCase())) continue;
    const given = new Map(parameters.map((part) => part.split('=') as [string, string]));
    if (!given.has('as')) return undefined;
    const conversion = knownConversion(given);
    if (conversion !== undefined) return conversion;
  }
  throw notAcceptable(spoken);
}

const conversions = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'] as const;

function knownConversion(given: ReadonlyMap<string, string>): Conversion | undefined {
  const to = conversions.find((name) => name === given.get('as'));
  const version = given.get('v') ?? '';
  const isKnown = given.get('g') === 'meta.k8s.io' && /^v1(beta1)?$/.test(version);
  return to === undefined || !isKnown ? undefined : { to, version };
}
