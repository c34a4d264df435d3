const surrogate = /[\uD800-\uDFFF]/;

/** Lone surrogates as U+FFFD, as any UTF-8 writer would make them; every other character stays as it is. */
export function wellFormed(text: string): string {
  return surrogate.test(text) ? text.replace(/\p{Surrogate}/gu, '\uFFFD') : text;
}
