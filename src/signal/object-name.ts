/** The gateway's rule for label values that may name an object or a namespace: up to 253 characters, no dots. */
const labelName = /^[a-z0-9]([a-z0-9-]{0,251}[a-z0-9])?$/;

/** RFC 1123 subdomain: such labels, joined by dots, 253 characters in all. */
const subdomainName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** Kinds whose names the API server validates as one DNS label: a dotted name cannot be theirs. */
const labelOnly = new Map<string, string>([
  ['Namespace', ''],
  ['Service', ''],
  ['StatefulSet', 'apps'],
]);

/** Whether the gateway takes a label's value for a name, of whatever kind. */
export function isLabelName(text: string): boolean {
  return labelName.test(text);
}

export function isNamespaceName(text: string): boolean {
  return labelName.test(text);
}

/** Whether an object of this kind can have this name, by the rule that the API server has for the kind. */
export function isObjectName(text: string, kind: { kind: string; group: string }): boolean {
  if (labelOnly.get(kind.kind) === kind.group) return labelName.test(text);
  return text.length <= 253 && subdomainName.test(text);
}
