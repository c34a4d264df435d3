import { isObject, setOwn, type Json } from './json.ts';

/** JSON merge patch (RFC 7386): null removes, objects merge, everything else replaces. Inputs stay as they are. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      Reflect.deleteProperty(result, key);
    } else {
      const before = Object.hasOwn(result, key) ? result[key] : undefined;
      setOwn(result, key, applyMergePatch(before, value));
    }
  }
  return result;
}
