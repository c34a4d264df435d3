import { setOwn, type Json } from './json.ts';
import type { Writer } from './managed-fields.ts';
import type { StoredObject } from './stored-object.ts';
import { secondsText, type StoreScope, type WriteRequest } from './store-scope.ts';

const longestManager = 128;

/** Whose fields a write's are: who says so, else the program that asks. */
export function writerOf(request: WriteRequest, scope: StoreScope): Writer {
  const named = request.query.get('fieldManager') ?? '';
  const manager = named === '' ? programOf(request.userAgent) : named;
  return {
    kind: request.kind,
    manager: manager === '' ? 'unknown' : manager,
    subresource: request.subresource,
    time: secondsText(scope.clock),
  };
}

function programOf(userAgent: string): string {
  const [name = ''] = userAgent.split('/');
  return name
    .replaceAll(/\P{L}|[^\x20-\x7e]/gu, (letter) => (/[\x20-\x7e]/.test(letter) ? letter : ''))
    .slice(0, longestManager);
}

export function setManagedFields(object: StoredObject, entries: Json[] | undefined): void {
  if (entries === undefined) Reflect.deleteProperty(object.metadata, 'managedFields');
  else setOwn(object.metadata, 'managedFields', entries);
}
