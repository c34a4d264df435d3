import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  remediationRequestSchema,
  remediationRequestSelectableFields,
} from '../../../src/store/remediation-request-schema.ts';
import { hasShared, readShared } from '../../support/shared.ts';

interface Definition {
  spec: {
    versions: {
      name: string;
      schema: { openAPIV3Schema: unknown };
      selectableFields: { jsonPath: string }[];
    }[];
  };
}

describe.skipIf(!hasShared)('the schema of RemediationRequest', () => {
  const definition = hasShared
    ? (parse(readShared('crds', 'kubernaut.ai_remediationrequests.yaml')) as Definition)
    : undefined;
  const version = definition?.spec.versions[0];

  it('says of every field what the definition says', () => {
    expect(version?.name).toBe('v1alpha1');
    const theirs = fieldsOf(version?.schema.openAPIV3Schema);
    const ours = fieldsOf(remediationRequestSchema);
    expect(Object.keys(theirs).length).toBeGreaterThan(100);
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
    for (const [path, facts] of Object.entries(theirs)) expect(ours[path], path).toEqual(facts);
  });

  it('selects by the fields that the definition selects by', () => {
    expect(remediationRequestSelectableFields).toEqual(
      version?.selectableFields.map((field) => field.jsonPath),
    );
  });
});

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  additionalProperties?: SchemaNode;
}

const children = new Set(['properties', 'items', 'additionalProperties', 'description']);

/** Every schema node by its path, without its children and without prose. */
function fieldsOf(schema: unknown, path = '.'): Record<string, unknown> {
  const node = schema as SchemaNode;
  const facts = Object.fromEntries(Object.entries(node).filter(([name]) => !children.has(name)));
  const found: Record<string, unknown> = { [path]: facts };
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    Object.assign(found, fieldsOf(child, `${path}${path === '.' ? '' : '.'}${name}`));
  }
  if (node.items !== undefined) Object.assign(found, fieldsOf(node.items, `${path}[]`));
  if (node.additionalProperties !== undefined) {
    Object.assign(found, fieldsOf(node.additionalProperties, `${path}{}`));
  }
  return found;
}
