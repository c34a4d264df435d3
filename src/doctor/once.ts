/** Asks at the first call and gives every caller that answer, a rejection too. */
export function once<T>(ask: () => T): () => T {
  let answer: { value: T } | undefined;
  return () => {
    answer ??= { value: ask() };
    return answer.value;
  };
}
