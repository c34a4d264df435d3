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
