/** What was read from a database cannot be as it was written; `storeError` makes STORE_CORRUPT of it. */
export class DamageError extends Error {}

/** @throws DamageError; `what`: the row, for the sentence that says so */
export function parseRow(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new DamageError(`${what} is no JSON`, { cause });
  }
}
