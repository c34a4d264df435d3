import { isAlias, isCollection, isNode, visit, type Document, type Node } from 'yaml';
import type { KeyPath } from '../documents/document-places.ts';
import type { Actual } from './compare.ts';
import type { Difference } from './case-result.ts';

/**
 * Writes what was got over what was expected; everything else of the file, comments too, stays. A matcher that did not
 * hold becomes the value, or `absent: true` where there is none. False, with nothing changed, where a place is shared
 * with others by an alias: a change there would change them too.
 */
export function updateExpectations(document: Document.Parsed, differences: readonly Difference[]): boolean {
  if (differences.some(({ at }) => isShared(document, at))) return false;
  for (const { at, got } of differences) {
    const value: unknown = got === undefined ? { absent: true } : got;
    document.setIn(at, replacement(document, at, value));
  }
  return true;
}

/** The new value with the comments of the old one. */
function replacement(document: Document.Parsed, at: KeyPath, value: unknown): Node {
  const created = document.createNode(value);
  const old = document.getIn(at, true);
  if (isNode(old)) {
    const { comment, commentBefore, spaceBefore } = old;
    Object.assign(created, { comment, commentBefore, spaceBefore });
  }
  return created;
}

function isShared(document: Document.Parsed, at: KeyPath): boolean {
  let node: unknown = document.contents;
  for (const part of at) {
    if (isAlias(node)) return true;
    node = isCollection(node) ? node.get(part, true) : undefined;
  }
  return isNode(node) && holdsAnchor(node);
}

/** An anchor that goes away would leave the aliases of it without a meaning. */
function holdsAnchor(node: Node): boolean {
  let found = false;
  visit(node, {
    Node: (_, { anchor }) => {
      found ||= anchor !== undefined;
    },
    Alias: () => {
      found = true;
    },
  });
  return found;
}

/** What is worth pinning of a case that expects nothing yet. */
export function expectationOf(actuals: readonly Actual[]): unknown {
  const each = actuals.map((actual) => {
    const { outcome, fingerprint, reason, decision, signal } = actual as {
      outcome: string;
      fingerprint?: string;
      reason?: { code: string };
      decision?: { reason: string };
      signal?: { resource: { kind: string; name: string } };
    };
    return {
      outcome,
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(signal === undefined ? {} : { target: `${signal.resource.kind}/${signal.resource.name}` }),
      ...(decision === undefined ? {} : { decision: decision.reason }),
      ...(reason === undefined ? {} : { reason: reason.code }),
    };
  });
  return each.length === 1 ? each[0] : each;
}

/** The file's text with what was updated. */
export function textOf(document: Document.Parsed): string {
  return document.toString({ lineWidth: 0 });
}
