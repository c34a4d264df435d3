/** What a request asks for, read from its path and query. */
export interface ResourcePath {
  group: string;
  version: string;
  plural: string;
  /** Empty: all namespaces, or a cluster-scoped kind. */
  ns: string;
  /** Empty: the collection. */
  name: string;
  subresource: string;
}

export interface RequestTarget {
  /** Percent-decoded segments. */
  segments: string[];
  query: URLSearchParams;
}

export function readTarget(path: string): RequestTarget | undefined {
  const [rawPath = '', rawQuery = ''] = splitOnce(path, '?');
  try {
    const segments = rawPath.split('/').filter((segment) => segment !== '');
    return { segments: segments.map(decodeURIComponent), query: new URLSearchParams(rawQuery) };
  } catch {
    return undefined;
  }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Undefined for paths that are no resource's, as discovery's. */
export function readResourcePath(segments: readonly string[]): ResourcePath | undefined {
  const [root, first, second] = segments;
  if (root === 'api' && first !== undefined) {
    return readRest({ group: '', version: first }, segments.slice(2));
  }
  if (root === 'apis' && first !== undefined && second !== undefined) {
    return readRest({ group: first, version: second }, segments.slice(3));
  }
  return undefined;
}

function readRest(
  api: { group: string; version: string },
  rest: readonly string[],
): ResourcePath | undefined {
  const [first, second, third, ...more] = rest;
  if (first === undefined) return undefined;
  const isScope = first === 'namespaces' && second !== undefined && third !== undefined;
  if (isScope && !(api.group === '' && (third === 'status' || third === 'finalize'))) {
    return named(api, { ns: second, plural: third, more });
  }
  return named(api, { ns: '', plural: first, more: rest.slice(1) });
}

function named(
  api: { group: string; version: string },
  found: { ns: string; plural: string; more: readonly string[] },
): ResourcePath | undefined {
  const [name = '', subresource = '', ...rest] = found.more;
  if (rest.length > 0) return undefined;
  return { ...api, plural: found.plural, ns: found.ns, name, subresource };
}
