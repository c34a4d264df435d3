/** A text as a literal of OCM's search language: in single quotes, its own doubled as in SQL. */
export function quoteSearch(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Longer searches are cut: the query travels in the URL, and gateways refuse those over 8 KiB. */
const maxEncodedBytes = 6_000;

/**
 * Finds the service logs with this summary. A summary too long for a URL is searched by its beginning, which
 * finds at least those: compare the answers with the whole text in any case.
 */
export function serviceLogSearch(summary: string): string {
  const whole = `summary=${quoteSearch(summary)}`;
  if (encodedLength(whole) <= maxEncodedBytes) return whole;
  // Up to a `%` of its own, which would be a wildcard, and hundreds of them a burden.
  const [free = ''] = summary.split('%', 1);
  const characters = Array.from(free.slice(0, maxEncodedBytes));
  let kept = characters.length;
  const beginning = (): string => quoteSearch(`${characters.slice(0, kept).join('')}%`);
  // as it is sent: quoting doubles the quotes
  while (encodedLength(beginning()) > maxEncodedBytes) kept = Math.floor(kept / 2);
  return `summary like ${beginning()}`;
}

/** Finds a cluster by internal id, external id or display name. */
export function clusterSearch(name: string): string {
  const quoted = quoteSearch(name);
  return `(id like ${quoted} or external_id like ${quoted} or display_name like ${quoted})`;
}

function encodedLength(text: string): number {
  return new URLSearchParams({ search: text }).toString().length;
}
