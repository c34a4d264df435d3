import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { parse } from 'yaml';
import type { PublishedDocument } from '../support/remote-systems/prism-lines.ts';
import { sharedPath } from '../support/shared.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Never in the tree: they are made of documents that are no part of it. */
const generatedFolder = path.join(root, 'node_modules/.cache/remedyctl/published');

const modules: Readonly<Record<PublishedDocument, string>> = {
  'pagerduty-rest-v2.openapi.json': 'pagerduty',
  'ocm-service-logs-v1.openapi.json': 'ocm-service-logs',
  'ocm-clusters-mgmt-v1.openapi.json': 'ocm-clusters-mgmt',
  'backplane.openapi.yaml': 'backplane',
};

/** Writes the types of the four documents; the names of the files. */
export async function generateTypes(): Promise<string[]> {
  mkdirSync(generatedFolder, { recursive: true });
  return Promise.all(
    Object.entries(modules).map(async ([document, name]) => {
      const parsed = parse(readFileSync(sharedPath('contracts', document), 'utf8')) as OpenAPI3;
      const ast = await openapiTS(withShallowReferences(parsed), { emptyObjectsUnknown: true });
      const file = path.join(generatedFolder, `${name}.d.ts`);
      writeFileSync(file, astToString(ast));
      return file;
    }),
  );
}

/**
 * PagerDuty's document refers into the middle of other schemas (`#/components/schemas/Tag/allOf/0`), for which
 * openapi-typescript 7 writes a type that there is not. Such a reference gives way to what it points to.
 */
function withShallowReferences(document: OpenAPI3): OpenAPI3 {
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    const { $ref } = value as { $ref?: unknown };
    if (typeof $ref === 'string' && $ref.split('/').length > 4) return replaced(pointedTo(document, $ref));
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, replaced(field)]));
  };
  return replaced(document) as OpenAPI3;
}

function pointedTo(document: OpenAPI3, reference: string): unknown {
  const keys = reference.replace(/^#\//, '').split('/');
  let found: unknown = document;
  for (const key of keys) {
    const name = decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~');
    found = (found as Record<string, unknown> | undefined)?.[name];
  }
  if (found === undefined) throw new Error(`${reference} points to nothing`);
  return found;
}
