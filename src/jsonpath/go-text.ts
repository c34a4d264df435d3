/** From here on Go writes a number with an exponent, and so from below the other. */
const largestPlain = 1e21;
const smallestPlain = 1e-4;

/** A value of JSON as Go prints it, which is how kubectl fills custom columns: `map[a:1 b:[x y]]`, keys in order. */
export function goText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || !isPlain(value)) return (value as { toString(): string }).toString();
  const pairs = Object.entries(value).sort(([one], [other]) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
  return `map[${pairs.map(([key, one]) => `${key}:${goText(one)}`).join(' ')}]`;
}

function numberText(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || (size >= smallestPlain && size < largestPlain)) return String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${digits}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
}

/** Numbers that keep every digit are objects of a class of their own, which says them by itself. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
