export interface Transition<S> {
  name: string;
  violates: boolean;
  apply: (state: S) => void;
}

export interface Exploration {
  states: number;
  /** The steps that lead to a violation; absent where none do. */
  counterexample?: string[];
}

/**
 * Visits every state that can be reached; stops at the first violation: a transition that is one, or that leads to
 * what `breaks` says is one. A state is what JSON holds of it.
 */
export function exploreFrom<S>(
  start: S,
  transitions: (state: S) => Transition<S>[],
  breaks: (before: S, after: S) => boolean = () => false,
): Exploration {
  const cameFrom = new Map<string, { from: string; step: string } | null>([[JSON.stringify(start), null]]);
  const queue: string[] = [JSON.stringify(start)];
  for (let next = 0; next < queue.length; next += 1) {
    const key = queue[next]!;
    const state = JSON.parse(key) as S;
    for (const { name, violates, apply } of transitions(state)) {
      const successor = JSON.parse(key) as S;
      if (!violates) apply(successor);
      if (violates || breaks(state, successor)) {
        return { states: cameFrom.size, counterexample: [...pathTo(key, cameFrom), name] };
      }
      const successorKey = JSON.stringify(successor);
      if (cameFrom.has(successorKey)) continue;
      cameFrom.set(successorKey, { from: key, step: name });
      queue.push(successorKey);
    }
  }
  return { states: cameFrom.size };
}

function pathTo(key: string, cameFrom: Map<string, { from: string; step: string } | null>): string[] {
  const steps: string[] = [];
  for (let at = cameFrom.get(key) ?? null; at !== null; at = cameFrom.get(at.from) ?? null)
    steps.unshift(at.step);
  return steps;
}
